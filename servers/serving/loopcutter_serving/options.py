"""The command line options every server shares, and the decorator that adds them to a command.

Imported by every `__main__`, so it must stay light: click and nothing else.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

_PREFIX = "loopcutter_"


@dataclass(frozen=True)
class ServingOptions:
    """Where and how a server is served."""

    host: str = "127.0.0.1"
    port: int = 0
    """0 takes any free port; the line printed when the server is ready says which."""
    token_file: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    allow_host: tuple[str, ...] = ()
    """Names and addresses by which clients may reach the server, beside loopback and `host`."""
    lease: bool = False
    """Stop when standard input ends: whoever started the server holds the other end."""
    log_level: str = "warning"


def serving_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options every server shares; `command` receives them as one argument, `options`.

    Each option is also an environment variable named after the package the command lives in: in `loopcutter_vcs`
    the port is ``LOOPCUTTER_VCS_PORT``.
    """

    @functools.wraps(command)
    def with_options(**arguments: Any) -> None:
        options = ServingOptions(**{field.name: arguments.pop(field.name) for field in fields(ServingOptions)})
        command(options=options, **arguments)

    decorated = with_options
    for add in reversed(_options(_environment_prefix(command))):
        decorated = add(decorated)
    return decorated


def _environment_prefix(command: Callable[..., None]) -> str:
    # __package__, not __module__: under `python -m loopcutter_vcs` the module is called __main__.
    package = str(getattr(command, "__globals__", {}).get("__package__") or "")
    return f"LOOPCUTTER_{package.removeprefix(_PREFIX).upper()}" if package.startswith(_PREFIX) else "LOOPCUTTER"


def _options(prefix: str) -> list[Callable[[Callable[..., None]], Callable[..., None]]]:
    file = click.Path(path_type=Path)  # existence is checked later, with a message that says what to do

    def option(name: str, **settings: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
        variable = f"{prefix}_{name.removeprefix('--').replace('-', '_').upper()}"
        return click.option(name, envvar=variable, show_envvar=True, **settings)

    return [
        option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
        option("--port", default=0, type=click.IntRange(0, 65535), show_default=True, help="Port; 0 takes a free one."),
        option("--token-file", type=file, help="File with the bearer token, readable by its owner only."),
        option("--tls-cert", type=file, help="Certificate (chain) in PEM; with --tls-key serves HTTPS."),
        option("--tls-key", type=file, help="Private key of the certificate in PEM."),
        option("--allow-host", multiple=True, metavar="NAME", help="Name clients may use for this server; repeatable."),
        option("--lease", is_flag=True, help="Stop when standard input ends."),
        option(
            "--log-level",
            type=click.Choice(["debug", "info", "warning", "error"]),
            default="warning",
            show_default=True,
            help="How much to log on stderr.",
        ),
    ]
