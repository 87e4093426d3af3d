"""A response that holds: a class of calls is warned about, then vetoed until something really changes, then a
different approach is forced, one rung of the ladder after the other, and in the end the run is stopped."""

from dataclasses import dataclass, field

from loopcutter_loopguard import directive
from loopcutter_loopguard.edit import Edit
from loopcutter_loopguard.events import Decision, Verdict
from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.scrub import readable
from loopcutter_loopguard.step import Step

ALLOW = Verdict("allow")
REMEMBERED = 64
"""Vetoes that are kept; the oldest are forgotten first."""


@dataclass
class Veto:
    """A class of calls that is refused."""

    finding: Finding
    state: int
    """The newest state of the workspace when it was imposed: a later one is a real change."""
    step: int
    """The step before which it was imposed."""
    edits: tuple[Edit, ...] = ()
    """The attempts it is about, when it is about edits."""
    keys: frozenset[str] = frozenset()
    """The calls it is about, to the letter."""
    due: bool = False
    """Whether it was found out afterwards, so that the rollback is still owed."""
    tries: int = 0
    """How often it was run into since."""

    def covers(self, now: Step, policy: Policy) -> bool:
        """Whether a call belongs to the class."""
        if self.edits and now.edit is not None:
            if self.due:
                return any(edit.overlaps(now.edit) for edit in self.edits)
            return any(edit.near(now.edit, policy.similarity) for edit in self.edits)
        return now.action.key in self.keys

    def holds(self, history: History) -> bool:
        """Whether nothing has really changed since."""
        failure_changed = bool(self.edits) and history.failing_so_since > self.step
        return history.workspace.state <= self.state and not failure_changed


@dataclass
class Response:
    """What was answered to the loops of a run so far."""

    policy: Policy
    ladder: tuple[str, ...]
    rung: int = 0
    """Rungs used up."""
    stopped: Verdict | None = None
    forced: int = 0
    vetoes: list[Veto] = field(default_factory=list)

    def standing(self, now: Step, history: History) -> Verdict | None:
        """The answer to a call whose class is vetoed already."""
        if self.stopped is not None:
            return self.stopped
        veto = self._veto_on(now, history)
        if veto is None:
            return None
        if veto.due:
            self.vetoes.remove(veto)
            return self._climb(veto.finding, history)
        veto.tries += 1
        if veto.tries > self.policy.patience:
            veto.tries = 0
            return self._climb(veto.finding, history)
        return _verdict("block", veto.finding, directive.veto(veto.finding, history))

    def answer(self, finding: Finding | None, now: Step, history: History) -> Verdict:
        """The answer to what the detectors found before the call is made."""
        if finding is None:
            return ALLOW
        if finding.level == "warn":
            return _verdict("warn", finding)
        self._impose(finding, now, history, due=False)
        if finding.level == "rollback":
            return self._climb(finding, history)
        return _verdict("block", finding, directive.veto(finding, history))

    def looking_back(self, finding: Finding | None, now: Step, history: History) -> Verdict:
        """The answer to a call that was made, once its outcome is known: what the next one of its class will hear."""
        if self.stopped is not None:
            return self.stopped
        veto = self._veto_on(now, history)
        if veto is not None:
            return _verdict("block", veto.finding, directive.veto(veto.finding, history))
        if finding is None:
            return ALLOW
        if finding.level == "warn":
            return _verdict("warn", finding)
        self._impose(finding, now, history, due=finding.level == "rollback")
        if finding.level == "block":
            return _verdict("block", finding, directive.veto(finding, history))
        if self.rung >= len(self.ladder):
            return _verdict("stop", finding, directive.stop(finding, history), history.checkpoints.best)
        rung = self.ladder[self.rung]
        return _verdict("rollback", finding, directive.turn(finding, history, rung), history.checkpoints.best, rung)

    def _veto_on(self, now: Step, history: History) -> Veto | None:
        return next((veto for veto in self.vetoes if veto.holds(history) and veto.covers(now, self.policy)), None)

    def _impose(self, finding: Finding, now: Step, history: History, due: bool) -> None:
        edits = [attempt.edit for attempt in history.attempts if attempt.step in finding.steps]
        if now.edit is not None:
            edits.append(now.edit)
        keys = {step.action.key for step in history.steps if step.number in finding.steps and step.edit is None}
        if now.edit is None:
            keys.add(now.action.key)
        rollback = finding.level == "rollback"
        self.vetoes.append(
            Veto(
                finding, history.workspace.newest, history.total, tuple(edits) if rollback else (), frozenset(keys), due
            )
        )
        del self.vetoes[:-REMEMBERED]

    def _climb(self, finding: Finding, history: History) -> Verdict:
        best = history.checkpoints.best
        if self.rung >= len(self.ladder):
            self.stopped = _verdict("stop", finding, directive.stop(finding, history), best)
            return self.stopped
        rung = self.ladder[self.rung]
        self.rung += 1
        history.turn()
        return _verdict("rollback", finding, directive.turn(finding, history, rung), best, rung)


def _verdict(
    decision: Decision, finding: Finding, words: str = "", rollback_to: str | None = None, rung: str | None = None
) -> Verdict:
    reason, directive_words = readable(finding.reason), readable(words)
    return Verdict(decision, finding.kind, reason, finding.steps, finding.progress, rollback_to, rung, directive_words)
