"""A small server to be served: `python served.py serve …`. Its tools wait until they are told that they may stop."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loopcutter_serving import ServingOptions, run, serving_options

if TYPE_CHECKING:
    from mcp.server import MCPServer


def build(lifespan: str) -> "MCPServer":
    from mcp.server import MCPServer
    from mcp.server.mcpserver import Context

    @contextlib.asynccontextmanager
    async def life(server: Any) -> AsyncIterator[None]:
        if lifespan == "fails":
            raise RuntimeError("the store is locked")
        yield

    server = MCPServer("served", lifespan=life)

    @server.tool()
    def double(number: int) -> int:
        return 2 * number

    @server.tool()
    async def wait(context: Context, cleaned: str) -> str:
        """Wait for a minute; in the end write the file `cleaned`."""
        try:
            await context.report_progress(0, 1, "waiting")
            await asyncio.sleep(60)
        finally:
            Path(cleaned).write_text("cleaned")
        return "waited"

    @server.tool()
    def block(started: str) -> str:
        """Sit in a thread that nobody can cancel."""
        Path(started).write_text("started")
        time.sleep(60)
        return "blocked"

    return server


@click.group()
def main() -> None: ...


@main.command()
@serving_options
@click.option("--store", type=click.Path(path_type=Path))
@click.option("--largest", default=1 << 20)
@click.option("--needs", default="")
@click.option("--lifespan", default="works")
@click.option("--building", type=click.Path(path_type=Path), help="Write to this file, then take very long.")
@click.option("--after", type=click.Path(path_type=Path), help="Read this file when no longer serving.")
def serve(
    options: ServingOptions,
    store: Path | None,
    largest: int,
    needs: str,
    lifespan: str,
    building: Path | None,
    after: Path | None,
) -> None:
    from loopcutter_serving.receiver import git_routes

    def made() -> "MCPServer":
        if needs:
            __import__(needs)
        if building is not None:
            building.write_text("building")
            time.sleep(60)
        return build(lifespan)

    run("served", made, options, routes=() if store is None else git_routes(store, largest=largest))
    if after is not None:
        after.read_text()


if __name__ == "__main__":
    main()
