import asyncio
from pathlib import Path

import pytest

from loopcutter_host.repair.agreement import by_agreement, difference, judges, pairs
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.source import Source
from loopcutter_host.toolbox import use

from .local_toolbox import LocalToolbox

CODE = """class Cart:
    def total(self, prices):
        return sum(prices) + 0


def least(numbers):
    return min(numbers)
"""
TESTS = "from program import *\ndef test_it(): assert (least([3, 1]), Cart().total([1])) == (1, 1)\n"


def instead(old: str, new: str) -> Candidate:
    start = CODE.index(old)
    return Candidate("program.py", start, start + len(old), new, "name", 1, 1)


def verdict(tmp_path: Path, one: Candidate, other: Candidate) -> str:
    """What a duel of the two says when the test is run."""
    tools = LocalToolbox(tmp_path, {"program.py": CODE, "tests/test_program.py": TESTS})
    (pair,) = pairs([one, other], {"program.py": Source("program.py", CODE)}, 1)
    edit = {"id": "0", "path": "program.py", "start": 0, "end": len(CODE), "text": pair.edit.text}
    asked = use(tools, "sandbox", "try_edits", tests=tools.tests, candidates=[edit], stop_after=9, timeout_s=20)
    return str(asyncio.run(asked).data["results"][0]["detail"])


def test_versions_that_differ_are_told_apart_by_an_input(tmp_path: Path) -> None:
    told = difference(
        verdict(tmp_path, instead("min(numbers)", "numbers[-1]"), instead("min(numbers)", "min(numbers)"))
    )
    assert told.startswith("least(")
    assert " or gives " in told


def test_versions_that_do_the_same_in_other_words_agree(tmp_path: Path) -> None:
    same = instead("min(numbers)", "sorted(numbers)[0]"), instead("min(numbers)", "min(numbers[::-1])")
    assert "together" in verdict(tmp_path, *same)


def test_methods_are_compared_on_copies_of_their_object(tmp_path: Path) -> None:
    told = difference(verdict(tmp_path, instead("+ 0", "+ len(prices) - 1"), instead("+ 0", "- 0")))
    assert told == "Cart.total(Cart, []): gives -1 or gives 0"


def test_changes_of_different_functions_are_not_compared() -> None:
    source = {"program.py": Source("program.py", CODE)}
    assert pairs([instead("+ 0", "+ 1"), instead("min(numbers)", "1")], source, 1) == []


def test_the_tests_that_run_through_the_function_are_asked() -> None:
    coverage = {"t::a": {"program.py": [3]}, "t::b": {"program.py": [7]}, "t::c": {"other.py": [7]}}
    source = {"program.py": Source("program.py", CODE)}
    assert judges([instead("min(numbers)", "1")], source, coverage) == ["t::b"]


@pytest.mark.parametrize(
    ("alike", "order"),
    [(set(), "abcd"), ({(1, 3)}, "bdac"), ({(1, 2), (2, 3)}, "bcda"), ({(0, 1), (2, 3)}, "abcd")],
)
def test_the_likelier_class_goes_first_and_rank_decides_among_equals(alike: set[tuple[int, int]], order: str) -> None:
    passing = [instead("+ 0", letter) for letter in "abcd"]
    assert "".join(each.text for each in by_agreement(passing, alike)) == order


def test_two_far_fetched_patches_do_not_outvote_the_obvious_one() -> None:
    passing = [
        instead("+ 0", letter)._replace(prior=prior) for letter, prior in zip("abc", (1.0, 0.2, 0.1), strict=True)
    ]
    assert "".join(each.text for each in by_agreement(passing, {(1, 2)})) == "abc"
