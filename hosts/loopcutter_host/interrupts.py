"""Ctrl-C and SIGTERM: the first asks the run to end and to tidy up, the second ends everything at once."""

import asyncio
import os
import signal
from collections.abc import Callable

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Turns signals into the cancellation of one task."""

    def __init__(self, task: "asyncio.Task[object]", kill: Callable[[], None], say: Callable[[str], None]) -> None:
        self._task = task
        self._kill = kill
        self._say = say
        self.received: signal.Signals | None = None

    def install(self) -> None:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._receive, number)

    def _receive(self, number: signal.Signals) -> None:
        if self.received is not None:
            self._kill()
            os._exit(128 + number)
        self.received = number
        self._say("stopping: tidying up, nothing of yours was changed (again to end at once)")
        self._task.cancel()
