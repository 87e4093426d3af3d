"""`loopcutter-loopguard`: serve the judge, or judge a recording."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loopcutter_serving import ServingOptions, serving_options
from loopcutter_serving import run as serve_until_stopped

if TYPE_CHECKING:
    from mcp.server import MCPServer

_POLICY = click.option(
    "--policy",
    type=click.Path(path_type=Path),
    envvar="LOOPCUTTER_LOOPGUARD_POLICY",
    show_envvar=True,
    help="YAML with what should differ from the default policy.",
)


@click.group()
@click.version_option(package_name="loopcutter")
def main() -> None:
    """Loopguard: tells when an agent goes round in circles, and what must differ now."""


@main.command()
@serving_options
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    envvar="LOOPCUTTER_LOOPGUARD_STORE",
    show_envvar=True,
    help="File that keeps the history; without it, it is lost when the server stops.",
)
@_POLICY
def serve(options: ServingOptions, store: Path | None, policy: Path | None) -> None:
    """Serve the judge over MCP."""
    from loopcutter_loopguard.errors import LoopguardError, PolicyError

    def build() -> "MCPServer":
        from loopcutter_loopguard.policy import default, load
        from loopcutter_loopguard.server import build
        from loopcutter_loopguard.store import Store

        return build(Store(store), load(policy) if policy else default())

    try:
        serve_until_stopped("loopguard", build, options)
    except LoopguardError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2 if isinstance(error, PolicyError) else 4)


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--batch",
    type=click.Path(path_type=Path),
    metavar="CASES",
    help="Many cases, one JSON object a line; - reads standard input.",
)
@click.option("--svg", type=click.Path(path_type=Path), metavar="OUT", help="Also draw a timeline.")
@click.option("--run", default="", help="The run to take out of a run log; the newest by default.")
@click.option(
    "--level", type=click.Choice(["warn", "block"]), default="block", show_default=True, help="What counts as a flag."
)
@click.option("--json", "as_json", is_flag=True, help="JSON lines on stdout; this is what it prints anyway.")
@_POLICY
def replay(
    file: Path | None, batch: Path | None, svg: Path | None, run: str, level: str, as_json: bool, policy: Path | None
) -> None:
    """Judge a recording offline: one line a step with its verdict, and a summary.

    FILE is a recording in the event format, of SWE-agent, mini-swe-agent or OpenHands, in ATIF, or a run log.
    """
    from loopcutter_loopguard.errors import LoopguardError

    if (file is None) == (batch is None):
        raise click.UsageError("Pass either a FILE or --batch CASES.")
    try:
        lines = _cases(batch, level, policy) if batch else _steps(file, svg, run, level, policy)
        for line in lines:
            click.echo(json.dumps(line))
    except LoopguardError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)


def _cases(batch: Path, level: str, policy: Path | None) -> Iterator[dict[str, Any]]:
    from loopcutter_loopguard.batch import batch as judge_all
    from loopcutter_loopguard.policy import default, load

    if str(batch) == "-":
        batch = Path("/dev/stdin")
    return judge_all(batch, load(policy) if policy else default(), "warn" if level == "warn" else "block")


def _steps(file: Path | None, svg: Path | None, run: str, level: str, policy: Path | None) -> Iterator[dict[str, Any]]:
    from loopcutter_loopguard.policy import default, load
    from loopcutter_loopguard.recordings.opening import open_recording
    from loopcutter_loopguard.replay import Judged, Summing, judged

    assert file is not None
    kept: list[Judged] = []
    summary = Summing("warn" if level == "warn" else "block")
    for step in judged(open_recording(file, run), load(policy) if policy else default()):
        summary.add(step)
        if svg is not None:
            kept.append(step)
        yield step.line()
    if svg is not None:
        from loopcutter_loopguard.timeline import timeline

        svg.write_text(timeline(kept, summary.result, file.name), encoding="utf-8")
    yield summary.result.line()


if __name__ == "__main__":
    main()
