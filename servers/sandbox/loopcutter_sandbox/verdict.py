"""What a run that is over comes to: the report of its tests, or that of a command."""

from loopcutter_sandbox.isolation import Isolating
from loopcutter_sandbox.process import Ended
from loopcutter_sandbox.report import CommandResult, TestReport, TestStatus
from loopcutter_sandbox.results import KILLED, Results, failure
from loopcutter_sandbox.traceback_text import last_failure

COMMAND = "command"
"""The one test id of a command that is judged by its exit code."""


def of_tests(tree: str, results: Results, ended: Ended, backend: Isolating) -> TestReport:
    """The report of a run of the tests of `tree`, with the lines that were executed, if any were told."""
    status = results.status(ended)
    failures = [failure(described, ended.shown) for described in results.failures]
    failures += results.unfinished_failure(status, ended)
    errors = dict.fromkeys((*results.of("error"), *results.errors))
    if status in ("timeout", "killed", "out-of-memory", "crashed", "error"):
        errors.update(dict.fromkeys([results.running] if results.running else results.unfinished[:50]))
    worthless = results.tampered or results.forged
    if worthless:
        errors.update(dict.fromkeys(results.of("passed")))
    notes = [*results.notes, *_reason(status, results, ended)]
    return TestReport(
        status=status,
        passed=() if worthless else results.of("passed"),
        failed=results.of("failed"),
        errors=tuple(errors),
        skipped=results.of("skipped"),
        failures=tuple(failures),
        stdout=ended.shown(ended.stdout.text()),
        stderr="\n".join(filter(None, [*(f"[sandbox] {note}" for note in notes), ended.shown(ended.stderr.text())])),
        exit_code=ended.exit_code,
        duration_s=round(ended.duration_s, 4),
        tree=tree,
        isolation=backend.isolation,
        gaps=backend.gaps,
        coverage=results.lines,
        notes=tuple(notes),
    )


def of_command(ended: Ended, backend: Isolating) -> CommandResult:
    """What a command came to."""
    return CommandResult(
        exit_code=ended.exit_code,
        stdout=ended.shown(ended.stdout.text()),
        stderr=ended.shown(ended.stderr.text()),
        truncated=ended.stdout.truncated or ended.stderr.truncated,
        duration_s=round(ended.duration_s, 4),
        timed_out=ended.timed_out,
        isolation=backend.isolation,
        gaps=backend.gaps,
        out_of_memory=ended.out_of_memory,
        out_of_disk=ended.out_of_disk,
    )


def as_test(result: CommandResult, tree: str) -> TestReport:
    """The report of a command that is a test: its exit code is the verdict."""
    good = result.exit_code == 0
    bad = () if good else (last_failure(COMMAND, f"{result.stdout}\n{result.stderr}", result.exit_code),)
    return TestReport(
        status="passed" if good else _unwell(result),
        passed=(COMMAND,) if good else (),
        failed=() if good else (COMMAND,),
        errors=(),
        skipped=(),
        failures=bad,
        stdout=result.stdout,
        stderr=result.stderr,
        exit_code=result.exit_code,
        duration_s=result.duration_s,
        tree=tree,
        isolation=result.isolation,
        gaps=result.gaps,
    )


def _unwell(result: CommandResult) -> TestStatus:
    """Why a command is no success."""
    if result.timed_out:
        return "timeout"
    if result.out_of_memory and result.exit_code in (None, *KILLED):
        return "out-of-memory"
    return "killed" if result.exit_code is None else "failed"


def _reason(status: str, results: Results, ended: Ended) -> list[str]:
    where = f" while {results.running} was running" if results.running else ""
    match status:
        case "error" if results.tampered:
            return ["a test that has to fail passed or disappeared: something of the project changes results of tests"]
        case "timeout":
            return [f"the time was over{where}; everything was killed"]
        case "out-of-memory":
            return [f"all its processes together used more memory than they may{where}; one of them was killed"]
        case "killed":
            return [f"it was killed for using more than it may (output, CPU time or memory){where}"]
        case "crashed":
            return [
                f"it ended without a complete report{where}, with exit code {ended.exit_code}; nothing it said counts"
            ]
    return []
