"""`loopcutter-loopguard`: serve the judge, or judge a recording."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

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


if __name__ == "__main__":
    main()
