"""The judge of one run: hears every call before it is made and every outcome after it, and says what it thinks."""

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass, field

from loopcutter_loopguard.detectors import ALL
from loopcutter_loopguard.events import Call, Outcome, Verdict
from loopcutter_loopguard.finding import Detector, Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.response import ALLOW, Response
from loopcutter_loopguard.step import Step, intended, made

_WORST = {"warn": 0, "block": 1, "rollback": 2}


@dataclass(frozen=True)
class Recorded:
    """What became of a recorded outcome."""

    step: int
    progress: bool
    best: str | None
    """The checkpoint with most tests green."""
    verdict: Verdict
    """How the step looks now that its outcome is known; the next call of its class is answered so."""


@dataclass
class Judge:
    """Judges one run. The same calls and outcomes always get the same verdicts."""

    policy: Policy
    ladder: Sequence[str] = ()
    detectors: Sequence[Detector] = ALL
    history: History = field(init=False)
    response: Response = field(init=False)
    _last: tuple[tuple[Call, str], Step] | None = field(init=False, default=None)
    """The call reviewed last: mostly it is the one whose outcome comes next."""

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Hold nothing that happened so far against the run; its steps are counted on."""
        total = self.history.total if hasattr(self, "history") else 0
        self.history = History(self.policy.memory, total)
        self._last = None
        self.response = Response(self.policy, tuple(self.ladder) or self.policy.ladder)

    def review(self, call: Call, text: str = "", force: str = "") -> Verdict:
        """What to do about a call that somebody wants to make."""
        if self.is_plumbing(call):
            return ALLOW
        now = self._intended(call, text)
        standing = self.response.standing(now, self.history)
        verdict = standing or self.response.answer(self._worst(now), now, self.history)
        if force.strip() and verdict.decision in ("block", "rollback"):
            return self._force(verdict, force.strip())
        return verdict

    def record(self, outcome: Outcome, text: str = "") -> Recorded:
        """Take the outcome of a call in."""
        step = self.history.add(made(intended(self.history.total, outcome.call, text), outcome))
        verdict = ALLOW
        if not self.is_plumbing(outcome.call):
            verdict = self.response.looking_back(self._worst(step), step, self.history)
        return Recorded(step.number, step.progress, self.history.checkpoints.best, verdict)

    def is_plumbing(self, call: Call) -> bool:
        """Whether a call is the machinery of the run."""
        name = f"{call.server}.{call.tool}" if call.server else call.tool
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.policy.plumbing)

    def _intended(self, call: Call, text: str) -> Step:
        last = self._last
        if last is not None and last[0] == (call, text) and last[1].number == self.history.total:
            return last[1]
        step = self.history.placed(intended(self.history.total, call, text, self.history.workspace.state))
        self._last = (call, text), step
        return step

    def _worst(self, now: Step) -> Finding | None:
        found = [finding for detector in self.detectors if (finding := detector(self.history, now, self.policy))]
        return max(found, key=lambda finding: _WORST[finding.level], default=None)

    def _force(self, verdict: Verdict, reason: str) -> Verdict:
        if self.response.forced >= self.policy.forces:
            return verdict
        self.response.forced += 1
        return Verdict("allow", verdict.kind, f"forced: {reason}", verdict.evidence, verdict.progress)
