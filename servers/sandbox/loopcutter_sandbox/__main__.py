"""`loopcutter-sandbox`: serve the sandbox, say how runs would be isolated here, or judge commands."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loopcutter_serving import Misconfigured, ServingOptions, Unavailable, run, serving_options, store_option

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from loopcutter_sandbox.report import Isolation
    from loopcutter_sandbox.sandbox import Sandbox

_LEVELS = ("container", "namespace", "landlock", "none")


def _isolation_options(command: Any) -> Any:
    for add in (
        click.option(
            "--image",
            envvar="LOOPCUTTER_SANDBOX_IMAGE",
            show_envvar=True,
            help="The image that containers start from: one that is here already and has a Python.",
        ),
        click.option(
            "--runtime",
            default="",
            envvar="LOOPCUTTER_SANDBOX_RUNTIME",
            show_envvar=True,
            help="The container runtime, if not the engine's default: runsc for gVisor.",
        ),
        click.option(
            "--network-allow",
            "network_allow",
            multiple=True,
            metavar="HOST:PORT",
            envvar="LOOPCUTTER_SANDBOX_NETWORK_ALLOW",
            show_envvar=True,
            help="A place that runs in containers may reach, by a proxy that lets nothing else pass; none by default.",
        ),
        click.option(
            "--unsafe-local",
            is_flag=True,
            envvar="LOOPCUTTER_SANDBOX_UNSAFE_LOCAL",
            show_envvar=True,
            help="Run without isolation where nothing better works; every result says so.",
        ),
        click.option(
            "--minimum",
            type=click.Choice(_LEVELS),
            default="landlock",
            show_default=True,
            envvar="LOOPCUTTER_SANDBOX_MINIMUM",
            show_envvar=True,
            help="Refuse isolation that is weaker.",
        ),
        click.option(
            "--python",
            type=click.Path(path_type=Path),
            envvar="LOOPCUTTER_SANDBOX_PYTHON",
            show_envvar=True,
            help="The Python with the project's dependencies, where no container has one; the server's own by default.",
        ),
    ):
        command = add(command)
    return command


@click.group()
@click.version_option(package_name="loopcutter")
def main() -> None:
    """Sandbox: runs tests and commands of a tree in throw-away, isolated workspaces."""


@main.command()
@serving_options
@store_option("sandbox", "Folder for the trees that are pushed here.")
@_isolation_options
def serve(options: ServingOptions, store: Path, **isolation: Any) -> None:
    """Serve the sandbox over MCP, and receive trees by git push beside it."""

    opened: list[Sandbox] = []

    def build() -> "MCPServer":
        from loopcutter_sandbox.server import build

        opened.append(_open(store, **isolation))
        return build(opened[0])

    from loopcutter_serving.receiver import git_routes

    try:
        run("sandbox", build, options, routes=git_routes(store))
    finally:
        for sandbox in opened:
            sandbox.close()


@main.command()
@_isolation_options
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(as_json: bool, **isolation: Any) -> None:
    """Probe what isolates here, and say which would be used."""
    import tempfile

    import anyio

    with tempfile.TemporaryDirectory() as folder:
        sandbox = _open(Path(folder) / "store", **isolation)
        try:
            state = anyio.run(sandbox.status)
        finally:
            sandbox.close()
    if as_json:
        click.echo(json.dumps(asdict(state)))
        return
    click.echo(f"isolation  {state.isolation}\npython     {state.python}")
    for backend in state.backends:
        click.echo(f"{backend.name:<10} {'works' if backend.works else f'does not work: {backend.why}'}")
    for gap in state.gaps:
        click.echo(f"gap        {gap}")


@main.command()
@click.option(
    "--workspace",
    default="/workspace",
    show_default=True,
    help="The folder in which the commands would start.",
)
def guard(workspace: str) -> None:
    """Judge commands without running them.

    Reads lines of JSON, {"command": ...}, and answers each with {"command", "verdict", "rule", "why"}, where the
    verdict is allow, block, or opaque for what can't be read and so runs only where it is isolated. A line that is
    none of this is answered with {"error", "line"}.
    """
    from loopcutter_sandbox.guard.lines import answer

    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            click.echo(json.dumps(answer(line, number, workspace)))


def _open(
    store: Path,
    python: Path | None,
    minimum: "Isolation",
    unsafe_local: bool,
    image: str | None,
    runtime: str,
    network_allow: tuple[str, ...],
) -> "Sandbox":
    """The sandbox, or one line on why there is none."""
    import anyio

    from loopcutter_sandbox.allow_list import AllowList
    from loopcutter_sandbox.backends import DEFAULT_IMAGE, Docker, for_this_system
    from loopcutter_sandbox.errors import BadInterpreter, NoIsolation, NotAllowed
    from loopcutter_sandbox.sandbox import Sandbox, open_sandbox
    from loopcutter_snapshots import ObjectStore, SnapshotError

    try:
        docker = Docker(image or DEFAULT_IMAGE, runtime, allowed=AllowList.of(network_allow))
    except NotAllowed as error:
        raise Misconfigured(f"--network-allow: {error}") from None
    if python is not None and image is None:
        docker.why_not = "a Python of this machine was named, and containers have their own; name an image with --image"
    backends = for_this_system(unsafe=unsafe_local, docker=docker)

    async def opened() -> Sandbox:
        return await open_sandbox(
            ObjectStore(store), python or Path(sys.executable), minimum=minimum, unsafe=unsafe_local, backends=backends
        )

    try:
        sandbox = anyio.run(opened)
    except BadInterpreter as error:
        raise Misconfigured(str(error)) from None
    except (NoIsolation, SnapshotError) as error:
        raise Unavailable(str(error)) from None
    if network_allow and sandbox.runner.backend is not docker:
        click.echo("--network-allow has no effect: only containers have ways out, and none is used here", err=True)
    return sandbox


if __name__ == "__main__":
    main()
