"""Serves an MCP server over HTTP until it is told to stop.

Everything heavy is imported inside `run`: every `__main__` imports this module, and `--help` must stay fast.
"""

import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING

from loopcutter_serving.errors import Unavailable
from loopcutter_serving.options import ServingOptions

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from starlette.routing import BaseRoute


def run(
    name: str,
    build: "Callable[[], MCPServer]",
    options: ServingOptions,
    *,
    routes: "Sequence[BaseRoute]" = (),
) -> None:
    """Serve what `build` returns at /mcp, and `routes` beside it, until SIGTERM, SIGINT or the end of the lease.

    When requests are answered, one line of JSON on stdout says where: server, url, pid. What keeps the server from
    starting is raised as a `ServingError`.
    """
    from loopcutter_serving.address import bind, names
    from loopcutter_serving.tls import tls_context
    from loopcutter_serving.token import read_token

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    logging.basicConfig(level=options.log_level.upper(), format=f"%(levelname)s {name}: %(message)s")
    token = read_token(name, options.token_file)
    tls = tls_context(options.tls_cert, options.tls_key)
    with bind(options.host, options.port, protected=bool(token and tls)) as listening:
        server = _built(name, build)

        import uvicorn

        from loopcutter_serving.application import application
        from loopcutter_serving.connections import Connections
        from loopcutter_serving.gate import security
        from loopcutter_serving.stopping import GRACE, PromptServer, stop_when_stdin_ends

        allowed = security(names(options.host, options.allow_host), tls=tls is not None)
        config = uvicorn.Config(
            application(name, server, routes, allowed, token),
            # The same behaviour on every machine, whatever faster loops and parsers happen to be installed.
            loop="asyncio",
            http="h11",
            ws="none",
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE + 0.05,  # type: ignore[arg-type]  # it goes to asyncio.wait_for as it is
            ssl_context_factory=None if tls is None else lambda config, default: tls,
        )
        if options.lease:
            stop_when_stdin_ends()
        ready = _announcement(name, options, listening, tls=tls is not None)
        PromptServer(config, Connections(server), lambda: print(ready, flush=True)).run([listening])


def _leave(number: int, frame: FrameType | None) -> None:
    """The answer to a signal until the server is up: a stop during the start is no failure either."""
    sys.exit(0)


def _built(name: str, build: "Callable[[], MCPServer]") -> "MCPServer":
    try:
        return build()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("loopcutter_"):
            raise
        raise Unavailable(f"{error.name} is missing: pip install 'loopcutter[{name}]'") from None


def _announcement(name: str, options: ServingOptions, listening: socket.socket, *, tls: bool) -> str:
    from loopcutter_serving.address import in_url, is_wildcard
    from loopcutter_serving.application import MCP_PATH

    host = next(iter(options.allow_host), socket.gethostname()) if is_wildcard(options.host) else options.host
    url = f"{'https' if tls else 'http'}://{in_url(host)}:{listening.getsockname()[1]}{MCP_PATH}"
    return json.dumps({"server": name, "url": url, "pid": os.getpid()})
