"""Judges a candidate by the demanded tests, inside its forked child."""

from __future__ import annotations

import os
from typing import Any

from .candidate import Candidate
from .channel import readable
from .enter import make_importable
from .overlay import lay_over
from .reporter import Record, Reporter
from .suite import WITHOUT_ADDOPTS, files, options, refused

_DETAIL = 800


def silent(*_: Any, **__: Any) -> None:
    """Where a child's reporter sends to: only the verdict leaves the child."""


def spare(item: Any) -> None:
    """Have pytest make no pictures of failures, which takes longer than most tests: a child's verdict needs none."""
    item.repr_failure = item._repr_failure_py = _plain_failure
    _ = item.location  # computed once, here, and not in every child


def _plain_failure(excinfo: Any, style: object = None) -> str:
    return type(excinfo.value).__name__


def arguments(request: dict[str, Any]) -> list[str]:
    """What pytest is told in a trial. Capturing descriptors would make the children share a file, and nobody reads its
    tracebacks, for which it parses the files they lead through."""
    return [*options(request), "--capture=sys", "--tb=line", *files(request["tests"])]


def invalid(source: bytes, path: str) -> str | None:
    """Why `source` can't be compiled, or None."""
    try:
        compile(source, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return readable(f"{type(error).__name__}: {error.msg} (line {error.lineno})", _DETAIL)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return readable(f"{type(error).__name__}: {error}", _DETAIL)
    return None


def summary(described: dict[str, Any]) -> str:
    """One failure in a line."""
    return readable(f"{described['test']}: {described['exception']}: {described['message']}", _DETAIL)


def of_test(test: str, record: Record) -> tuple[str, str] | None:
    """The verdict that one test's record gives, or None when it passed."""
    if record.outcome == "passed":
        return None
    detail = summary(record.failures[0]) if record.failures else f"{test}: {record.outcome}"
    return ("error" if record.outcome == "error" else "failed"), detail


def of_call(problem: str | None) -> tuple[str, str] | None:
    """The verdict on a test that was called without pytest."""
    return None if problem is None else ("failed", readable(problem, _DETAIL))


def of_run(reporter: Reporter) -> tuple[str, str]:
    """The verdict of a whole run."""
    if reporter.problems:
        return "error", summary(reporter.problems[0])
    missing = reporter.wanted.missing()
    for test, record in reporter.results.items():
        verdict = of_test(test, record)
        if verdict is not None:
            return verdict
    if missing:
        return "error", readable(f"{missing[0]}: no test of this name ran", _DETAIL)
    return "passed", ""


class _Spare:
    """The plugin that applies `spare`."""

    def pytest_collection_finish(self, session: Any) -> None:
        """All items are known."""
        for item in session.items:
            spare(item)


def anew(request: dict[str, Any], candidate: Candidate, source: bytes) -> tuple[str, str]:
    """Import the project with the edit in force and run the tests: always right, and slower."""
    import pytest

    root = request["root"]
    path = os.path.join(root, candidate.path)
    edited = candidate.apply(source)
    reason = invalid(edited, path)
    if reason is not None:
        return "invalid", reason
    make_importable(request)
    lay_over(path, edited)
    reporter = Reporter(silent, root, request["tests"])
    if refused(int(pytest.main([*arguments(request), "-x"], plugins=[reporter, _Spare()])), reporter):
        reporter = Reporter(silent, root, request["tests"])
        pytest.main([*arguments(request), "-x", *WITHOUT_ADDOPTS], plugins=[reporter, _Spare()])
    return of_run(reporter)
