"""The benchmark of mends in histories, run as its users run it, on a history of our own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "repair" / "real_fixes.py"
SHOP = '''
def small(number):
    """Whether it is small."""
    return number < 10


class Cart:
    def total(self):
        return sum(self.prices)

    def first(self):
        return self.prices[0]
'''


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@localhost")
    subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


class Shop:
    """A repository whose only source file changes from commit to commit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._text = SHOP
        git(folder.parent, "init", "--quiet", folder.name)
        self.commit("Begin")

    def commit(self, subject: str, *changes: tuple[str, str], tests: bool = True) -> None:
        for before, after in changes:
            assert self._text.count(before) == 1
            self._text = self._text.replace(before, after)
        (self._folder / "shop.py").write_text(self._text)
        if tests:
            with (self._folder / "test_shop.py").open("a") as file:
                file.write("def test_it(): pass\n")
        git(self._folder, "add", ".")
        git(self._folder, "commit", "--quiet", "--message", subject)

    def measure(self, *options: str) -> dict[str, Any]:
        out = self._folder.parent / "out.json"
        done = subprocess.run(
            [sys.executable, str(SCRIPT), str(self._folder), "--out", str(out), *options],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(out.read_text())
        assert isinstance(found, dict)
        return found


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    folder = tmp_path / "shop"
    folder.mkdir()
    return Shop(folder)


def test_a_mend_that_a_template_makes_is_found_at_its_rank(shop: Shop) -> None:
    shop.commit("Fix the bound", ("number < 10", "number <= 10"), ('"""Whether it is small."""', '"""Small?"""'))
    (mend,) = shop.measure()["mends"]
    assert (mend["repository"], mend["path"], mend["function"]) == ("shop", "shop.py", "small")
    assert mend["template"] == "comparison"
    assert 1 <= mend["rank"] <= 20


def test_a_mend_that_no_template_makes_is_not_found(shop: Shop) -> None:
    shop.commit("Fix the total", ("sum(self.prices)", "round(sum(self.prices) * self.rate + 0.5, self.digits)"))
    (mend,) = shop.measure()["mends"]
    assert (mend["function"], mend["rank"]) == ("Cart.total", None)
    assert mend["candidates"] > 0


def test_only_commits_that_mend_one_function_and_its_tests_count(shop: Shop) -> None:
    shop.commit("Use another bound", ("number < 10", "number < 11"))
    shop.commit("Fix without a test", ("number < 11", "number < 12"), tests=False)
    shop.commit("Fix two at once", ("number < 12", "number < 13"), ("prices[0]", "prices[1]"))
    shop.commit("Fix what it says", ('"""Whether it is small."""', '"""Small?"""'))
    shop.commit("Fix by a new function", ("def small", "def tiny(): pass\n\n\ndef small"))
    found = shop.measure()
    assert found["mends"] == []
    assert found["counts"] == {"fixes": 4, "one file and tests": 3, "one function": 0}


def test_the_longest_mends_are_counted_and_not_tried(shop: Shop) -> None:
    shop.commit("Fix it", ("    return sum(self.prices)", "    all = self.prices\n        return sum(all)"))
    found = shop.measure("--size", "2")
    assert (found["counts"]["one function"], found["mends"]) == (1, [])
