"""What a run of the tests reports: outcomes, failures, frames."""

import pytest
from support.testbed import Testbed

pytestmark = pytest.mark.anyio

SHOP = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": """\
def total(prices):
    result = 0
    for price in prices:
        result -= price
    return check(result)


def check(amount):
    if amount < 0:
        raise ValueError(f"negative: {amount}")
    return amount
""",
    "tests/test_cart.py": """\
import unittest
import pytest
from shop.cart import total

def test_nothing():
    assert total([]) == 0

@pytest.mark.parametrize("price", [1, 2])
def test_total(price):
    assert total([price]) == price

def test_wrong():
    assert total([]) == 7

@pytest.mark.skip
def test_skipped():
    raise AssertionError

@pytest.mark.xfail
def test_expected():
    assert total([1]) == 1

@pytest.fixture
def broken():
    raise RuntimeError("no database")

def test_fixture(broken):
    pass

class TestMore(unittest.TestCase):
    def test_case(self):
        self.assertEqual(total([]), 0)
""",
}


def outcomes(report: dict[str, object]) -> dict[str, object]:
    return {name: report[name] for name in ("status", "passed", "failed", "errors", "skipped")}


async def test_every_outcome_has_its_list(best: Testbed) -> None:
    report = await best.test(SHOP)
    assert outcomes(report) == {
        "status": "failed",
        "passed": ["tests/test_cart.py::test_nothing", "tests/test_cart.py::TestMore::test_case"],
        "failed": [
            "tests/test_cart.py::test_total[1]",
            "tests/test_cart.py::test_total[2]",
            "tests/test_cart.py::test_wrong",
        ],
        "errors": ["tests/test_cart.py::test_fixture"],
        "skipped": ["tests/test_cart.py::test_skipped", "tests/test_cart.py::test_expected"],
    }


async def test_a_failure_shows_the_way_through_the_project(best: Testbed) -> None:
    report = await best.test(SHOP, tests=["tests/test_cart.py::test_total[2]"])
    assert report["failures"] == [
        {
            "test": "tests/test_cart.py::test_total[2]",
            "file": "src/shop/cart.py",
            "line": 10,
            "exception": "ValueError",
            "message": "negative: -2",
            "frames": [
                {
                    "path": "tests/test_cart.py",
                    "line": 10,
                    "function": "test_total",
                    "code": "assert total([price]) == price",
                    "locals": None,
                },
                {
                    "path": "src/shop/cart.py",
                    "line": 5,
                    "function": "total",
                    "code": "return check(result)",
                    "locals": None,
                },
                {
                    "path": "src/shop/cart.py",
                    "line": 10,
                    "function": "check",
                    "code": 'raise ValueError(f"negative: {amount}")',
                    "locals": None,
                },
            ],
        }
    ]


async def test_a_failed_assertion_tells_both_sides(best: Testbed) -> None:
    report = await best.test(SHOP, tests=["tests/test_cart.py::test_wrong"])
    assert report["failures"][0]["message"].startswith("assert 0 == 7")


async def test_demanded_tests_are_the_only_ones_that_run(best: Testbed) -> None:
    report = await best.test(SHOP, tests=["tests/test_cart.py::TestMore", "tests/test_cart.py::test_nothing"])
    assert outcomes(report) == {
        "status": "passed",
        "passed": ["tests/test_cart.py::test_nothing", "tests/test_cart.py::TestMore::test_case"],
        "failed": [],
        "errors": [],
        "skipped": [],
    }


@pytest.mark.parametrize("missing", ["tests/test_cart.py::test_gone", "tests/test_gone.py::test_total"])
async def test_a_demanded_test_that_does_not_exist_is_an_error(best: Testbed, missing: str) -> None:
    report = await best.test(SHOP, tests=["tests/test_cart.py::test_nothing", missing])
    assert outcomes(report) == {
        "status": "error",
        "passed": ["tests/test_cart.py::test_nothing"],
        "failed": [],
        "errors": [missing],
        "skipped": [],
    }


async def test_a_file_that_does_not_compile_is_an_error_with_its_line(best: Testbed) -> None:
    report = await best.test({**SHOP, "src/shop/cart.py": "def total(prices):\n    return (\n"})
    failure = report["failures"][0]
    assert (report["status"], report["errors"]) == ("error", ["tests/test_cart.py"])
    assert (failure["exception"], failure["file"], failure["line"]) == ("SyntaxError", "src/shop/cart.py", 2)


async def test_a_conftest_that_breaks_is_an_error_with_its_frame(best: Testbed) -> None:
    report = await best.test({**SHOP, "conftest.py": "def setting():\n    return {}['user']\n\nsetting()\n"})
    failure = report["failures"][0]
    assert (report["status"], report["errors"]) == ("error", ["conftest.py"])
    assert (failure["exception"], failure["file"], failure["line"]) == ("KeyError", "conftest.py", 2)


async def test_no_tests_is_a_status_of_its_own(best: Testbed) -> None:
    assert outcomes(await best.test({"shop.py": "", "README": ""}))["status"] == "no-tests"


async def test_tests_that_are_all_skipped_have_not_passed(best: Testbed) -> None:
    report = await best.test(SHOP, tests=["tests/test_cart.py::test_skipped"])
    assert (report["status"], report["skipped"]) == ("no-tests", ["tests/test_cart.py::test_skipped"])


async def test_options_of_a_missing_plugin_are_left_out(best: Testbed) -> None:
    settings = "[tool.pytest.ini_options]\naddopts = '--benchmark-disable'\n"
    report = await best.test({"pyproject.toml": settings, "test_it.py": "def test_it(): pass\n"})
    assert (report["status"], report["passed"]) == ("passed", ["test_it.py::test_it"])
    assert "pytest refused the project's own addopts" in report["stderr"]


async def test_a_plugin_that_the_project_names_is_loaded(best: Testbed) -> None:
    settings = "[project]\ndependencies = ['pytest-timeout']\n[tool.pytest.ini_options]\naddopts = '--strict-markers'\n"
    test = "import pytest\n@pytest.mark.timeout(60)\ndef test_it(): pass\n"
    named = await best.test({"pyproject.toml": settings, "test_it.py": test})
    unnamed = await best.test({"pyproject.toml": settings.replace("-timeout", ""), "test_it.py": test})
    assert (named["status"], unnamed["status"]) == ("passed", "error")


async def test_workers_of_xdist_are_not_started(best: Testbed) -> None:
    settings = "[project]\ndependencies = ['pytest-xdist']\n[tool.pytest.ini_options]\naddopts = '-n 2'\n"
    report = await best.test({"pyproject.toml": settings, "test_it.py": "def test_it(): pass\n"})
    assert (report["status"], report["passed"]) == ("passed", ["test_it.py::test_it"])


async def test_the_project_can_be_imported_by_what_its_tests_start(best: Testbed) -> None:
    test = """\
