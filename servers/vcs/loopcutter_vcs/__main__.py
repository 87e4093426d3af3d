"""Starts the vcs server: `loopcutter-vcs serve --repository PATH --store DIR`."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import click

from loopcutter_serving import ServingOptions, run, serving_options, store_option

_REMOTE_TOKEN = "LOOPCUTTER_VCS_REMOTE_TOKEN"
_T = TypeVar("_T")


@click.group()
def main() -> None:
    """Keeps the states of a repository while it is being changed; the user's own stay untouched until apply."""


@main.command()
@serving_options
@click.option(
    "--repository",
    "repositories",
    multiple=True,
    required=True,
    type=click.Path(),
    metavar="[NAME=]PATH",
    envvar="LOOPCUTTER_VCS_REPOSITORY",
    show_envvar=True,
    help="Top folder of a git repository; repeatable. Its name is the folder's unless given.",
)
@store_option("vcs", "Folder for snapshots and workspaces, outside the repositories.")
@click.option(
    "--remote",
    "remotes",
    multiple=True,
    metavar="NAME=URL",
    envvar="LOOPCUTTER_VCS_REMOTE",
    show_envvar=True,
    help="MCP address of a server that snapshots go to: sandbox=http://127.0.0.1:9401/mcp. Repeatable.",
)
@click.option(
    "--remote-token-file",
    type=click.Path(path_type=Path),
    envvar="LOOPCUTTER_VCS_REMOTE_TOKEN_FILE",
    show_envvar=True,
    help=f"File with the token of the remotes, readable by its owner only; else ${_REMOTE_TOKEN} is used.",
)
@click.option(
    "--remote-ca",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    envvar="LOOPCUTTER_VCS_REMOTE_CA",
    show_envvar=True,
    help="Certificate authority of the remotes, in PEM.",
)
@click.option("--init", is_flag=True, help="Make a folder that is no git repository one, with `git init`.")
def serve(
    options: ServingOptions,
    repositories: tuple[str, ...],
    store: Path,
    remotes: tuple[str, ...],
    remote_token_file: Path | None,
    remote_ca: Path | None,
    init: bool,
) -> None:
    """Serve the tools over HTTP, for the repositories given."""
    folders = _by_name(map(_repository, repositories), "--repository")
    urls = _by_name(map(_remote, remotes), "--remote")
    token = _remote_token(remote_token_file)

    def build():  # type: ignore[no-untyped-def]  # its type is the SDK's, which takes a second to import
        from loopcutter_vcs.errors import UnusableStore
        from loopcutter_vcs.publishing import Remotes
        from loopcutter_vcs.server import build

        try:
            return build(store, folders, Remotes(urls, token, remote_ca), init=init)
        except UnusableStore as error:
            raise click.UsageError(str(error)) from None

    run("vcs", build, options)


def _by_name(pairs: Iterable[tuple[str, _T]], option: str) -> dict[str, _T]:
    named: dict[str, _T] = {}
    for name, value in pairs:
        if name in named:
            raise click.UsageError(f"two of {option} are called {name!r}: give one another name with NAME=")
        named[name] = value
    return named


def _repository(value: str) -> tuple[str, Path]:
    name, separator, path = value.partition("=")
    if separator and re.fullmatch(r"[\w.-]+", name) and not Path(value).exists():
        return name, Path(path)
    return Path(value).resolve().name, Path(value)


def _remote(value: str) -> tuple[str, str]:
    name, _, url = value.partition("=")
    if not name or not re.match(r"https?://[^@/]+(/|$)", url):
        raise click.UsageError(f"--remote {value!r} is not NAME=URL with an http or https address: check it")
    return name, url


def _remote_token(file: Path | None) -> str | None:
    from loopcutter_serving.token import read_token

    # A copy: without a token of their own the remotes have the server's, which must still be there for the server.
    variables = {name: os.environ[name] for name in (_REMOTE_TOKEN, "LOOPCUTTER_TOKEN") if name in os.environ}
    os.environ.pop(_REMOTE_TOKEN, None)
    return read_token("vcs_remote", file, variables)


if __name__ == "__main__":
    main()
