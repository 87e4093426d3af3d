"""A uvicorn server that says when it is ready and is gone within a second of being told to stop."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from loopcutter_serving.connections import Connections

GRACE = 0.3
"""Seconds open calls get to finish after a signal; then they are cancelled and clean up."""

DEADLINE = 0.9
"""Seconds after a signal when the process ends if calls still run: a thread can't be cancelled."""

_FAREWELL = 0.05
"""Seconds an idle thread gets to end."""


class PromptServer(uvicorn.Server):
    """Serves until SIGTERM or SIGINT; then ends with exit code 0 before `DEADLINE` is over."""

    def __init__(self, config: uvicorn.Config, connections: Connections, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.connections = connections
        self.ready = ready
        self._watchdog = threading.Timer(DEADLINE, _end)
        self._watchdog.daemon = True

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve; then give the process all the time it needs, unless a thread would hold it."""
        super().run(sockets)
        others = [
            thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()
        ]
        for thread in others:
            thread.join(_FAREWELL)
        if not any(thread.is_alive() for thread in others):
            self._watchdog.cancel()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Call `ready` as soon as requests are answered."""
        try:
            await super().startup(sockets)
        except SystemExit:  # the server's own start failed and is in the log; uvicorn's exit code means something else
            sys.exit(1)
        # What is loaded by now stays until the end: the collector need not look through it again, and the process
        # ends a quarter of a second sooner.
        gc.freeze()
        self.ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and see to it that nothing holds the process."""
        if not self.should_exit:
            self._watchdog.start()
            # What is cut off from now on is cut off on purpose: no tracebacks about it.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            self.connections.close_listen_streams()
        super().handle_exit(sig, frame)
        self._captured_signals.clear()  # uvicorn would raise them again, for an exit code other than 0

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let open calls finish, then cancel them."""
        cutting = asyncio.create_task(self._end_sessions())
        await super().shutdown(sockets)
        cutting.cancel()

    async def _end_sessions(self) -> None:
        await asyncio.sleep(GRACE)
        await self.connections.end_sessions()


def stop_when_stdin_ends() -> None:
    """Send this process a SIGTERM when its standard input reaches its end."""

    def wait() -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:  # closed from the beginning: nobody holds the lease
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="lease", daemon=True).start()


def _end() -> None:
    logging.getLogger(__name__).warning("stopped while work was still running")
    sys.stderr.flush()
    os._exit(0)