import subprocess, sys
def test_it():
    subprocess.run([sys.executable, "-c", "import shop.cart, helper"], check=True)
"""
    report = await best.test({**SHOP, "helper.py": "", "tests/test_cart.py": test})
    assert report["status"] == "passed"


async def test_a_pytest_command_reports_by_test(best: Testbed) -> None:
    report = await best.test(SHOP, command="python -m pytest -x tests -k 'nothing or case'")
    assert report["passed"] == ["tests/test_cart.py::test_nothing", "tests/test_cart.py::TestMore::test_case"]


async def test_a_unittest_command_reports_by_test(best: Testbed) -> None:
    test = """\
import unittest
class Cases(unittest.TestCase):
    def test_good(self): pass
    def test_bad(self): self.assertEqual({}["price"], 1)
    @unittest.skip("later")
    def test_later(self): pass
"""
    report = await best.test({"test_it.py": test}, command="python -m unittest test_it", coverage=True)
    assert outcomes(report) == {
        "status": "failed",
        "passed": ["test_it.py::Cases::test_good"],
        "failed": ["test_it.py::Cases::test_bad"],
        "errors": [],
        "skipped": ["test_it.py::Cases::test_later"],
    }
    assert [(each["exception"], each["file"], each["line"]) for each in report["failures"]] == [
        ("KeyError", "test_it.py", 4)
    ]
    assert report["coverage"]["test_it.py::Cases::test_bad"] == {"test_it.py": [4]}


async def test_another_command_is_judged_by_its_exit_code(best: Testbed) -> None:
    files = {"check.py": "def check():\n    raise ValueError('broken')\n\ncheck()\n"}
    good = await best.test(files, command="test -e check.py && echo fine")
    bad = await best.test(files, command="echo start; python check.py")
    assert outcomes(good) == {"status": "passed", "passed": ["command"], "failed": [], "errors": [], "skipped": []}
    assert outcomes(bad) == {"status": "failed", "passed": [], "failed": ["command"], "errors": [], "skipped": []}
    assert bad["failures"] == [
        {
            "test": "command",
            "file": "check.py",
            "line": 2,
            "exception": "ValueError",
            "message": "broken",
            "frames": [
                {"path": "check.py", "line": 4, "function": "<module>", "code": "check()", "locals": None},
                {
                    "path": "check.py",
                    "line": 2,
                    "function": "check",
                    "code": "raise ValueError('broken')",
                    "locals": None,
                },
            ],
        }
    ]


async def test_odd_names_survive(best: Testbed) -> None:
    test = 'import pytest\n@pytest.mark.parametrize("x", ["é", "\\ud800", "a" * 9000])\ndef test_it(x): pass\n'
    report = await best.test({"test_it.py": test})
    assert (report["status"], len(report["passed"])) == ("passed", 3)


async def test_paths_are_the_same_in_every_run(bed: Testbed) -> None:
    test = "import os\ndef test_it():\n    print(os.getcwd())\n    raise ValueError(os.getcwd())\n"
    report = await bed.test({"test_it.py": test})
    assert report["failures"][0]["message"] == "/workspace"
    assert str(bed.folder) not in report["stdout"]


async def test_a_run_changes_nothing_for_the_next(bed: Testbed) -> None:
    test = """\
import pathlib
def test_it():
    place = pathlib.Path("mark")
    assert not place.exists()
    place.touch()
"""
    statuses = [(await bed.test({"test_it.py": test}))["status"] for _ in range(2)]
    assert (statuses, bed.left_over()) == (["passed", "passed"], [])


@pytest.mark.parametrize("command", ["", "python -m unittest test_it"])
async def test_garbage_is_collected_while_tests_run(best: Testbed, command: str) -> None:
    test = "import gc, unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.assertTrue(gc.isenabled())\n"
    assert (await best.test({"test_it.py": test}, command=command))["status"] == "passed"
