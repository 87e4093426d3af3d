"""What is seen of candidates before they are tried: by a real run of a test, in a real process."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopcutter_host.model import Briefing, Failure
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.foresight import Foresight
from loopcutter_host.repair.search import Search
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.suspects import Suspects
from loopcutter_host.repair.trying import Trying
from loopcutter_host.repair.watch import CURES, DIFFERS, FAILING, PASSING, REPEATED, SAME, SAME_SO_FAR, UNSEEN

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


def weighed(tools: LocalToolbox, briefing: Briefing, *candidates: Candidate) -> list[float | None]:
    """What each is worth after a look; None for one that was not looked at."""
    foresight = Foresight(briefing)
    everything = [*(each.test for each in briefing.failures), *briefing.passing]
    tests = foresight.tests(everything)
    looks = foresight.looks(candidates, {"program.py": Source("program.py", CODE)}, tests)
    if not looks:
        return [None for _ in candidates]
    asked = Trying("now", endless=False).asked(tools, everything, candidates, len(candidates) + 1, 10, looks)
    weights = asyncio.run(asked).data["weights"]
    return [weights.get(str(number)) for number in range(len(candidates))]


def seen(folder: Path, tests: str, *candidates: Candidate) -> list[float | None]:
    tools = LocalToolbox(folder, {"program.py": CODE, "tests/test_program.py": tests})
    return weighed(tools, tools.briefing(), *candidates)


def about(failing: int, passing: int = UNSEEN, repeated: int = 0) -> object:
    """What something seen so is worth, but for rounding."""
    return pytest.approx(FAILING[failing] * PASSING[passing] * REPEATED**repeated, rel=0.05)


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        ("len(items)", "len(items) - 1", DIFFERS),
        ("items[place]", "items[place - 1]", CURES),
        ("place > 9", "not place > 9", DIFFERS),
    ],
)
def test_a_change_is_weighed_by_what_it_does_in_the_failing_test(
    old: str, new: str, state: int, tmp_path: Path
) -> None:
    assert seen(tmp_path, LAST, instead(old, new)) == [about(state)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("len(items)", "max(len(items), 0)"),
        ("len(items)", "len(place)"),
        ("place > 9", "place >= 9"),
        ("place = 9", "place = 8"),
    ],
)
def test_what_changes_nothing_in_the_failing_test_or_only_fails_weighs_nothing(
    old: str, new: str, tmp_path: Path
) -> None:
    assert seen(tmp_path, LAST, instead(old, new)) == [0]


def test_of_changes_that_come_to_the_same_the_later_ones_weigh_less(tmp_path: Path) -> None:
    texts = "len(items) - 1", "-1 + len(items)", "len(items) - 2"
    first, other, third = seen(tmp_path, LAST, *(instead("len(items)", text) for text in texts))
    assert first == third == about(DIFFERS)
    assert other == about(DIFFERS, repeated=1)


def test_what_tests_that_pass_would_see_counts_too(tmp_path: Path) -> None:
    tests = f"{LAST}def test_long(): assert last(list(range(10))) == 9\n"
    careful, careless = seen(
        tmp_path,
        tests,
        instead("items[place]", "items[min(place, len(items) - 1)]"),
        instead("items[place]", "items[place - 1]"),
    )
    assert careful == about(CURES, SAME)
    assert careless == about(CURES, DIFFERS, repeated=1)


def test_what_would_do_something_is_not_evaluated(tmp_path: Path) -> None:
    assert seen(tmp_path, LAST, instead("len(items)", "items.pop()")) == [None]


def test_an_iterator_is_not_used_up_by_looking(tmp_path: Path) -> None:
    tests = HEAD + "def test_rest(): assert rest([1, 2, 3]) == [3]\n"
    assert seen(tmp_path, tests, instead("list(left)", "sorted(left)")) == [about(DIFFERS)]


def test_a_test_that_never_ends_is_looked_at_for_a_while(tmp_path: Path) -> None:
    test = "tests/test_program.py::test_odd"
    tools = LocalToolbox(tmp_path, {"program.py": CODE, "tests/test_program.py": f"{HEAD}def test_odd(): counted(3)\n"})
    briefing = Briefing("", "now", "now", (Failure(test, "Timeout", ""),), (), {test: {"program.py": [15, 16, 17]}})
    changes = [instead("number != limit", text) for text in ("True", "number < limit")]
    assert weighed(tools, briefing, *changes) == [about(SAME_SO_FAR), about(DIFFERS)]


def searched(folder: Path, tests: str, *candidates: Candidate) -> tuple[Search, LocalToolbox]:
    """A search among these, until one passes."""

    class Given(Suspects):
        def ranked(self, briefing: Briefing) -> Iterator[Candidate]:
            return iter(candidates)

    tools = LocalToolbox(folder, {"program.py": CODE, "tests/test_program.py": tests})
    search = Search(tools.briefing(), Given({"program.py": Source("program.py", CODE)}, {"program.py": {}}))
    asyncio.run(search.go_on(tools, 20))
    return search, tools


def ids(tools: LocalToolbox) -> list[str]:
    """What was tried first, in the order in which it came."""
    return [each["id"] for each in tools.answers[0]["results"]]


def test_the_likeliest_are_tried_before_it_is_looked_at_the_rest_in_the_same_start(tmp_path: Path) -> None:
    wrong = [instead("len(items)", f"len(items) + {number}") for number in range(1, 12)]
    search, tools = searched(tmp_path, LAST, *wrong, instead("items[place]", "items[place - 1]"))
    assert ids(tools) == [*map(str, range(4)), "look 0", "11"]
    assert [each.text for each in search.passing] == ["items[place - 1]"]


def test_what_weighs_nothing_comes_when_nothing_else_is_left(tmp_path: Path) -> None:
    wrong = [instead("len(items)", f"len(items) + {number}") for number in range(1, 10)]
    same = instead("place > 9", "place >= 9")
    search, tools = searched(tmp_path, LAST, *wrong, same)
    assert [[each["id"] for each in answer["results"]] for answer in tools.answers][-1] == ["0"]
    assert search.exhausted
    assert search.tried == 10
