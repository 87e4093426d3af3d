"""`loopcutter-host`: the command line. Options stand here; what they do is imported when a command is run."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

EXIT_CODES = """\b
Exit codes of fix:
  0  a verified fix
  1  an error of its own
  2  wrong usage or configuration
  3  ended without a verified fix (an honest report was written)
  4  something it needs is missing or can't be reached
  5  aborted on request
  130, 143  ended by a signal
"""

_REPOSITORY = click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path)


def as_json(command: Callable[..., None]) -> Callable[..., None]:
    """Every command speaks to machines as well."""
    return click.option("--json", "json_output", is_flag=True, help="Lines of JSON on standard output.")(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loopcutter", prog_name="loopcutter-host")
def main() -> None:
    """Fix bugs with a local model that is never allowed to try the same broken fix three times."""


@main.command(epilog=EXIT_CODES)
@click.option("--repo", required=True, type=_REPOSITORY, help="The git repository to work on; it is only read.")
@click.option("--issue", required=True, metavar="TEXT|@FILE", help="What is wrong; @FILE reads it, @- from stdin.")
@click.option("--test", metavar="COMMAND", help="Command that shows the bug; default: the whole pytest suite.")
@click.option("--model", metavar="MODEL", help="builtin (default), ollama:NAME or scripted:FILE.")
@click.option("--manifest", metavar="FILE", help="Where the servers are; default: started here for the run.")
@click.option("--python", metavar="PATH", help="Interpreter with the project's dependencies.")
@click.option("--attempts", type=int, help="Edits tried before it gives up.")
@click.option("--minutes", type=float, help="Wall time of the whole run.")
@click.option("--apply", is_flag=True, help="Apply a verified fix to the repository's files.")
@click.option(
    "--branch", metavar="NAME", default="", help="Put a verified fix on a new branch; files stay as they are."
)
@click.option("--init", is_flag=True, help="Make the folder a git repository first, if it is none.")
@click.option("--no-guard", is_flag=True, help="Without loopguard, for comparison.")
@click.option("--unsafe-local", is_flag=True, help="Run tests without isolation. Never for code you don't trust.")
@as_json
def fix(**options: Any) -> None:
    """Fix one issue: read, plan, edit, test, reflect, until the tests pass or every approach is spent."""
    from loopcutter_host.commands.fix import run

    sys.exit(run(options))


@main.command()
@click.option("--model", metavar="MODEL", help="Also check what this model needs.")
@as_json
def doctor(model: str | None, json_output: bool) -> None:
    """Check what this machine has and name the command that mends what is missing."""
    from loopcutter_host.commands.doctor import run

    sys.exit(run(model, json_output=json_output))


@main.command()
@click.option("--repo", type=_REPOSITORY, help="Read the settings of this repository as well.")
@as_json
def config(repo: Path | None, json_output: bool) -> None:
    """Print every setting and where its value came from."""
    from loopcutter_host.commands.config import run

    sys.exit(run(repo, json_output=json_output))


@main.command()
@click.option("--limit", default=20, show_default=True, help="How many, newest first.")
@as_json
def runs(limit: int, json_output: bool) -> None:
    """List the runs."""
    from loopcutter_host.commands.history import list_runs

    sys.exit(list_runs(limit, json_output=json_output))


@main.command()
@click.argument("run")
@as_json
def show(run: str, json_output: bool) -> None:
    """Show one run; `last` is the newest, and a name may be cut short."""
    from loopcutter_host.commands.history import show_run

    sys.exit(show_run(run, json_output=json_output))


@main.command()
@click.argument("run")
@click.option("--branch", metavar="NAME", default="", help="On a new branch instead; files stay as they are.")
@as_json
def apply(run: str, branch: str, json_output: bool) -> None:
    """Apply the patch of a run to the repository as it is now, three-way; conflicts are reported, nothing half done."""
    from loopcutter_host.commands.apply import run as apply_run

    sys.exit(apply_run(run, branch, json_output=json_output))


@main.command()
@click.argument("run")
def abort(run: str) -> None:
    """End a run that is under way; it tidies up and saves what it has."""
    from loopcutter_host.commands.abort import run as abort_run

    sys.exit(abort_run(run))


@main.group()
def bench() -> None:
    """Measure the host and its guard on this machine."""


@bench.command("death-loop")
@click.option("--agent", "agents", multiple=True, metavar="NAME", help="Only these agents; repeatable.")
@as_json
def death_loop(agents: tuple[str, ...], json_output: bool) -> None:
    """Let scripted agents that never learn loose on a small project, and see each of them cut."""
    from loopcutter_host.commands.bench import death_loop as run_death_loop

    sys.exit(run_death_loop(agents, json_output=json_output))


if __name__ == "__main__":
    main()
