"""The shapes that cross the wire, beside those in `events`: what comes in is checked, what goes out is plain."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from loopcutter_loopguard.events import Call, Outcome, Tests, Verdict
from loopcutter_loopguard.store import Entry


class CallIn(BaseModel):
    """A tool call that somebody wants to make."""

    model_config = ConfigDict(extra="ignore")
    server: str = ""
    tool: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict)

    def plain(self) -> Call:
        """As the judge takes it."""
        return Call(self.server, self.tool, self.arguments)


class TestsIn(BaseModel):
    """Which tests passed and which did not, by id."""

    passed: list[str] = Field(default_factory=list)
    failed: list[str] = Field(default_factory=list)
    errors: list[str] = Field(default_factory=list)

    def plain(self) -> Tests:
        """As the judge takes it."""
        return Tests(tuple(self.passed), tuple(self.failed), tuple(self.errors))


class OutcomeIn(BaseModel):
    """What came of a call. Everything but `call`, `ok` and `text` may be left out."""

    model_config = ConfigDict(extra="ignore")
    call: CallIn
    ok: bool
    text: str = ""
    tests: TestsIn | None = None
    tree: str | None = None
    diff: str | None = None
    checkpoint: str | None = None

    def plain(self) -> Outcome:
        """As the judge takes it."""
        tests = self.tests.plain() if self.tests else None
        return Outcome(self.call.plain(), self.ok, self.text, {}, tests, self.tree, self.diff, self.checkpoint)


class Begun(BaseModel):
    """The handle of a run."""

    run: str


class Recorded(BaseModel):
    """What became of a recorded outcome."""

    step: int
    progress: bool
    best: str | None
    verdict: Verdict


class StepOut(BaseModel):
    """One step that was made."""

    step: int
    call: dict[str, Any]
    ok: bool
    text: str
    tree: str | None = None
    checkpoint: str | None = None


class VerdictOut(BaseModel):
    """One verdict that was given, before which step."""

    step: int
    decision: str
    kind: str
    reason: str
    evidence: list[int]
    forced: str = ""


class HistoryOut(BaseModel):
    """The latest of a run."""

    run: str
    steps: list[StepOut]
    verdicts: list[VerdictOut]
    best: str | None


class Explanation(BaseModel):
    """Why a verdict was given."""

    run: str
    text: str
    verdict: VerdictOut | None = None
    steps: list[StepOut] = Field(default_factory=list)


def plain(value: Any) -> dict[str, Any]:
    """A structured result as JSON holds it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return dataclasses.asdict(value)


def history_out(run: str, entries: Sequence[Entry], best: str | None) -> HistoryOut:
    """Entries of the store as a client sees them."""
    steps = [_step(entry) for entry in entries if entry.what == "record"]
    return HistoryOut(
        run=run, steps=steps, verdicts=[_verdict(entry) for entry in entries if entry.what == "review"], best=best
    )


def explanation(run: str, entries: Sequence[Entry]) -> Explanation:
    """The latest verdict that was not `allow`, with the steps it rests on."""
    judged = [
        entry
        for entry in entries
        if entry.what in ("review", "record") and entry.body["verdict"]["decision"] != "allow"
    ]
    if not judged:
        return Explanation(run=run, text="Nothing to explain: every call of this run was allowed so far.")
    body = judged[-1].body["verdict"]
    steps = [_step(entry) for entry in entries if entry.what == "record" and entry.step in body["evidence"]]
    listed = "".join(
        f"\n  step {step.step}: {step.call['tool']} → {' '.join(step.text.split())[:120]}" for step in steps
    )
    text = f"{body['decision']} ({body['kind']}): {body['reason']}.{listed}\nProgress would be: {body['progress']}."
    return Explanation(run=run, text=text, verdict=_verdict(judged[-1]), steps=steps)


def _step(entry: Entry) -> StepOut:
    outcome = entry.body["outcome"]
    text = outcome["text"][:500]
    return StepOut(
        step=entry.step,
        call=outcome["call"],
        ok=outcome["ok"],
        text=text,
        tree=outcome["tree"],
        checkpoint=outcome["checkpoint"],
    )


def _verdict(entry: Entry) -> VerdictOut:
    body = entry.body["verdict"]
    names = ("decision", "kind", "reason", "evidence")
    return VerdictOut(step=entry.step, forced=entry.body.get("force", ""), **{name: body[name] for name in names})
