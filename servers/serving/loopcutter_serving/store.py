"""Where a server keeps its things unless it is told."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def store_option(server: str, what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--store`: a folder of the user's state (XDG base directory specification) where none is given."""
    name = f"LOOPCUTTER_{server.upper()}_STORE"
    return click.option(
        "--store",
        type=click.Path(path_type=Path, file_okay=False),
        default=lambda: default_store(server),
        show_default=f"$XDG_STATE_HOME/loopcutter/servers/{server}",
        envvar=name,
        show_envvar=True,
        help=what,
    )


def default_store(server: str) -> Path:
    """Below `$LOOPCUTTER_STATE`, else `$XDG_STATE_HOME/loopcutter`; apart from what the host's own servers keep."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "loopcutter"
    return Path(os.environ.get("LOOPCUTTER_STATE") or state) / "servers" / server
