"""Gathers what the runner says about the tests, and judges it once the run is over."""

from collections.abc import Callable
from dataclasses import dataclass, field

from loopcutter_sandbox.message import (
    Bad,
    Collected,
    End,
    ExecutedLines,
    FailureIn,
    FrameIn,
    Message,
    Note,
    Problem,
    Result,
    Started,
    Stuck,
)
from loopcutter_sandbox.process import Ended
from loopcutter_sandbox.report import Failure, Frame, TestStatus

_TESTS = 200_000
_FAILURES = 100
_LINES = 400_000
FORGED = "Tampered"
"""What the runner calls the exception of a forgery."""
KILLED = (137, 152)  # by SIGKILL or SIGXCPU: the limit on memory or on CPU time


@dataclass
class Results:
    """What is known of a run so far."""

    collected: dict[str, None] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    """What went wrong with tests since they began, whatever is said of them at their end."""
    errors: dict[str, None] = field(default_factory=dict)
    failures: list[FailureIn] = field(default_factory=list)
    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    running: str = ""
    stuck: FailureIn | None = None
    end: End | None = None
    problems: int = 0
    canaries: frozenset[str] = frozenset()
    """Names of tests that were put among the project's own and must fail."""
    canary_outcomes: list[str] = field(default_factory=list)
    forged: bool = False
    """The runner has seen something of the project reach for results of tests."""
    _line_count: int = 0

    def hear(self, message: Message) -> None:
        """Take in one message."""
        if self.end is not None or len(self.outcomes) >= _TESTS or len(self.collected) >= _TESTS:
            return
        match message:
            case Collected(tests=tests):
                self.collected.update(dict.fromkeys(tests))
            case Result(test=test, outcome=outcome) if test.rpartition("::")[2] in self.canaries:
                self.canary_outcomes.append(outcome)
            case Started(test=test) if test.rpartition("::")[2] in self.canaries:
                return
            case Started(test=test):
                self.running = test
                self.bad.pop(test, None)
            case Bad(test=test, outcome=outcome):
                self.bad.setdefault(test, outcome)
            case Result(test=test, outcome=outcome, failures=failures):
                self.running = ""
                self.outcomes[test] = outcome if outcome in ("failed", "error") else self.bad.get(test, outcome)
                self._add(failures)
            case Stuck(failure=described):
                self.stuck = described
            case Problem(test=test, failure=described):
                self.problems += 1
                self.forged = self.forged or described.exception == FORGED
                self.errors[test] = None
                self._add([described])
            case ExecutedLines(test=test, lines=lines):
                self._line_count += sum(map(len, lines.values()))
                if self._line_count <= _LINES:
                    self.lines[test] = lines
                elif not self.notes or self.notes[-1] != _TOO_MANY_LINES:
                    self.notes.append(_TOO_MANY_LINES)
            case Note(text=text):
                self.notes.append(text)
            case End():
                self.end = message
            case _:
                return

    def _add(self, failures: list[FailureIn]) -> None:
        self.failures += failures[: max(0, _FAILURES - len(self.failures))]

    @property
    def unfinished(self) -> list[str]:
        """Tests that were announced and came to nothing."""
        return [test for test in self.collected if test not in self.outcomes]

    def of(self, outcome: str) -> tuple[str, ...]:
        """The tests with this outcome."""
        return tuple(test for test, known in self.outcomes.items() if known == outcome)

    def status(self, ended: Ended) -> TestStatus:
        """The verdict. The exit code of a process that ran untrusted code proves nothing: a complete report does."""
        if ended.timed_out:
            return "timeout"
        if self.end is None and ended.out_of_memory:
            return "out-of-memory"
        if ended.flooded or (self.end is None and ended.exit_code in KILLED):
            return "killed"
        if self.end is None or self.end.results != len(self.outcomes):
            return "crashed"
        if self.problems or self.tampered:
            return "error"
        if self.of("failed") or self.of("error"):
            return "failed"
        if self.unfinished:
            return "error"
        return "passed" if self.of("passed") else "no-tests"

    @property
    def tampered(self) -> bool:
        """Whether what must fail has passed, or has disappeared."""
        if not self.canaries or not self.of("passed"):
            return False
        all_passed = self.end is not None and not (self.of("failed") or self.of("error") or self.problems)
        there = len(self.canary_outcomes)  # the last ones run later, which a failure or the end of the time may cut off
        return "passed" in self.canary_outcomes or there < (2 if all_passed else 1)

    def unfinished_failure(self, status: TestStatus, ended: Ended) -> list[Failure]:
        """What is known of the test that was running when everything ended."""
        if status == "timeout" and self.stuck is not None:
            return [failure(self.stuck, ended.shown)]
        if status not in ("timeout", "crashed", "killed", "out-of-memory") or not self.running:
            return []
        words = {"timeout": "was still running when its time was over", "crashed": "ended the whole process"}
        kind, file = status.capitalize(), _safe(self.running.split("::")[0])
        return [Failure(self.running, file, 0, kind, words.get(status, "used more than it may"), ())]


_TOO_MANY_LINES = "the coverage of further tests was left out: there is too much of it"


def failure(described: FailureIn, shown: Callable[[str], str]) -> Failure:
    """A failure as it goes out."""
    frames = tuple(
        Frame(_safe(each.path), each.line, each.function, each.code, each.locals)
        for each in described.frames
        if _ok(each)
    )
    return Failure(
        test=described.test,
        file=_safe(described.file),
        line=described.line,
        exception=described.exception,
        message=shown(described.message),
        frames=frames,
    )


def _ok(frame: FrameIn) -> bool:
    return bool(_safe(frame.path))


def _safe(path: str) -> str:
    """`path` if it stays within the workspace: others open what is named here."""
    return path if not path.startswith("/") and ".." not in path.split("/") else ""
