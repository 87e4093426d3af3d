"""What is seen of candidates before they are tried: by a real run of a test, in a real process."""

import asyncio
from pathlib import Path

import pytest

from loopcutter_host.model import Briefing, Failure
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.foresight import BESIDE, Foresight, foreseen, sights, weighed
from loopcutter_host.repair.observation import Sight
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.watch import CURES, DIFFERS, RAISES, SAME, SAME_SO_FAR

from .local_toolbox import LocalToolbox

CODE = """def last(items):
    place = len(items)
    if place > 9:
        place = 9
    return items[place]


def rest(rows):
    left = iter(rows)
    next(left)
    return list(left)


def counted(limit):
    number = 0
    while number != limit:
        number += 2
    return number
"""
HEAD = "from program import *\n"
LAST = HEAD + "def test_last(): assert last([4, 7]) == 7\n"


def instead(old: str, new: str) -> Candidate:
    start = CODE.index(old)
    line = CODE.count("\n", 0, start) + 1
    return Candidate("program.py", start, start + len(old), new, "expression", line, 1)


def seen(folder: Path, tests: str, *candidates: Candidate) -> list[Sight | None]:
    tools = LocalToolbox(folder, {"program.py": CODE, "tests/test_program.py": tests})
    source = Source("program.py", CODE)
    found = asyncio.run(sights(candidates, {"program.py": source}, tools.briefing(), tools))
    return [found.get(each) for each in candidates]


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        ("len(items)", "max(len(items), 0)", SAME),
        ("len(items)", "len(items) - 1", DIFFERS),
        ("len(items)", "len(place)", RAISES),
        ("items[place]", "items[place - 1]", CURES),
        ("place > 9", "place >= 9", SAME),
        ("place > 9", "not place > 9", DIFFERS),
    ],
)
def test_a_change_is_seen_for_what_it_does_in_the_failing_test(old: str, new: str, state: int, tmp_path: Path) -> None:
    (sight,) = seen(tmp_path, LAST, instead(old, new))
    assert sight is not None
    assert sight.failing == state


def test_changes_that_come_to_the_same_are_known_as_alike(tmp_path: Path) -> None:
    texts = "len(items) - 1", "-1 + len(items)", "len(items) - 2"
    one, other, third = seen(tmp_path, LAST, *(instead("len(items)", text) for text in texts))
    assert one is not None
    assert other is not None
    assert third is not None
    assert one.alike == other.alike != third.alike


def test_it_is_told_what_would_change_for_tests_that_pass(tmp_path: Path) -> None:
    tests = f"{LAST}def test_long(): assert last(list(range(10))) == 9\n"
    careful, careless = seen(
        tmp_path,
        tests,
        instead("items[place]", "items[min(place, len(items) - 1)]"),
        instead("items[place]", "items[place - 1]"),
    )
    assert careful is not None
    assert careless is not None
    assert (careful.failing, careful.passing) == (CURES, SAME)
    assert (careless.failing, careless.passing) == (CURES, DIFFERS)


def test_what_would_do_something_is_not_evaluated(tmp_path: Path) -> None:
    assert seen(tmp_path, LAST, instead("len(items)", "items.pop()")) == [None]


def test_an_iterator_is_not_used_up_by_looking(tmp_path: Path) -> None:
    tests = HEAD + "def test_rest(): assert rest([1, 2, 3]) == [3]\n"
    (sight,) = seen(tmp_path, tests, instead("list(left)", "sorted(left)"))
    assert sight is not None
    assert sight.failing == DIFFERS


def test_a_test_that_never_ends_is_looked_at_for_a_while(tmp_path: Path) -> None:
    test = "tests/test_program.py::test_odd"
    tools = LocalToolbox(tmp_path, {"program.py": CODE, "tests/test_program.py": f"{HEAD}def test_odd(): counted(3)\n"})
    briefing = Briefing("", "now", "now", (Failure(test, "Timeout", ""),), (), {test: {"program.py": [15, 16, 17]}})
    changes = [instead("number != limit", text) for text in ("True", "number < limit")]
    found = asyncio.run(sights(changes, {"program.py": Source("program.py", CODE)}, briefing, tools))
    assert [found[each].failing for each in changes] == [SAME_SO_FAR, DIFFERS]


def test_what_can_change_nothing_comes_last_and_doubles_later() -> None:
    one, same, double, unseen = (instead("len(items)", str(number)) for number in range(4))
    looked = {one: Sight(DIFFERS, SAME, 1), same: Sight(SAME, SAME, 2), double: Sight(DIFFERS, SAME, 1)}
    order = [each.text for _, each in weighed([same, one, double, unseen], looked)]
    assert order[0] == one.text
    assert order.index(double.text) < order.index(same.text)
    assert order[-1] == same.text


def after_a_look(folder: Path, tests: str, *candidates: Candidate) -> Foresight:
    tools = LocalToolbox(folder, {"program.py": CODE, "tests/test_program.py": tests})
    sources = {"program.py": Source("program.py", CODE)}
    found = asyncio.run(foreseen(iter(candidates), sources, tools.briefing(), tools))
    assert [each.tool for each in tools.calls] == ["try_edits"]
    return found


def test_a_likely_candidate_that_passes_needs_no_start_of_its_own(tmp_path: Path) -> None:
    wrong, right, other = (instead("len(items)", f"len(items) - {number}") for number in (2, 1, 3))
    found = after_a_look(tmp_path, LAST, wrong, right, other)
    assert (found.passed, found.tried) == ((right,), 2)
    assert [each.text for each in found.waiting] == [other.text]


def test_what_fails_beside_the_look_does_not_come_again(tmp_path: Path) -> None:
    likely = [instead("len(items)", f"len(items) + {number}") for number in range(BESIDE)]
    found = after_a_look(tmp_path, LAST, *likely, instead("items[place]", "items[-1]"))
    assert (found.passed, found.tried) == ((), BESIDE)
    assert [each.text for each in found.waiting] == ["items[-1]"]


def test_a_candidate_that_another_test_fails_gets_its_chance_in_the_search(tmp_path: Path) -> None:
    elsewhere = "from program import *\ndef test_other(): assert 1 not in last.__code__.co_consts\n"
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_other.py").write_text(elsewhere)
    change = instead("len(items)", "len(items) - 1")
    found = after_a_look(tmp_path, LAST, change)
    assert (found.passed, found.tried) == ((), 0)
    assert [each.text for each in found.waiting] == [change.text]
