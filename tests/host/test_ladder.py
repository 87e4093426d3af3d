"""The ladder: only rungs that can be executed, each taken once, and only edits that differ as the rung demands."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.case import ListedModel, open_case
from support.workshop import Workshop

from loopcutter_host import ladder
from loopcutter_host.agent import work
from loopcutter_host.case import Case
from loopcutter_host.errors import ModelFailed
from loopcutter_host.model import Briefing, Draft, Reading
from loopcutter_host.table import End
from loopcutter_host.toolbox import Toolbox
from loopcutter_loopguard.events import Call, Outcome, Verdict

ALL = ("fresh-context", "next-place", "reproduce-first", "other-granularity", "template-repair")
WRONG = "def answer():\n    return 41\n"


@dataclass
class SpeakingModel(ListedModel):
    """One that also reads tests, and has none to write."""

    async def read_test(self, briefing: Briefing, tools: Toolbox) -> Reading:
        failure = briefing.failures[0]
        return Reading(failure.test, "42", failure.message, "", 0, "one too little")

    async def write_test(self, briefing: Briefing, tools: Toolbox, refused: tuple[str, ...] = ()) -> Draft:
        raise ModelFailed("it writes none")


@dataclass
class VetoingGuard:
    """Vetoes the edits of these numbers, counted from 1, with these rungs."""

    rungs: dict[int, str]
    edits: int = 0
    reviewed: list[str] = field(default_factory=list)

    async def review(self, call: Call) -> Verdict:
        self.reviewed.append(f"{call.server}.{call.tool}")
        self.edits += call.tool == "edit"
        if call.tool == "edit" and self.edits in self.rungs:
            return Verdict("rollback", "near-identical-edit", "again", rung=self.rungs[self.edits],
                           directive="Stop: again.\nTake another way.")  # fmt: skip
        return Verdict("allow")

    async def record(self, outcome: Outcome) -> str | None:
        return None


def workshop() -> Workshop:
    return Workshop(WRONG, {"test_is_42": lambda x: x == 42, "test_is_a_number": lambda x: isinstance(x, int)})


def finish(case: Case) -> End:
    return asyncio.run(work(case))


def test_ladder_holds_what_the_models_of_the_run_can_do() -> None:
    listed, speaking = ListedModel([]), SpeakingModel([])
    assert ladder.executable(ALL, listed, None, None) == ALL[:2]
    assert ladder.executable(ALL, speaking, None, None) == ALL[:4]
    assert ladder.executable(ALL, speaking, None, listed) == ALL
    assert ladder.executable(ALL, listed, speaking, listed) == (*ALL[:2], *ALL[3:])
    assert ladder.executable(("dance", "next-place", "next-place"), speaking, None, None) == ("next-place",)


def test_rung_that_was_taken_is_not_taken_again() -> None:
    assert ladder.next_rung(ALL, [], "next-place") == "next-place"
    assert ladder.next_rung(ALL, ["fresh-context", "next-place"], "next-place") == "reproduce-first"
    assert ladder.next_rung(ALL, ALL, "next-place") == ""


def test_samples_are_drawn_after_a_rollback_and_the_tests_choose(tmp_path: Path) -> None:
    shop = workshop()
    changes = [("41", "40"), ("41", "39"), ("41", "'x'"), ("41", "42"), ("41", "6 * 7")]
    model = SpeakingModel(changes)
    case = asyncio.run(open_case(shop, model, tmp_path, guard=VetoingGuard({2: "fresh-context"})))

    assert finish(case) is End.FIXED
    assert shop.source == "def answer():\n    return 42\n"
    assert case.best is not None
    assert [each.verified for each in case.standings] == [False, False, True, True]
    assert shop.best == case.best.checkpoint.id
    assert {briefing.rung for briefing in model.briefings[2:]} == {"fresh-context"}


def test_sample_that_is_an_earlier_patch_in_other_dress_costs_no_test_run(tmp_path: Path) -> None:
    shop = workshop()
    model = SpeakingModel([("41", "40"), ("40", "39"), ("41", "(40)"), ("41", "40  # surely"), ("41", "42")])
    case = asyncio.run(open_case(shop, model, tmp_path, guard=VetoingGuard({2: "fresh-context"})))

    assert finish(case) is End.FIXED
    results = [attempt.result for attempt in case.attempts]
    assert results[2] == "refused: the edit is the same as attempt 1, but for its dress"
    assert results[3].startswith("verified"), "the sample that says the same as the one before was not even made"
    assert len({attempt.patch for attempt in case.attempts if attempt.patch}) == 2
    assert shop.calls.count("sandbox.run_tests") == 4, "the baseline, its trace, and two patches"


def test_place_that_was_tried_is_refused_once_more_and_then_the_next_rung_is_taken(tmp_path: Path) -> None:
    model = SpeakingModel([("41", "40"), ("40", "39"), ("41", "38"), ("41", "37"), ("41", "42")])
    guard = VetoingGuard({2: "next-place"})
    case = asyncio.run(open_case(workshop(), model, tmp_path, guard=guard))

    finish(case)
    assert case.climbed[0] == "next-place"
    assert case.places[0].symbol == "answer", "there is no other place, so this rung can't be taken"
    assert case.climbed[1:2] == ["fresh-context"]


def test_retrieval_is_asked_for_places_not_yet_tried_when_all_known_ones_were(tmp_path: Path) -> None:
    shop = workshop()
    shop.further = [{"path": "question.py", "symbol": "ask", "lines": [1, 2], "score": 0.2, "why": "called by"}]
    model = SpeakingModel([("41", "40"), ("40", "39"), ("41", "42")])
    case = asyncio.run(open_case(shop, model, tmp_path, guard=VetoingGuard({2: "next-place"})))

    finish(case)
    assert shop.tried == [["answer.py::answer"]]
    assert case.climbed[0] == "next-place"
    assert [(place.path, place.symbol) for place in case.places] == [("answer.py", "answer"), ("question.py", "ask")]
    told = model.briefings[2]
    assert told.focus is not None
    assert (told.focus.symbol, "`ask` in question.py" in told.directive) == ("ask", True)


def test_second_model_takes_over_when_the_first_can_not_be_moved(tmp_path: Path) -> None:
    first = SpeakingModel([("41", "40"), ("40", "39")], name="first")
    second = SpeakingModel([("41", "42")], name="second")
    guard = VetoingGuard({2: "other-granularity"})
    case = asyncio.run(open_case(workshop(), first, tmp_path, guard=guard, second=second))

    assert finish(case) is End.FIXED
    assert [attempt.model for attempt in case.attempts] == ["first", "first", "second"]


@dataclass
class ShrinkingModel(SpeakingModel):
    """Writes a smaller test."""

    async def write_test(self, briefing: Briefing, tools: Toolbox, refused: tuple[str, ...] = ()) -> Draft:
        return Draft("def test_smaller():\n    assert answer() == 42\n", "AssertionError", "41", "smaller")


class ShrinkingWorkshop(Workshop):
    """Takes a new file of tests, which fails."""

    def _vcs_edit(self, workspace: str, edits: list[dict[str, str]], **_: str) -> dict[str, object] | str:
        if edits[0]["kind"] == "create":
            return {"checkpoint": self._checkpoint(), "changed": [edits[0]["path"]], "diff": ""}
        return super()._vcs_edit(workspace, edits)

    def _sandbox_run_tests(self, tree: str, tests: list[str], **options: object) -> dict[str, object]:
        if tests and tests[0].startswith("test_loopcutter"):
            test = f"{tests[0]}::test_smaller"
            failure = {"test": test, "exception": "AssertionError", "message": "assert 41 == 42"}
            return {**super()._sandbox_run_tests(tree, []), "passed": [], "failed": [test], "failures": [failure]}
        return super()._sandbox_run_tests(tree, tests)


def test_smaller_test_is_run_shown_and_taken_away_again(tmp_path: Path) -> None:
    shop = ShrinkingWorkshop(WRONG, {"test_is_42": lambda x: x == 42})
    model = ShrinkingModel([("41", "40"), ("40", "39"), ("41", "42")])
    case = asyncio.run(open_case(shop, model, tmp_path, guard=VetoingGuard({2: "reproduce-first"})))

    assert finish(case) is End.FIXED
    told = model.briefings[-1]
    assert ("assert answer() == 42" in told.observation, "assert 41 == 42" in told.observation) == (True, True)
    assert case.reproduction is None


def test_without_an_observation_the_rung_is_not_taken(tmp_path: Path) -> None:
    model = SpeakingModel([("41", "40"), ("40", "39"), ("41", "42")])
    case = asyncio.run(open_case(workshop(), model, tmp_path, guard=VetoingGuard({2: "reproduce-first"})))

    assert finish(case) is End.FIXED
    assert case.climbed[:2] == ["reproduce-first", "fresh-context"]


def test_edit_of_the_same_size_is_no_other_granularity(tmp_path: Path) -> None:
    model = SpeakingModel([("41", "40"), ("40", "39"), ("41", "38"), ("41", "37"), ("41", "42")])
    case = asyncio.run(open_case(workshop(), model, tmp_path, guard=VetoingGuard({2: "other-granularity"})))

    assert finish(case) is End.FIXED
    refused = [attempt.result for attempt in case.attempts if attempt.result.startswith("refused")]
    assert refused == ["refused: the edit is of the same size as the one before (replace)"] * 2
    assert case.climbed == ["other-granularity", "fresh-context"]


@pytest.mark.parametrize("rung", ALL)
def test_every_rung_has_words(rung: str) -> None:
    assert ladder.words(rung, "ollama:x", "`total` in cart.py")


def test_failure_is_read_once_for_each_way_of_failing(tmp_path: Path) -> None:
    model = SpeakingModel([("41", "40"), ("40", "39"), ("39", "40"), ("40", "42")])
    case = asyncio.run(open_case(workshop(), model, tmp_path))

    assert finish(case) is End.FIXED
    assert len(case.readings) == 3
    assert [briefing.reading.actual for briefing in model.briefings if briefing.reading] == [
        "answer() is 41", "answer() is 40", "answer() is 39", "answer() is 40",
    ]  # fmt: skip
