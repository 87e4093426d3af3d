"""A response that holds: a class of calls is warned about, then vetoed until something really changes, then a
different approach is forced, one rung of the ladder after the other, and in the end the run is stopped."""

from dataclasses import dataclass, field

from loopcutter_loopguard import directive
from loopcutter_loopguard.edit import Edit
from loopcutter_loopguard.events import Decision, Verdict
from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

ALLOW = Verdict("allow")


@dataclass
class Veto:
    """A class of calls that is refused."""

    finding: Finding
    state: int
    """The newest state of the workspace when it was imposed: a later one is a real change."""
    signature: str
    edits: tuple[Edit, ...] = ()
    tries: int = 0
    """How often it was run into since."""

    def covers(self, now: Step, policy: Policy) -> bool:
        """Whether a call belongs to the class."""
        if self.edits:
            return now.edit is not None and any(edit.near(now.edit, policy.similarity) for edit in self.edits)
        return self.finding.key == f"call {now.action.key}"

    def holds(self, history: History) -> bool:
        """Whether nothing has really changed since."""
        failure_changed = bool(self.edits) and history.signature != self.signature
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
        self.vetoes = [veto for veto in self.vetoes if veto.holds(history)]
        veto = next((veto for veto in self.vetoes if veto.covers(now, self.policy)), None)
        if veto is None:
            return None
        veto.tries += 1
        if veto.tries > self.policy.patience:
            veto.tries = 0
            return self._climb(veto.finding, history)
        return self._verdict("block", veto.finding, directive.veto(veto.finding, history))

    def answer(self, finding: Finding | None, now: Step, history: History) -> Verdict:
        """The answer to what the detectors found."""
        if finding is None:
            return ALLOW
        if finding.level == "warn":
            return self._verdict("warn", finding, "")
        edits = tuple(attempt.edit for attempt in history.attempts if attempt.step in finding.steps)
        if now.edit is not None and finding.level == "rollback":
            edits = (*edits, now.edit)
        self.vetoes.append(
            Veto(
                finding,
                history.workspace.newest,
                history.signature,
                edits if finding.level == "rollback" else (),
            )
        )
        del self.vetoes[:-64]
        if finding.level == "rollback":
            return self._climb(finding, history)
        return self._verdict("block", finding, directive.veto(finding, history))

    def looking_back(self, finding: Finding | None, now: Step, history: History) -> Verdict:
        """The answer to a step that was made, once its outcome is known. Nothing is counted twice."""
        if self.stopped is not None:
            return self.stopped
        covered = next((veto for veto in self.vetoes if veto.holds(history) and veto.covers(now, self.policy)), None)
        if covered is not None:
            return self._verdict("block", covered.finding, directive.veto(covered.finding, history))
        return self.answer(finding, now, history)

    def _climb(self, finding: Finding, history: History) -> Verdict:
        best = history.checkpoints.best
        if self.rung >= len(self.ladder):
            self.stopped = self._verdict("stop", finding, directive.stop(finding, history), rollback_to=best)
            return self.stopped
        rung = self.ladder[self.rung]
        self.rung += 1
        words = directive.turn(finding, history, rung)
        return self._verdict("rollback", finding, words, rollback_to=best, rung=rung)

    def _verdict(
        self,
        decision: Decision,
        finding: Finding,
        words: str,
        rollback_to: str | None = None,
        rung: str | None = None,
    ) -> Verdict:
        return Verdict(
            decision,
            finding.kind,
            finding.reason,
            finding.steps,
            finding.progress,
            rollback_to,
            rung,
            words,
        )
