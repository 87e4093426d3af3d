"""What a caller may wish of a run of tests: lines, values of variables, an early end, bounds, and an order."""

import pytest
from support.testbed import Testbed

pytestmark = pytest.mark.anyio


async def test_coverage_tells_the_lines_of_each_test(best: Testbed) -> None:
    files = {
        "src/shop.py": "def total(prices):\n    result = 0\n    for price in prices:\n        result -= price\n"
        "    return check(result)\ndef check(amount):\n    if amount < 0:\n        raise ValueError\n"
        "    return amount\n",
        "tests/test_shop.py": "from shop import total\ndef test_nothing():\n    assert total([]) == 0\n",
    }
    report = await best.test(files, coverage=True, tests=["tests/test_shop.py::test_nothing"])
    assert report["coverage"] == {
        "tests/test_shop.py::test_nothing": {"tests/test_shop.py": [3], "src/shop.py": [2, 3, 5, 7, 9]}
    }


async def test_coverage_leaves_out_what_an_import_runs(best: Testbed) -> None:
    files = {
        "late.py": "X = 1\nclass C:\n    Y = 2\n    def f(self):\n        return X\n",
        "test_it.py": "def test_it():\n    import late\n    assert late.C().f() == 1\n",
    }
    report = await best.test(files, coverage=True)
    assert report["coverage"]["test_it.py::test_it"] == {"test_it.py": [2, 3], "late.py": [5]}


async def test_identical_functions_of_two_files_are_told_apart(best: Testbed) -> None:
    source = "def f():\n    return 1\n"
    test = "import one, two\ndef test_it():\n    assert one.f() == two.f()\n"
    report = await best.test({"one.py": source, "two.py": source, "test_it.py": test}, coverage=True)
    assert report["coverage"]["test_it.py::test_it"] == {"test_it.py": [3], "one.py": [2], "two.py": [2]}


async def test_values_of_variables_are_told_on_request(best: Testbed) -> None:
    odd = "class Odd:\n    def __repr__(self): raise ValueError\n"
    test = f"{odd}def test_it():\n    x, odd = 3, Odd()\n    assert x == 4\n"
    report = await best.test({"test_it.py": test}, show_locals=True)
    assert report["failures"][0]["frames"][0]["locals"] == {"x": "3", "odd": "<ValueError while printing a Odd>"}


@pytest.mark.parametrize("command", ["", "python -m unittest test_it"])
async def test_it_ends_at_the_first_failure_on_request(best: Testbed, command: str) -> None:
    test = "import unittest\nclass T(unittest.TestCase):\n" + "".join(
        f"    def test_{name}(self): self.assertEqual(1, {number})\n" for name, number in (("a", 1), ("b", 2), ("c", 1))
    )
    report = await best.test({"test_it.py": test}, command=command, stop_at_first=True)
    assert (report["passed"], report["failed"]) == (["test_it.py::T::test_a"], ["test_it.py::T::test_b"])


@pytest.mark.parametrize("command", ["", "python -m unittest test_it"])
async def test_a_test_that_takes_too_long_fails_and_the_others_go_on(best: Testbed, command: str) -> None:
    test = """\
import time, unittest
class T(unittest.TestCase):
    def test_a(self): time.sleep(60)
    def test_b(self): pass
"""
    report = await best.test({"test_it.py": test}, command=command, test_timeout_s=0.5)
    assert (report["status"], report["passed"]) == ("failed", ["test_it.py::T::test_b"])
    assert [failure["exception"] for failure in report["failures"]] == ["Timeout"]


async def test_what_failed_last_time_comes_first_on_request(best: Testbed) -> None:
    files = {"test_first.py": "def test_a(): pass\ndef test_b(): assert 0\n"}
    await best.test(files)
    report = await best.test(files, failed_first=True, stop_at_first=True)
    assert (report["passed"], report["failed"]) == ([], ["test_first.py::test_b"])
