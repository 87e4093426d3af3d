"""Projects that forge what their tests came to: their one bad test must not be reported as passed.

One is believed, and stays so: an object that equals everything is no forgery that a test run could notice, but one that
a review of the change does.
"""

from pathlib import Path
from typing import Any

import pytest
from hostile.behaviour import Behaviour, read
from support.testbed import Testbed

pytestmark = pytest.mark.anyio

SPOOFS = [read(file) for file in sorted((Path(__file__).parent / "spoofs").glob("*.txt"))]
HONEST = {"test_it.py": "import shop\ndef test_bad(): assert shop.price() == 2\n", "shop.py": "def price(): return 1\n"}


@pytest.fixture
def bed(testbeds: Any) -> Testbed:
    """What forges is in the same process as what reports: the backend makes no difference, so the quickest is used."""
    return testbeds("bubblewrap")  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "spoof",
    [pytest.param(each, id=each.name, marks=[pytest.mark.long] if "race" in each.keys else []) for each in SPOOFS],
)
async def test_a_forged_pass_is_not_believed(bed: Testbed, spoof: Behaviour) -> None:
    test = spoof.keys.get("test", "test_it.py::test_bad")
    base = bed.tree(HONEST) if "base" in spoof.keys else ""
    report = await bed.test(spoof.files, tests=[test], base=base, timeout_s=30)
    believed = report["status"] == "passed" and test in report["passed"]
    assert believed is ("believed" in spoof.keys), (report["status"], report["stderr"][-800:])


async def test_honest_results_are_not_called_forged(bed: Testbed) -> None:
    files = {"test_it.py": "import pytest\n@pytest.mark.parametrize('n', range(5))\ndef test_it(n): assert n != 3\n"}
    report = await bed.test(files)
    assert (report["status"], len(report["passed"]), report["failed"]) == ("failed", 4, ["test_it.py::test_it[3]"])


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_five_hundred_honest_runs_are_not_called_forged(bed: Testbed) -> None:
    seen = {}
    for number in range(500):
        files, arguments, expected = HONEST_PROJECTS[number % len(HONEST_PROJECTS)]
        report = await bed.test({**files, "number.txt": str(number)}, **arguments)
        forged = any(failure["exception"] == "Tampered" for failure in report["failures"])
        if (report["status"], forged) != (expected, False) or "has to fail" in report["stderr"]:
            seen[number] = report
    assert seen == {}


HONEST_PROJECTS: list[tuple[dict[str, str], dict[str, Any], str]] = [
    ({"test_a.py": "def test_a(): pass\n"}, {}, "passed"),
    ({"test_a.py": "def test_a(): assert 0\ndef test_b(): pass\n"}, {}, "failed"),
    ({"test_a.py": "def test_a(): assert 0\ndef test_b(): pass\n"}, {"stop_at_first": True}, "failed"),
    ({"test_a.py": "def test_b(): pass\ndef test_a(): assert 0\n"}, {"stop_at_first": True}, "failed"),
    ({"test_a.py": "import pytest\n@pytest.mark.parametrize('n', range(9))\ndef test_a(n): pass\n"}, {}, "passed"),
    ({"test_a.py": "import pytest\npytest.skip('no', allow_module_level=True)\n"}, {}, "no-tests"),
    (
        {
            "conftest.py": "import pytest\n@pytest.fixture(autouse=True, scope='module')\ndef f(request):\n"
            "    assert request.module.X\n    yield\n",
            "test_a.py": "X = 1\nimport unittest\nclass A(unittest.TestCase):\n"
            "    def test_a(self): self.assertEqual(1, 1)\n",
        },
        {},
        "passed",
    ),
    (
        {
            "conftest.py": "import pytest\ndef pytest_runtest_setup(item):\n    if not item.get_closest_marker('on'):\n"
            "        pytest.skip('off')\ndef pytest_configure(config): config.addinivalue_line('markers', 'on: run')\n",
            "test_a.py": "import pytest\n@pytest.mark.on\ndef test_a(): pass\n",
        },
        {},
        "passed",
    ),
    (
        {
            "test_a.py": "from unittest import mock\nimport os\n@mock.patch('os.getcwd', lambda: '/x')\ndef test_a():\n"
            "    assert os.getcwd() == '/x'\ndef test_b(monkeypatch):\n    monkeypatch.setattr(os, 'write', None)\n",
        },
        {},
        "passed",
    ),
    (
        {"test_a.py": "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n"},
        {"command": "python -m unittest"},
        "passed",
    ),
    (
        {
            "test_a.py": "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def g():\n        f(); f()\n"
            "    return g\n@twice\ndef test_a(): pass\nclass TestB:\n    @staticmethod\n    def test_c(): pass\n"
            "    @classmethod\n    def test_d(cls): pass\n",
        },
        {},
        "passed",
    ),
    (
        {
            "test_a.py": "import sys\nX = 1\nY = 2\nZ = None\ndef setup_module(module): module.Z = 3\n"
            "def test_a(monkeypatch):\n    monkeypatch.setattr(sys.modules[__name__], 'X', 5)\n"
            "    assert (X, Z) == (5, 3)\n"
            "def test_b():\n    global Y\n    Y += 1\n    assert (X, Y) == (1, 3)\n",
        },
        {},
        "passed",
    ),
    ({"m.py": '"""\n>>> 1 + 1\n2\n"""\n'}, {"command": "pytest --doctest-modules m.py"}, "passed"),
]


@pytest.mark.parametrize(("files", "arguments", "expected"), HONEST_PROJECTS)
async def test_an_honest_project_is_not_called_forged(
    bed: Testbed, files: dict[str, str], arguments: dict[str, Any], expected: str
) -> None:
    report = await bed.test(files, **arguments)
    assert (report["status"], "has to fail" in report["stderr"]) == (expected, False), report["stderr"]
