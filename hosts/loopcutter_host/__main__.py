"""`loopcutter-host`: the command line. Options stand here; what they do is imported when a command is run."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

EXIT_CODES = """\b
Exit codes of fix:
  0  a verified fix; with --dry-run an edit to show
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


class Commands(click.Group):
    """The commands. Ctrl-C ends them with 130 also where there is no run yet to end cleanly."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loopcutter", prog_name="loopcutter-host")
def main() -> None:
    """Fix bugs with a local model that is never allowed to try the same broken fix three times."""


@main.command(epilog=EXIT_CODES)
@click.option("--repo", required=True, type=_REPOSITORY, help="The git repository to work on; it is only read.")
@click.option("--issue", required=True, metavar="TEXT|@FILE", help="What is wrong; @FILE reads it, @- from stdin.")
@click.option("--test", metavar="COMMAND", help="Command that shows the bug; default: the whole pytest suite.")
@click.option("--model", metavar="MODEL", help="builtin (default), ollama:NAME, openai:NAME or scripted:FILE.")
@click.option("--manifest", metavar="FILE", help="Where the servers are; default: started here for the run.")
@click.option("--python", metavar="PATH", help="Interpreter with the project's dependencies.")
@click.option("--max-attempts", "--attempts", "attempts", type=int, help="Edits tried before it gives up.")
@click.option("--max-minutes", "--minutes", "minutes", type=float, help="Time of the whole run, without pauses.")
@click.option("--max-tokens", "tokens", type=int, help="Tokens of all prompts and answers together.")
@click.option("--max-test-runs", "test_runs", type=int, help="Test runs; a batch of repair candidates counts as one.")
@click.option("--dry-run", is_flag=True, help="Show the first edit it would make, and neither test nor apply it.")
@click.option("--interactive", is_flag=True, help="Show each edit, and make it only when you agree.")
@click.option("--apply", is_flag=True, help="Apply a verified fix to the repository's files.")
@click.option(
    "--branch", metavar="NAME", default="", help="Put a verified fix on a new branch; files stay as they are."
)
@click.option("--init", is_flag=True, help="Make the folder a git repository first, if it is none.")
@click.option("--keep-test", is_flag=True, help="Put a test that was written to show the bug into the patch.")
@click.option("--allow-test-edits", is_flag=True, help="Let a fix change tests; the report says which.")
@click.option("--no-prepass", is_flag=True, help="Ask the model at once; else template repair has a minute first.")
@click.option("--no-guard", is_flag=True, help="Without loopguard, for comparison.")
@click.option(
    "--guard", type=click.Choice(["full", "exact"]), help="exact: only the third identical call in a row is cut."
)
@click.option("--unsafe-local", is_flag=True, help="Run tests without isolation. Never for code you don't trust.")
@as_json
def fix(**options: Any) -> None:
    """Fix one issue: read, plan, edit, test, reflect, until the tests pass or every approach is spent.

    \b
    --dry-run reads the code, runs the tests as they are, and asks the model for a
    plan and one edit, which is made in a copy and shown. builtin tries its
    candidates in the sandbox to find one. Your files are not touched.
    """
    from loopcutter_host.commands.fix import run

    sys.exit(run(options))


@main.command()
@click.option("--model", metavar="MODEL", help="Also check what this model needs.")
@click.option("--manifest", metavar="FILE", help="Also check the servers that this file names.")
@as_json
def doctor(model: str | None, manifest: str | None, json_output: bool) -> None:
    """Check what this machine has and name the command that mends what is missing."""
    from loopcutter_host.commands.doctor import run

    sys.exit(run(model, manifest, json_output=json_output))


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


@main.command()
@click.argument("run")
def pause(run: str) -> None:
    """Hold a run before its next action, until it is resumed; no time of its limit is spent."""
    from loopcutter_host.commands.steering import pause as pause_run

    sys.exit(pause_run(run))


@main.command(epilog=EXIT_CODES)
@click.argument("run")
@as_json
def resume(run: str, json_output: bool) -> None:
    """Let a paused run go on. One that was cut off (killed, Ctrl-C, a server gone) is taken up here where it was."""
    from loopcutter_host.commands.steering import resume as resume_run

    sys.exit(resume_run(run, json_output=json_output))


@main.command()
@click.argument("run")
@click.argument("text", metavar="TEXT|@FILE")
def nudge(run: str, text: str) -> None:
    """Say something to the agent of a run; builtin looks first at files and functions that are named."""
    from loopcutter_host.commands.steering import nudge as nudge_run

    sys.exit(nudge_run(run, text))


@main.command()
@click.argument("run")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
def export(run: str, form: str) -> None:
    """Print a run as lines of JSON, one event each, whole and in order."""
    from loopcutter_host.commands.history import export_run

    sys.exit(export_run(run))


@main.command()
@click.argument("run")
@as_json
def replay(run: str, json_output: bool) -> None:
    """Judge a run again, offline, by loopguard as it is today: a line a step, and a summary."""
    from loopcutter_host.commands.replay import run as replay_run

    sys.exit(replay_run(run, json_output=json_output))


@main.group()
def bench() -> None:
    """Measure the host and its guard on this machine."""


@bench.command("death-loop")
@click.option("--agent", "agents", multiple=True, metavar="NAME", help="Only these agents; repeatable.")
@click.option(
    "--guard",
    "guards",
    multiple=True,
    type=click.Choice(["full", "exact", "none"]),
    default=("full", "exact"),
    show_default=True,
    help="Behind which guards; repeatable.",
)
@as_json
def death_loop(agents: tuple[str, ...], guards: tuple[Any, ...], json_output: bool) -> None:
    """Let scripted agents that never learn loose on a small project, and see each of them cut."""
    from loopcutter_host.commands.bench import death_loop as run_death_loop

    sys.exit(run_death_loop(agents, guards, json_output=json_output))


if __name__ == "__main__":
    main()
