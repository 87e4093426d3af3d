"""How a run's end is told to a person."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from loopcutter_host.errors import HostError
from loopcutter_host.table import End
from loopcutter_host.terminal import visible

if TYPE_CHECKING:
    from loopcutter_host.report import Report


def fail(error: HostError) -> int:
    """Say what happened and what to do; returns the exit code."""
    click.echo(f"Error: {visible(str(error))}", err=True)
    return error.exit_code


def show_patch(patch: str) -> None:
    """Print a patch: as it is where a program reads it, safe to look at on a terminal."""
    click.echo(visible(patch) if sys.stdout.isatty() else patch, nl=False)


def in_words(outcome: str) -> str:
    """An outcome as it is said to people: tests were passed, and whether that is a fix they decide."""
    return "passes tests" if outcome == End.FIXED else outcome


def explain(report: "Report", run: str) -> Iterator[tuple[str, str]]:
    """(line, style) of the closing words."""
    yield "", ""
    took = f"{report.attempts} attempt{'s' * (report.attempts != 1)}, {report.seconds:.1f} s"
    if report.isolation:
        took += f", tests isolated by {report.isolation}"
    if report.outcome == End.PLANNED:
        yield (
            f"Dry run: the edit above is what would be tried first; it was neither tested nor applied ({took}).",
            "bold",
        )
    elif report.verified:
        yield f"Passes the tests: {_names(report.mended)} ({took}).", "bold green"
    else:
        yield f"No verified fix: {report.reason or report.outcome} ({took}).", "bold yellow"
        if report.patch:
            yield "The patch above is the best state reached; it does not pass all tests.", ""
        elif report.open:
            yield f"Still failing: {_names(report.open)}.", ""
        for line in report.learnt:
            yield f"  tried {line}", ""
        if report.next_look:
            yield f"Look next at {report.next_look}.", "bold"
    if report.verified and report.judged:
        yield f"Judged by {report.judged}.", ""
    if report.reproduction:
        yield f"The bug is shown by {report.reproduction}.", ""
    if report.tests_changed:
        yield f"The patch changes tests, so it is worth what you think of that: {_names(report.tests_changed)}.", "bold"
    if report.still_failing:
        yield f"Failing as before, and not what the issue is about: {_names(report.still_failing)}.", ""
    if report.alternatives:
        yield "Other patches do as well; the tests can't tell them apart:", ""
        for alternative in report.alternatives[:5]:
            yield f"  · {alternative}", ""
    if report.applied:
        where = f"on branch {report.branch}" if report.branch else f"to {', '.join(report.applied)}"
        yield f"Applied {where}.", "bold"
    elif report.verified:
        yield f"Your files are untouched. Apply it:  {command()} apply {run}", ""
    yield f"All that happened:  {command()} show {run}", "dim"


def command() -> str:
    """How this command is called again: by its name, or by its path where it is on nobody's PATH."""
    own = sys.argv[0]
    return (
        "loopcutter-host"
        if shutil.which("loopcutter-host") or not own.endswith("loopcutter-host")
        else shlex.quote(own)
    )


def _names(tests: tuple[str, ...]) -> str:
    return ", ".join(tests[:3]) + (f" and {len(tests) - 3} more" if len(tests) > 3 else "")
