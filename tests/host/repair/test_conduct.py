import asyncio
from pathlib import Path

import pytest

from loopcutter_host.repair.agreement import by_agreement, records
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.conduct import Conduct, agreeing, conduct, order_kept
from loopcutter_host.repair.source import Source
from loopcutter_host.toolbox import use

from .local_toolbox import LocalToolbox

CODE = """def last(items):
    return items[0]
"""
TESTS = "from program import last\ndef test_one(): assert last([3]) == 3\ndef test_two(): assert last([3, 4]) == 4\n"


def instead(old: str, new: str, prior: float = 1.0) -> Candidate:
    start = CODE.index(old)
    return Candidate("program.py", start, start + len(old), new, "constant", 2, prior)


def seen(tmp_path: Path, *passing: Candidate) -> dict[int, Conduct]:
    """What each does when the tests are run."""
    tools = LocalToolbox(tmp_path, {"program.py": CODE, "tests/test_program.py": TESTS})
    made = records(passing, {"program.py": Source("program.py", CODE)}, 2)
    edits = [
        {"id": str(number), "path": each.path, "start": each.start, "end": each.end, "text": each.text}
        for number, each in made.items()
    ]
    asked = use(tools, "sandbox", "try_edits", tests=tools.tests, candidates=edits, stop_after=9, timeout_s=60)
    results = asyncio.run(asked).data["results"]
    return {int(each["id"]): told for each in results if (told := conduct(each["detail"]))}


def marks(text: str) -> Conduct:
    told = conduct(f"Verdict: seen: {text}")
    assert told is not None
    return told


def test_the_answers_of_a_patch_are_told_beside_those_of_the_code_as_it_was(tmp_path: Path) -> None:
    first, second = seen(tmp_path, instead("[0]", "[-1]"), instead("items[0]", "items[::-1][0]")).values()
    passed, failed = first.calls
    assert passed[0] == "="
    assert failed[0].startswith("~")
    assert "-" in {*passed, *failed}, "neither has a last item of nothing"
    assert first.agrees(second)


def test_a_patch_that_breaks_what_was_right_gets_less_credit_than_one_that_keeps_it(tmp_path: Path) -> None:
    good, bad = seen(tmp_path, instead("[0]", "[-1]"), instead("items[0]", "len(items) + 2")).values()
    assert good.credit() > bad.credit()
    assert not good.agrees(bad)


def test_what_is_kept_counts_for_more_where_the_tests_passed() -> None:
    assert marks("===~ab").credit() < marks("=== ~ab===").credit() < marks("==== ====").credit() == 1


def test_where_a_patch_begins_to_raise_it_keeps_nothing() -> None:
    assert marks("===!").credit() == marks("===~ab").credit() < marks("===-").credit()


def test_far_from_real_inputs_a_refusal_is_no_difference() -> None:
    near, far = marks("==!"), marks(f"{'=' * 30}!")
    assert not near.agrees(marks("==="))
    assert far.agrees(marks("=" * 31))


def test_patches_that_answer_nothing_do_not_agree() -> None:
    assert agreeing({0: marks("---"), 1: marks("---"), 2: marks("=~ab"), 3: marks("=~ab")}) == {(2, 3)}


def test_a_mark_that_was_cut_off_is_left_out() -> None:
    assert marks("==~ab ==~a").calls == (("=", "=", "~ab"), ("=", "="))


@pytest.mark.parametrize("detail", ["", "tests/test_it.py::test_it: AssertionError: 3", "Verdict: together"])
def test_other_failures_say_nothing_of_conduct(detail: str) -> None:
    assert conduct(detail) is None


def test_who_keeps_more_overtakes_who_is_a_little_likelier() -> None:
    passing = [instead("[0]", "[1]", 1.0), instead("[0]", "[-1]", 0.4)]
    assert by_agreement(passing, set(), {0: 0.3, 1: 1.0})[0] == passing[1]
    assert by_agreement(passing, set(), {0: 0.9, 1: 1.0})[0] == passing[0]


def test_of_those_that_agree_the_likelier_goes_first() -> None:
    passing = [instead("[0]", "[1]", 1.0), instead("[0]", "[-1]", 0.4)]
    assert by_agreement(passing, {(0, 1)}, {0: 0.3, 1: 1.0})[0] == passing[1]


def test_a_method_is_recorded_by_the_function_that_enters_the_file() -> None:
    code = "class Sum:\n    def add(self, n):\n        self.n = n\n\n\ndef of(ns):\n    Sum().add(ns)\n"
    start = code.index("= n")
    change = Candidate("program.py", start, start + 3, "+= n", "arithmetic", 3, 1.0)
    (made,) = records([change], {"program.py": Source("program.py", code)}, 2).values()
    assert "of = _loopcutter['record'](of, " in made.text


def test_changes_of_two_functions_are_recorded_where_one_function_leads_to_both() -> None:
    code = "def less(n):\n    return n - 2\n\n\ndef of(n):\n    return less(n) + 0\n"
    two, nothing = code.index("2"), code.index("0")
    inner = Candidate("program.py", two, two + 1, "1", "constant", 2, 1.0)
    outer = Candidate("program.py", nothing, nothing + 1, "1", "constant", 6, 1.0)
    assert len(records([inner, outer], {"program.py": Source("program.py", code)}, 2)) == 2
    alone = code.replace("less(n) + 0", "n")
    outer = Candidate("program.py", alone.index("n\n", 40), alone.index("n\n", 40) + 1, "m", "name", 6, 1.0)
    assert len(records([inner, outer], {"program.py": Source("program.py", alone)}, 2)) == 1


def test_an_order_is_not_given_up_for_a_set() -> None:
    assert order_kept("sorted", "set") == order_kept("sorted(names)", "frozenset(names)") < 1
    assert order_kept("sorted", "list") == order_kept("list", "set") == order_kept("sorted(x)", "sorted(set(x))") == 1
