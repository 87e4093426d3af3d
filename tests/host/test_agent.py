"""The agent's loop over a workshop in memory: what it tries, when it stops, and how it obeys the guard."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.case import ListedModel, open_case
from support.workshop import Workshop

from loopcutter_host import runlog
from loopcutter_host.agent import work
from loopcutter_host.case import Case
from loopcutter_host.config import Limits
from loopcutter_host.errors import ModelFailed, NotSolved
from loopcutter_host.model import Briefing, Proposal
from loopcutter_host.table import End
from loopcutter_host.toolbox import Toolbox
from loopcutter_loopguard.events import Call, Outcome, Verdict

WRONG = "def answer():\n    return 41\n"


def workshop(source: str = WRONG) -> Workshop:
    return Workshop(source, {"test_is_42": lambda x: x == 42, "test_is_a_number": lambda x: isinstance(x, int)})


@dataclass
class ThirdEditGuard:
    """Wants the workspace back at the base, once, at the third edit; after that it allows everything."""

    rung: str = "fresh-context"
    edits: int = 0
    recorded: list[Outcome] = field(default_factory=list)

    async def review(self, call: Call) -> Verdict:
        self.edits += call.tool == "edit"
        if call.tool == "edit" and self.edits == 3:
            return Verdict(
                "rollback", "near-identical-edit", "the third of its kind", (1, 2), rollback_to="c0", rung=self.rung,
                directive="try something else",
            )  # fmt: skip
        return Verdict("allow")

    async def record(self, outcome: Outcome) -> str | None:
        self.recorded.append(outcome)
        return None


def finish(case: Case) -> End:
    return asyncio.run(work(case))


def test_a_good_edit_ends_the_run_with_a_verified_fix(tmp_path: Path) -> None:
    shop = workshop()
    case = asyncio.run(open_case(shop, ListedModel([("41", "42")]), tmp_path))

    assert finish(case) is End.FIXED
    assert [(attempt.result, attempt.kept) for attempt in case.attempts] == [("verified: 2 pass, 0 fail", True)]
    assert shop.source == "def answer():\n    return 42\n"


def test_a_failed_attempt_is_told_to_the_model_before_the_next(tmp_path: Path) -> None:
    model = ListedModel([("41", "40"), ("40", "42")])
    case = asyncio.run(open_case(workshop(), model, tmp_path))

    assert finish(case) is End.FIXED
    first, second = model.briefings
    assert first.attempts == ()
    assert second.attempts[0].result == "1 pass, 1 fails: AssertionError: answer() is 40"
    assert second.failures[0].message == "answer() is 40"


def test_a_model_with_nothing_left_hands_over_to_the_fallback(tmp_path: Path) -> None:
    second = ListedModel([("41", "42")], name="second")
    case = asyncio.run(open_case(workshop(), ListedModel([], name="first"), tmp_path, fallback=second))

    assert finish(case) is End.FIXED
    assert [attempt.model for attempt in case.attempts] == ["first", "second"]


def test_without_a_fallback_it_gives_up_and_says_why(tmp_path: Path) -> None:
    case = asyncio.run(open_case(workshop(), ListedModel([("41", "40")]), tmp_path))

    assert finish(case) is End.GAVE_UP
    assert case.ended_because == "it did not work"


def test_the_limit_of_attempts_ends_a_model_that_never_stops(tmp_path: Path) -> None:
    flips = [("41", "40"), ("40", "41")] * 50
    case = asyncio.run(open_case(workshop(), ListedModel(flips), tmp_path, limits=Limits(attempts=5)))

    assert finish(case) is End.GAVE_UP
    assert (len(case.attempts), case.ended_because) == (5, "the limit of 5 attempts is reached")


def test_tests_are_not_run_twice_on_one_tree(tmp_path: Path) -> None:
    shop = workshop()
    flips = [("41", "40"), ("40", "41"), ("41", "40"), ("40", "41")]
    finish(asyncio.run(open_case(shop, ListedModel(flips), tmp_path)))

    assert shop.calls.count("sandbox.run_tests") == 2


def test_a_change_that_breaks_another_test_is_taken_back_before_the_next(tmp_path: Path) -> None:
    shop = workshop()
    model = ListedModel([("41", "'x'"), ("41", "42")])
    case = asyncio.run(open_case(shop, model, tmp_path))

    assert finish(case) is End.FIXED
    assert "vcs.rollback" in shop.calls


def test_a_forced_rollback_restores_the_base_and_tells_the_model_what_must_differ(tmp_path: Path) -> None:
    model = ListedModel([("41", "40"), ("40", "39"), ("39", "38"), ("41", "42")])
    guard = ThirdEditGuard()
    case = asyncio.run(open_case(workshop(), model, tmp_path, guard=guard))

    assert finish(case) is End.FIXED
    last = model.briefings[-1]
    assert last.directive.startswith("try something else\nBegin afresh from the facts.")
    assert (last.rung, last.tree) == ("fresh-context", case.base.tree)
    assert [attempt.kept for attempt in case.attempts] == [False, False, False, True]
    assert "vetoed: the third of its kind" in [attempt.result for attempt in case.attempts]
    kinds = [event.type for event in runlog.events(tmp_path / "runs.sqlite", "r1")]
    assert kinds.count("rollback") == 1
    assert kinds.index("verdict") < kinds.index("rollback")


def test_the_rung_template_repair_hands_over_to_the_fallback(tmp_path: Path) -> None:
    stubborn = ListedModel([("41", "40"), ("40", "39"), ("39", "38")], name="stubborn")
    repair = ListedModel([("41", "42")], name="repair")
    guard = ThirdEditGuard(rung="template-repair")
    case = asyncio.run(open_case(workshop(), stubborn, tmp_path, guard=guard, fallback=repair))

    assert finish(case) is End.FIXED
    assert [attempt.model for attempt in case.attempts] == ["stubborn", "stubborn", "stubborn", "repair"]


def test_nothing_reaches_a_server_that_the_guard_did_not_review(tmp_path: Path) -> None:
    shop, guard = workshop(), ThirdEditGuard()
    finish(asyncio.run(open_case(shop, ListedModel([("41", "42")]), tmp_path, guard=guard)))

    assert [f"{outcome.call.server}.{outcome.call.tool}" for outcome in guard.recorded] == shop.calls


def test_when_no_test_fails_there_is_nothing_to_verify(tmp_path: Path) -> None:
    case = asyncio.run(open_case(workshop("def answer():\n    return 42\n"), ListedModel([]), tmp_path))

    assert finish(case) is End.NOT_REPRODUCED
    assert case.ended_because.startswith("no test fails (2 pass, 0 fail)")


def test_an_edit_of_the_tests_is_refused(tmp_path: Path) -> None:
    shop = workshop()
    case = asyncio.run(open_case(shop, ListedModel([("41", "42")], path="test_answer.py"), tmp_path))

    assert finish(case) is End.GAVE_UP
    assert case.attempts[0].result == "refused: test_answer.py decides what counts as fixed and is not to be edited"
    assert "vcs.edit" not in shop.calls


def test_a_refused_edit_is_told_to_the_model(tmp_path: Path) -> None:
    model = ListedModel([("not there", "42"), ("41", "42")])
    case = asyncio.run(open_case(workshop(), model, tmp_path))

    assert finish(case) is End.FIXED
    assert model.briefings[1].attempts[0].result.startswith("refused: 'not there' is not in answer.py")


@dataclass
class SpeechlessModel(ListedModel):
    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        raise ModelFailed("it answered nothing")


def test_a_model_without_a_usable_answer_ends_in_an_honest_report(tmp_path: Path) -> None:
    case = asyncio.run(open_case(workshop(), SpeechlessModel([]), tmp_path))

    assert finish(case) is End.GAVE_UP
    assert [attempt.result for attempt in case.attempts] == ["no usable answer: it answered nothing"] * 2


def test_the_issue_chooses_among_the_failing_tests(tmp_path: Path) -> None:
    shop = Workshop(WRONG, {"test_is_42": lambda x: x == 42, "test_is_43": lambda x: x == 43})
    case = asyncio.run(open_case(shop, ListedModel([("41", "42")]), tmp_path, issue="test_is_42 fails"))

    assert finish(case) is End.FIXED
    assert case.targets == ("test_answer.py::test_is_42",)


@pytest.mark.parametrize("status", ["timeout", "crashed", "killed"])
def test_a_test_run_without_a_report_ends_the_run_with_a_remedy(tmp_path: Path, status: str) -> None:
    class Broken(Workshop):
        def _sandbox_run_tests(self, tree: str, tests: list[str], **options: object) -> dict[str, object]:
            return {**super()._sandbox_run_tests(tree, tests), "status": status, "passed": [], "failed": []}

    case = asyncio.run(open_case(Broken(WRONG, {"test_is_42": lambda x: x == 42}), ListedModel([]), tmp_path))

    with pytest.raises(NotSolved) as ended:
        finish(case)
    assert ended.value.remedy


class SlowWorkshop(Workshop):
    """Its suite takes longer than a minute, or does not end at all; the graph knows one test of the code."""

    status = "failed"
    asked: list[list[str]]

    def _sandbox_run_tests(self, tree: str, tests: list[str], **options: object) -> dict[str, object]:
        self.asked = [*getattr(self, "asked", []), tests]
        report = {**super()._sandbox_run_tests(tree, tests), "duration_s": 70.0}
        return report if tests or self.status == "failed" else {**report, "status": self.status, "passed": []}

    def _retrieval_neighbors(self, tree: str, symbol: str) -> dict[str, object]:
        return {"tests": [{"path": "test_answer.py", "symbol": "test_is_42"}]}


def test_of_a_long_suite_only_what_the_change_can_affect_is_run_before_a_fix(tmp_path: Path) -> None:
    shop = SlowWorkshop(WRONG, {"test_is_42": lambda x: x == 42, "test_is_a_number": lambda x: isinstance(x, int)})
    case = asyncio.run(open_case(shop, ListedModel([("41", "42")]), tmp_path))

    assert finish(case) is End.FIXED
    wanted = "test_answer.py::test_is_42"
    assert shop.asked == [[], [wanted], [wanted, "test_answer.py::test_is_a_number"]]
    assert case.now.scope == "affected"


def test_suite_that_does_not_end_is_stood_in_for_by_the_tests_that_belong_to_the_issue(tmp_path: Path) -> None:
    shop = SlowWorkshop(WRONG, {"test_is_42": lambda x: x == 42, "test_is_a_number": lambda x: isinstance(x, int)})
    shop.status = "timeout"
    case = asyncio.run(open_case(shop, ListedModel([("41", "42")]), tmp_path))

    assert finish(case) is End.FIXED
    assert case.suite == ("test_answer.py::test_is_42",)
    assert all(tests == list(case.suite) for tests in shop.asked[1:])


@pytest.mark.parametrize("command", ["", "pytest"])
def test_a_test_that_never_ends_is_a_failure_like_others_once_each_is_bounded(tmp_path: Path, command: str) -> None:
    class Endless(Workshop):
        def _sandbox_run_tests(self, tree: str, tests: list[str], **options: object) -> dict[str, object]:
            report = super()._sandbox_run_tests(tree, tests)
            bounded = options.get("test_timeout_s") or not report["failed"]
            return report if bounded else {**report, "status": "timeout", "passed": [], "failed": [], "failures": []}

    shop = Endless(WRONG, {"test_is_42": lambda x: x == 42})
    case = asyncio.run(open_case(shop, ListedModel([("41", "42")]), tmp_path))
    case.test_command = command

    assert finish(case) is End.FIXED
    assert case.patience_s == case.limits.test_timeout_s / 12
