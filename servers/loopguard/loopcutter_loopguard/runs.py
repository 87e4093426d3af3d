"""All runs of a server: each with its judge in memory, taken up again from the store when it isn't."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from loopcutter_loopguard.events import Call, Outcome, Tests, Verdict
from loopcutter_loopguard.judge import Judge, Recorded
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.store import Entry, Store

IN_MEMORY = 64


@dataclass
class Runs:
    """Judges many runs, each under a handle of its own."""

    store: Store
    policy: Policy
    _judges: OrderedDict[str, Judge] = field(default_factory=OrderedDict)

    def begin(self, label: str = "", ladder: Sequence[str] = ()) -> str:
        """A new run."""
        run = f"g{secrets.token_hex(8)}"
        self.store.begin(run, label, tuple(ladder))
        self._keep(run, Judge(self.policy, tuple(ladder)))
        return run

    def review(self, run: str, call: Call, text: str = "", force: str = "") -> Verdict:
        """The verdict on a call before it is made."""
        judge = self._judge(run)
        verdict = judge.review(call, text, force)
        entry = Entry(judge.history.total, "review", {"call": call, "text": text, "force": force, "verdict": verdict})
        if not judge.is_plumbing(call):
            self.store.append(run, entry, weighty=verdict.decision not in ("allow", "warn") or bool(force))
        return verdict

    def record(self, run: str, outcome: Outcome, text: str = "") -> Recorded:
        """Take an outcome in."""
        judge = self._judge(run)
        outcome = replace(outcome, data={})
        recorded = judge.record(outcome, text)
        weighty = (
            outcome.checkpoint is not None
            or outcome.tests is not None
            or recorded.verdict.decision not in ("allow", "warn")
        )
        body = {"outcome": outcome, "text": text, "verdict": recorded.verdict}
        self.store.append(run, Entry(recorded.step, "record", body), weighty)
        return recorded

    def reset(self, run: str, reason: str) -> None:
        """Begin the run anew: nothing that happened so far is held against it."""
        judge = self._judge(run)
        self.store.append(run, Entry(judge.history.total, "reset", {"reason": reason}), weighty=True)
        judge.reset()

    def best(self, run: str) -> str | None:
        """The checkpoint with most tests green."""
        return self._judge(run).history.checkpoints.best

    def history(self, run: str, limit: int) -> list[Entry]:
        """What happened last, oldest first."""
        self.store.ladder(run)
        return self.store.latest(run, limit)

    def _judge(self, run: str) -> Judge:
        if run in self._judges:
            self._judges.move_to_end(run)
            return self._judges[run]
        judge = Judge(self.policy, self.store.ladder(run))
        for entry in self.store.recall(run):
            _again(judge, entry)
        self._keep(run, judge)
        return judge

    def _keep(self, run: str, judge: Judge) -> None:
        self._judges[run] = judge
        while len(self._judges) > IN_MEMORY:
            self._judges.popitem(last=False)


def _again(judge: Judge, entry: Entry) -> None:
    judge.history.total = entry.step
    if entry.what == "review":
        judge.review(call_from(entry.body["call"]), entry.body["text"], entry.body["force"])
    elif entry.what == "record":
        judge.record(outcome_from(entry.body["outcome"]), entry.body["text"])
    else:
        judge.reset()


def call_from(body: Mapping[str, Any]) -> Call:
    """A call as it lies in the store."""
    return Call(body["server"], body["tool"], body["arguments"])


def outcome_from(body: Mapping[str, Any]) -> Outcome:
    """An outcome as it lies in the store."""
    tests = body["tests"]
    return Outcome(
        call_from(body["call"]),
        body["ok"],
        body["text"],
        tests=None if tests is None else Tests(tuple(tests["passed"]), tuple(tests["failed"]), tuple(tests["errors"])),
        tree=body["tree"],
        diff=body["diff"],
        checkpoint=body["checkpoint"],
    )
