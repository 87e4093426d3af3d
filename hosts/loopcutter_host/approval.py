"""Each edit is shown to the user, who lets it pass or says why not: `--interactive`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from loopcutter_host.connections import demand
from loopcutter_host.errors import BadUsage
from loopcutter_host.meter import Meter
from loopcutter_host.runlog import RunLog
from loopcutter_host.toolbox import Toolbox, use
from loopcutter_loopguard.events import Call, Outcome

Ask = Callable[[str], Awaitable[str]]
"""Shows a question and gives the line that is typed; raises `EOFError` at the end of the input."""

QUESTION = "Keep this edit? [y]es, [n]o, or say what is wrong with it: "
_YES, _NO = {"y", "yes"}, {"n", "no"}


@dataclass(frozen=True)
class ApprovedToolbox:
    """Makes an edit in the workspace of the run, shows what it changed, and takes it back where the user says no.

    It stands behind the guard: what the guard vetoes is never shown. The user's own files are not in play here.
    """

    inner: Toolbox
    ask: Ask
    show: Callable[[str], None]
    """Prints a unified diff."""
    log: RunLog
    meter: Meter
    """Its time stands still while the user thinks."""

    async def call(self, call: Call) -> Outcome:
        if (call.server, call.tool) != ("vcs", "edit"):
            return await self.inner.call(call)
        workspace = call.arguments["workspace"]
        before = demand(await use(self.inner, "vcs", "history", workspace=workspace, limit=1))["current"]
        came = await self.inner.call(call)
        if not came.ok or not came.diff:
            return came
        self.show(came.diff)
        with self.meter.standing_still():
            said = await self._answer()
        agreed = said.lower() in _YES
        comment = "" if agreed or said.lower() in _NO else said
        self.log.write("cmd", command="approve" if agreed else "refuse", text=comment)
        if agreed:
            return came
        demand(await use(self.inner, "vcs", "rollback", workspace=workspace, checkpoint=before))
        words = f"the user refused this edit, saying: {comment}" if comment else "the user refused this edit"
        return Outcome(call, ok=False, text=words)

    async def _answer(self) -> str:
        while True:
            try:
                said = (await self.ask(QUESTION)).strip()
            except EOFError as error:
                raise BadUsage(
                    "the input ended before the edit was approved.", "Run it in a terminal, or without --interactive."
                ) from error
            if said:
                return said


async def ask_on_terminal(question: str) -> str:
    """Ask on standard error and read a line from the terminal; Ctrl-C ends the run as it does elsewhere."""
    print(question, end="", file=sys.stderr, flush=True)
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        loop.remove_reader(sys.stdin.fileno())
        if not typed.done():
            typed.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin.fileno(), read)
    try:
        line = await typed
    finally:
        loop.remove_reader(sys.stdin.fileno())
    if not line:
        raise EOFError
    return line


def demand_terminal() -> None:
    """Raises `BadUsage` where nobody could answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadUsage(
            "--interactive needs a terminal to ask on.", "Run it in one, or leave --interactive out to let edits pass."
        )
