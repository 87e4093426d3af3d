"""What happened in a run so far: the one object all detectors look at."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from loopcutter_loopguard.edit import Edit
from loopcutter_loopguard.ledger import Ledger
from loopcutter_loopguard.step import Step
from loopcutter_loopguard.workspace import Bounded, Checkpoints, Workspace


@dataclass
class Attempt:
    """An edit, and what was observed after it."""

    step: int
    edit: Edit
    diff: Edit | None
    result: str | None = None
    """What the first run after it showed; None as long as nothing ran."""
    observed: int = -1
    """The step that showed it."""
    observer: str = ""
    """The call that showed it."""
    tested: bool = False
    """Whether it was a test run that showed it."""
    failed: bool = False
    refused: bool = False
    """Whether the edit itself was refused."""
    summary: str = ""


@dataclass
class History:
    """The steps of a run, newest last, with what was learnt along the way. Memory stays bounded."""

    memory: int = 512
    total: int = 0
    steps: deque[Step] = field(default_factory=deque)
    attempts: deque[Attempt] = field(default_factory=lambda: deque(maxlen=128))
    workspace: Workspace = field(default_factory=Workspace)
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    ledger: Ledger = field(default_factory=Ledger)
    signature: str = ""
    """How things fail now; empty when nothing does, as far as one knows."""
    failing_so_since: int = -1
    """The step that first showed this signature."""
    last_progress: int = -1
    """The step at which a test first passed that never had."""
    last_user: int = -1
    turned: int = 0
    """The step before which the approach was changed last."""
    fewest_failing: int | None = None
    _signatures: Bounded[str, int] = field(default_factory=Bounded)

    def add(self, step: Step) -> Step:
        """Take a finished step in; returns it with its place in the run filled in."""
        assert step.answer is not None
        before = self.workspace.state
        after, fresh = self.workspace.after(step)
        self.checkpoints.learn(step.tree, step.checkpoint, step.answer.tests)
        step = replace(step, number=self.total, before=before, after=after, progress=self._progress(step))
        changed = after != before
        step = replace(step, seen=self.ledger.note(step, changed, fresh), fresh=changed and fresh)
        if step.action.kind == "user":
            self.last_user = step.number
        elif step.action.kind == "condense":
            self.ledger.forget_lines()
        if step.progress:
            self.last_progress = step.number
        self._attempt(step)
        self.steps.append(step)
        if len(self.steps) > self.memory:
            self.steps.popleft()
        self.total += 1
        return step

    def turn(self) -> None:
        """The approach changes: what is looked at again now is looked at with other eyes."""
        self.turned = self.total
        self.ledger.turn()

    def placed(self, step: Step) -> Step:
        """The step, its edit linked to earlier attempts in the same place."""
        if step.action.edit is None or not self.attempts:
            return step
        earlier = [attempt.edit for attempt in self.attempts][-24:]
        return replace(step, action=replace(step.action, edit=step.action.edit.linked_to(earlier)))

    def recent(self, most: int, before: int | None = None) -> Iterator[Step]:
        """The last steps, newest first, back to the last word of the user or change of approach."""
        count = 0
        for step in reversed(self.steps):
            if before is not None and step.number >= before:
                continue
            if count >= most or step.action.kind == "user" or step.number < self.turned:
                return
            count += 1
            yield step

    def _progress(self, step: Step) -> bool:
        failing = step.answer.failing if step.answer else None
        if failing is None:
            return False
        fewest = self.fewest_failing
        if fewest is None or len(failing) < fewest:
            self.fewest_failing = len(failing)
        return fewest is not None and len(failing) < fewest

    def _attempt(self, step: Step) -> None:
        answer = step.answer
        assert answer is not None
        if step.edit is not None:
            attempt = Attempt(step.number, step.edit, step.diff)
            if not answer.ok and step.before == step.after:
                attempt.result, attempt.failed, attempt.summary = answer.complaint, True, answer.signature
                attempt.refused, attempt.observed = not answer.ran, step.number
            self.attempts.append(attempt)
        elif step.action.kind in ("test", "run") or answer.failing is not None:
            self.signature = answer.signature
            self.failing_so_since = self._signatures.setdefault(answer.signature, step.number)
            for attempt in reversed(self.attempts):
                if attempt.result is not None:
                    break
                attempt.result, attempt.failed = answer.signature or answer.key, bool(answer.signature)
                attempt.summary, attempt.observed, attempt.observer = answer.signature, step.number, step.action.key
                attempt.tested = step.action.kind == "test" or answer.tests is not None
