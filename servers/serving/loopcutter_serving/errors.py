"""Why a server does not start, and why a request is not read to its end.

ServingError        one line on stderr and the exit code of the command
├── Misconfigured   what was asked for is incomplete or unsafe (exit code 2)
└── Unavailable     something it needs is missing or taken (exit code 4)

RequestEnded        never leaves the server
├── BodyRefused     the body is not taken, and the client is told why
└── Gone            the client has disconnected
"""

import click


class ServingError(click.ClickException):
    """What keeps a server from starting; the command line prints it as one line."""


class Misconfigured(ServingError):
    """What was asked for is incomplete or unsafe."""

    exit_code = 2


class Unavailable(ServingError):
    """Something the server needs is missing or taken."""

    exit_code = 4


class RequestEnded(Exception):
    """What ends a request before its body does."""


class BodyRefused(RequestEnded):
    """The body is not taken; `status` is the HTTP status to say so with."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Gone(RequestEnded):
    """The client has disconnected."""
