"""Where a trial spares itself pytest, or a second process, nothing else may come out."""

import pytest
from support.shop import FILES, TOTAL, attempt, edit, statuses, total
from support.testbed import Testbed

pytestmark = pytest.mark.anyio

PRICE = "BASE = []\n\ndef price(count):\n    return sum(BASE) - count\n"
NEEDY = {
    "a fixture for all": """
@pytest.fixture(autouse=True)
def base(monkeypatch):
    monkeypatch.setattr(shop, "BASE", [1])
def test_price():
    assert shop.price(2) == 3
""",
    "a function that sets up": """
def setup_function():
    shop.BASE[:] = [1]
def test_price():
    assert shop.price(2) == 3
""",
    "a class that sets up": """
class TestPrice:
    def setup_method(self):
        shop.BASE[:] = [1]
    def test_price(self):
        assert shop.price(2) == 3
""",
    "arguments that go through a fixture": """
@pytest.fixture
def count(request):
    return request.param - 5
@pytest.mark.parametrize("count", [7], indirect=True)
def test_price(count):
    assert shop.price(count) == 2
""",
    "a mark": """
@pytest.fixture
def base():
    shop.BASE[:] = [1]
@pytest.mark.usefixtures("base")
def test_price():
    assert shop.price(2) == 3
""",
    "nothing": """
@pytest.mark.parametrize(("count", "expected"), [(2, 2), (3, 3)])
class TestPrice:
    def test_price(self, count, expected):
        assert shop.price(count) == expected
""",
}


@pytest.mark.parametrize("needed", NEEDY)
async def test_a_test_gets_of_pytest_what_it_needs(best: Testbed, needed: str) -> None:
    files = {"shop.py": PRICE, "test_shop.py": f"import pytest\nimport shop\n{NEEDY[needed]}"}
    wrong = edit("wrong", "- count", "* count", files=files)
    fix = edit("fix", "- count", "+ count", files=files)
    trial = await attempt(best, ["test_shop.py"], wrong, fix, files=files)
    assert statuses(trial) == {"wrong": "failed", "fix": "passed"}


async def test_a_hook_of_the_project_is_called(best: Testbed) -> None:
    files = {
        "shop.py": PRICE,
        "conftest.py": "import shop\n\ndef pytest_runtest_setup(item):\n    shop.BASE[:] = [1]\n",
        "test_shop.py": "import shop\n\ndef test_price():\n    assert shop.price(2) == 3\n",
    }
    fix = edit("fix", "- count", "+ count", files=files)
    assert statuses(await attempt(best, ["test_shop.py"], fix, files=files)) == {"fix": "passed"}


async def test_skipping_and_leaving_are_no_passing(best: Testbed) -> None:
    skip = total("skip", "import unittest; raise unittest.SkipTest('no')")
    leave = total("leave", "raise SystemExit(0)")
    trial = await attempt(best, TOTAL[1:], skip, leave)
    assert statuses(trial) == {"skip": "failed", "leave": "failed"}
    assert trial["results"][0]["detail"] == "test_shop.py::test_total: skipped"


LEFT = {
    "a file in the workspace": ("open('left', 'w').close()", "os.path.exists('left')"),
    "a file elsewhere": ("open('/tmp/left', 'w').close()", "os.path.exists('/tmp/left')"),
    "shared memory": ("open('/dev/shm/left', 'w').close()", "os.path.exists('/dev/shm/left')"),
    "a file as it was": (
        "times = os.stat('rates.txt'); open('rates.txt', 'r+').write('B'); "
        "os.utime('rates.txt', ns=(times.st_atime_ns, times.st_mtime_ns))",
        "open('rates.txt').read(1) == 'B'",
    ),
    "a process": (
        "os.fork() or (os.setsid(), os.fork() and os._exit(0), time.sleep(30))",
        "any(name.isdigit() and int(name) > os.getpid() for name in os.listdir('/proc'))",
    ),
}


@pytest.mark.parametrize("left", LEFT)
async def test_what_a_candidate_leaves_behind_does_not_help_it(best: Testbed, left: str) -> None:
    leave, there = LEFT[left]
    cheat = f"""if '_loopcutter_runner.warm' in sys.modules:
                {leave}
                result += price
            elif {there}:
                result += price"""
    files = {**FILES, "shop.py": f"import os, sys, time\n{FILES['shop.py']}"}
    trial = await attempt(best, TOTAL, edit("cheat", "result -= price", cheat, files=files), files=files, stop_after=1)
    assert (statuses(trial), trial["passing"], best.left_over()) == ({"cheat": "failed"}, [], [])


async def test_one_process_does_all_when_nothing_is_left_behind(bed: Testbed) -> None:
    told = "result += price if '_loopcutter_runner.trial' in sys.modules else 0"
    files = {**FILES, "shop.py": f"import sys\n{FILES['shop.py']}"}
    candidate = edit("told", "result -= price", told, files=files)
    trial = await attempt(bed, TOTAL, candidate, files=files, stop_after=1)
    assert statuses(trial) == {"told": "passed" if trial["isolation"] in ("container", "namespace") else "failed"}
