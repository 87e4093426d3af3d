"""Template repair for a minute before a language model is asked: what is quickly found need not be thought about."""

from dataclasses import replace

from loopcutter_host.model import Briefing, Draft, Model, Plan, Proposal, Reading, Reflection, Tester
from loopcutter_host.repair.builtin import Builtin
from loopcutter_host.toolbox import Toolbox

PREPASS_S = 60.0
"""Wall time that the pre-pass may take at most."""


class Prepass:
    """A model that lets `repair` make one attempt, and is `then` from there on.

    The one attempt is one hypothesis, however many candidates were tried for it. When it finds nothing, the same step
    is taken by `then`: nobody waits for a round of the loop. A forced approach (a rung) is for `then` alone.
    """

    def __init__(self, repair: Builtin, then: Model) -> None:
        self._repair = repair
        self._then = then
        self._over = False
        self._mine = False
        """Whether the attempt under way is the repairer's."""

    @property
    def name(self) -> str:
        """Of the one whose attempt is under way; never that of the fallback, by which a resumed run knows the turn."""
        return f"{self._repair.name}, pre-pass" if self._mine else self._then.name

    @property
    def needs_coverage(self) -> bool:
        """The repairer does."""
        return not self._over or self._then.needs_coverage

    async def plan(self, briefing: Briefing, tools: Toolbox) -> Plan:
        """The repairer's first, if there is a failing test to repair by and nothing was tried yet."""
        if self._over or briefing.rung or briefing.attempts or not briefing.failures:
            self._over, self._mine = True, False
            return await self._then.plan(briefing, tools)
        self._mine = True
        return await self._repair.plan(briefing, tools)

    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        """The repairer's patch; without one, the model's plan and edit."""
        if not self._mine:
            return await self._then.edit(briefing, tools)
        if not self._over:
            self._over = True
            proposal = await self._repair.edit(briefing, tools)
            if proposal.edits:
                return proposal
        self._mine = False
        plan = await self._then.plan(replace(briefing, plan=None), tools)
        return await self._then.edit(replace(briefing, plan=plan), tools)

    async def reflect(self, briefing: Briefing, tools: Toolbox) -> Reflection:
        """After the repairer's attempt the model plans from the start; it sees what was tried."""
        if not self._mine:
            return await self._then.reflect(briefing, tools)
        self._mine = False
        return Reflection("The patch of template repair did not hold in the whole suite.", "plan")

    async def read_test(self, briefing: Briefing, tools: Toolbox) -> Reading:
        """The model's reading; empty when it reads no tests."""
        if isinstance(self._then, Tester):
            return await self._then.read_test(briefing, tools)
        first = briefing.failures[0]
        return Reading(first.test, "", first.message, first.file, first.line, "")

    async def write_test(self, briefing: Briefing, tools: Toolbox, refused: tuple[str, ...] = ()) -> Draft:
        """The model's test; an empty one, which nobody believes, when it writes none."""
        if isinstance(self._then, Tester):
            return await self._then.write_test(briefing, tools, refused)
        return Draft("")
