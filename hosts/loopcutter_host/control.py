"""Holds a run before its next action and passes on what the user says meanwhile: `pause`, `resume`, `nudge`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from loopcutter_host.guard import JudgedToolbox
from loopcutter_host.meter import Meter
from loopcutter_host.orders import Order, Orders
from loopcutter_host.runlog import RunLog
from loopcutter_loopguard.events import Call, Outcome

LISTEN_S = 0.2
"""How often a host that is at work looks for orders; before each action it does so as well."""
PAUSED = "paused"
_TRIES = {("sandbox", "run_tests"), ("sandbox", "try_edits")}


class Control:
    """What the user wants of a run just now."""

    def __init__(self, orders: Orders, log: RunLog, meter: Meter, words: tuple[str, ...] = ()) -> None:
        self.words = words
        """What the user said to the agent, oldest first."""
        self._orders = orders
        self._log = log
        self._meter = meter
        self._go = asyncio.Event()
        self._go.set()
        self._held = False
        self._state = ""

    def entered(self, state: str) -> None:
        """The run came to another state; it is named again when a pause is over."""
        self._state = state

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Hear orders at once, also while a model thinks."""
        listener = asyncio.create_task(self._listen(), name="orders")
        try:
            yield
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)
            self._orders.close()

    async def _listen(self) -> None:
        while True:
            self.hear()
            await asyncio.sleep(LISTEN_S)

    def take_up(self) -> None:
        """A run that was cut off goes on: what was said to the agent holds, a pause from before does not."""
        self.hear()
        self._go.set()

    def hear(self) -> None:
        """Take in what was said since the last time."""
        for order in self._orders.new():
            self._log.write("cmd", command=order.command, text=order.text, order=order.number)
            self._obey(order)

    def _obey(self, order: Order) -> None:
        match order.command:
            case "pause":
                self._go.clear()
            case "resume":
                self._go.set()
            case "nudge":
                self.words = (*self.words, order.text)

    async def hold(self) -> None:
        """Go on at once, or when the user lets the run go on."""
        self.hear()
        if self._go.is_set():
            return
        first, self._held = not self._held, True
        if first:
            self._log.write("state", state=PAUSED)
        with self._meter.standing_still():
            await self._go.wait()
        if first:
            self._held = False
            self._log.write("state", state=self._state or "read", after=PAUSED)


@dataclass(frozen=True)
class HeldToolbox:
    """Makes no call while the run is held, and none that its limits forbid."""

    inner: JudgedToolbox
    control: Control
    meter: Meter

    @property
    def best(self) -> str | None:
        """The checkpoint with most tests green, as the guard knows it."""
        return self.inner.best

    async def call(self, call: Call) -> Outcome:
        await self.control.hold()
        if (call.server, call.tool) in _TRIES:
            self.meter.count_test_run()
        return await self.inner.call(call)
