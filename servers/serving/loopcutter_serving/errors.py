"""Why a server does not start. Each is one line on stderr and the exit code of the command.

ServingError
├── Misconfigured   what was asked for is incomplete or unsafe (exit code 2)
└── Unavailable     something it needs is missing or taken (exit code 4)
"""

import click


class ServingError(click.ClickException):
    """What every error of this package is; the command line prints it as one line."""


class Misconfigured(ServingError):
    """What was asked for is incomplete or unsafe."""

    exit_code = 2


class Unavailable(ServingError):
    """Something the server needs is missing or taken."""

    exit_code = 4
