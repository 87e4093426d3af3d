"""Judges a recording as if it happened now: what would the judge have said at each step?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from loopcutter_loopguard.events import Call, Decision, Outcome, Tests, Verdict
from loopcutter_loopguard.failure import reads_as_failure
from loopcutter_loopguard.judge import Judge
from loopcutter_loopguard.policy import Policy

STRICTNESS: Mapping[Decision, int] = {"allow": 0, "warn": 1, "block": 2, "rollback": 3, "stop": 4}


@dataclass(frozen=True)
class Judged:
    """One step of a recording and the verdict on it."""

    step: int
    tool: str
    does: str
    """The kind of thing it does: `edit`, `test`, `read`, …"""
    ok: bool
    verdict: Verdict

    def line(self) -> dict[str, Any]:
        """As `replay` prints it."""
        verdict = self.verdict
        return {
            "step": self.step,
            "tool": self.tool,
            "decision": verdict.decision,
            "kind": verdict.kind,
            "reason": verdict.reason,
            "evidence": list(verdict.evidence),
            "progress": verdict.progress,
        }


@dataclass(frozen=True)
class Summary:
    """What became of a recording as a whole."""

    first_flag: int
    """Index of the first step that was flagged; -1 when none was."""
    decision: Decision
    kind: str
    steps: int
    wasted_steps: int
    """Steps that were flagged: with the judge in front of the agent they would not have been made."""
    begins: int = -1
    """The first of the steps the flag rests on; -1 when nothing was flagged."""

    def line(self) -> dict[str, Any]:
        """As `replay` prints it."""
        first = None if self.first_flag < 0 else self.first_flag
        return {
            "first_flag": first,
            "decision": self.decision,
            "kind": self.kind,
            "steps": self.steps,
            "wasted_steps": self.wasted_steps,
        }


def judged(events: Iterable[Mapping[str, Any]], policy: Policy) -> Iterator[Judged]:
    """Every step with its verdict: the stricter one of before the call and after it."""
    judge = Judge(policy)
    for index, event in enumerate(events):
        outcome, text = outcome_of(event)
        before = judge.review(outcome.call, text)
        after = judge.record(outcome, text).verdict
        verdict = max(before, after, key=lambda verdict: STRICTNESS[verdict.decision])
        yield Judged(index, outcome.call.tool, judge.history.steps[-1].action.kind, outcome.ok, verdict)


class Summing:
    """Adds up the verdicts of a recording, however long it is."""

    def __init__(self, level: Decision = "block") -> None:
        self._level = STRICTNESS[level]
        self.result = Summary(-1, "allow", "", 0, 0)

    def add(self, step: Judged) -> None:
        """Take one more step in; the first flag is the first verdict of at least the level."""
        now, verdict = self.result, step.verdict
        flagged = STRICTNESS[verdict.decision] >= self._level
        self.result = replace(now, steps=now.steps + 1, wasted_steps=now.wasted_steps + flagged)
        if flagged and now.first_flag < 0:
            begins = min((step.step, *verdict.evidence))
            self.result = replace(
                self.result, first_flag=step.step, decision=verdict.decision, kind=verdict.kind, begins=begins
            )


def summed_up(steps: Iterable[Judged], level: Decision = "block") -> Summary:
    """The first flag of at least `level`, and how many steps were flagged in all."""
    summing = Summing(level)
    for step in steps:
        summing.add(step)
    return summing.result


def outcome_of(event: Mapping[str, Any]) -> tuple[Outcome, str]:
    """An event of a recording as the judge takes it; whatever is missing or odd counts as unknown."""
    result = event.get("result")
    result = result if isinstance(result, Mapping) else {"output": result if isinstance(result, str) else ""}
    arguments = event.get("args")
    if not isinstance(arguments, Mapping):
        arguments = {} if arguments is None else {"": arguments}
    exit_code = result.get("exit_code")
    ok = result.get("ok")
    if not isinstance(ok, bool):
        ok = exit_code in (0, None)
    if ok and exit_code is None and "command" in arguments and reads_as_failure(_text(result.get("output"))[-4000:]):
        ok = False  # the recording had no exit code to go by
    outcome = Outcome(
        Call("", _text(event.get("tool")), arguments),
        ok,
        _text(result.get("output")),
        tests=_tests(event.get("tests")),
        tree=_text(event.get("tree")) or None,
        diff=_text(event.get("diff")) or None,
        checkpoint=_text(event.get("checkpoint")) or None,
    )
    return outcome, _text(event.get("text"))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(_text(part.get("text") if isinstance(part, Mapping) else part) for part in value[:1000])
    return "" if value is None or isinstance(value, Mapping) else str(value)


def _tests(value: Any) -> Tests | None:
    """Lists of ids. Recordings that only count their tests can't say which, and are read by their text."""
    if not isinstance(value, Mapping):
        return None
    passed, failed, errors = (_ids(value.get(name)) for name in ("passed", "failed", "errors"))
    return Tests(passed, failed, errors) if passed or failed or errors else None


def _ids(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value[:50_000]) if isinstance(value, (list, tuple)) else ()
