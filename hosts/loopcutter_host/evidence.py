"""What a test run showed, in the host's terms, and how two runs compare."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from loopcutter_host.model import Failure
from loopcutter_host.stacktrace import Frame, inside_path, traces

MAX_MESSAGE = 2_000

Scope = Literal["whole", "affected", "targets"]
"""Which tests ran: all of them, those that a change can affect, or only those that the run is about."""


_NO_REPORT: Mapping[str, str] = {
    "no-tests": "no tests were found",
    "timeout": "the tests did not end in time",
    "crashed": "the test run crashed",
    "killed": "the test run was killed",
    "out-of-memory": "the test run needed more memory than the sandbox grants",
}
"""How runs end that tell nothing of single tests, in words."""


@dataclass(frozen=True)
class Evidence:
    """One test run on one tree."""

    status: str
    """`passed`, `failed`, `error`, `timeout`, `no-tests`, `crashed` or `killed`."""
    passed: frozenset[str]
    broken: tuple[str, ...]
    """Tests that failed or could not run, in the order of the report."""
    failures: tuple[Failure, ...]
    duration_s: float
    isolation: str
    gaps: tuple[str, ...] = ()
    output: str = ""
    """The end of what the run printed; for runs that end without a report."""
    scope: Scope = "whole"
    asked: frozenset[str] = frozenset()
    """The tests that were asked for; empty: all."""

    @property
    def green(self) -> bool:
        return self.status == "passed" and not self.broken

    def summary(self) -> str:
        """One sentence: `14 pass, 1 fails: AssertionError: assert 90 == 100`."""
        if self.status in _NO_REPORT:
            return _NO_REPORT[self.status]
        counts = f"{len(self.passed)} pass, {len(self.broken)} {'fails' if len(self.broken) == 1 else 'fail'}"
        if not self.broken:
            return counts
        kinds = Counter(_headline(failure) for failure in self.failures)
        if not kinds:
            return counts
        more = f" (and {len(kinds) - 1} other)" if len(kinds) > 1 else ""
        return f"{counts}: {kinds.most_common(1)[0][0]}{more}"

    def about(self, tests: Sequence[str]) -> tuple[Failure, ...]:
        """The failures of these tests alone."""
        wanted = set(tests)
        return tuple(failure for failure in self.failures if failure.test in wanted)


def _headline(failure: Failure) -> str:
    first = next((line.strip() for line in failure.message.splitlines() if line.strip()), "")
    return f"{failure.exception}: {first}"[:160] if first else failure.exception


def of_report(data: Mapping[str, Any], *, scope: Scope = "whole", asked: Sequence[str] = ()) -> Evidence:
    """Read a sandbox's report. A failure without frames gets those that the printed traces name."""
    printed = str(data.get("stdout") or "") + str(data.get("stderr") or "")
    return Evidence(
        status=str(data["status"]),
        passed=frozenset(data["passed"]),
        broken=tuple(dict.fromkeys([*data["failed"], *data["errors"]])),
        failures=tuple(_traced(_failure(item), printed) for item in data["failures"]),
        duration_s=float(data["duration_s"]),
        isolation=str(data["isolation"]),
        gaps=tuple(data.get("gaps") or ()),
        output=printed[-MAX_MESSAGE:],
        scope=scope,
        asked=frozenset(asked),
    )


def _traced(failure: Failure, printed: str) -> Failure:
    """`failure` with what the last trace says that was printed, when all that is known is that a command failed.

    A runner that is no pytest of ours (make, tox, a script) tells the sandbox only its exit code.
    """
    if failure.frames or failure.exception != "ExitCode":
        return failure
    found = traces(printed)
    if not found:
        return failure
    last = found[-1]
    inside = [frame for frame in last.frames if _relative(frame)]
    outside = tuple(f"{frame.path}:{frame.line}" for frame in last.frames if not _relative(frame))
    deepest = inside[-1] if inside else Frame("", 0)
    return Failure(
        failure.test,
        last.exception,
        last.message[:MAX_MESSAGE],
        deepest.path,
        deepest.line,
        tuple((frame.path, frame.line, frame.function) for frame in inside),
        outside,
    )


def _relative(frame: Frame) -> bool:
    """Whether the path is one of the workspace, which the sandbox shows from its root."""
    return (
        bool(inside_path(frame.path, [frame.path])) and not frame.path.startswith(("/", "..")) and ":" not in frame.path
    )


def _failure(item: Mapping[str, Any]) -> Failure:
    frames = tuple((str(f["path"]), int(f["line"] or 0), str(f["function"])) for f in item.get("frames") or ())
    return Failure(
        test=str(item["test"]),
        exception=str(item.get("exception") or "failure"),
        message=str(item.get("message") or "")[:MAX_MESSAGE],
        file=str(item.get("file") or ""),
        line=int(item.get("line") or 0),
        frames=frames,
    )


@dataclass(frozen=True)
class Comparison:
    """What a change did to the tests."""

    mended: tuple[str, ...]
    """Targets that pass now."""
    open: tuple[str, ...]
    """Targets that don't."""
    regressions: tuple[str, ...]
    """Tests that passed at the base and don't now."""
    complete: bool = True
    """Whether more ran than the tests the run is about, so that a regression would have shown."""

    @property
    def verified(self) -> bool:
        return bool(self.mended) and not self.open and not self.regressions and self.complete

    @property
    def better(self) -> bool:
        return bool(self.mended) and not self.regressions


def compare(base: Evidence, now: Evidence, targets: Sequence[str]) -> Comparison:
    """Compare a run with the one at the base, on the tests the run is about and on those it must not break."""
    return Comparison(
        mended=tuple(test for test in targets if test in now.passed),
        open=tuple(test for test in targets if test not in now.passed),
        regressions=tuple(sorted((base.passed & now.asked if now.asked else base.passed) - now.passed)),
        complete=now.scope != "targets",
    )
