"""A model that is asked nothing while its run is held, that is told what the user says, and never asked twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from loopcutter_host.control import Control
from loopcutter_host.journal import Journal
from loopcutter_host.model import Briefing, Draft, Model, Plan, Proposal, Reading, Reflection, Tester
from loopcutter_host.toolbox import Toolbox

Said = TypeVar("Said")


@dataclass(frozen=True)
class HeldModel:
    """Asks `inner`. What it answered before its run was cut off is taken from the journal."""

    inner: Model
    control: Control
    journal: Journal

    @property
    def name(self) -> str:
        """As `--model` names it."""
        return self.inner.name

    @property
    def needs_coverage(self) -> bool:
        """Whether it wants to know which lines the tests execute."""
        return self.inner.needs_coverage

    async def plan(self, briefing: Briefing, tools: Toolbox) -> Plan:
        """What is wrong, and where."""
        return await self._answered("plan", Plan, briefing, lambda told: self.inner.plan(told, tools))

    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        """The next attempt."""
        return await self._answered("edit", Proposal, briefing, lambda told: self.inner.edit(told, tools))

    async def reflect(self, briefing: Briefing, tools: Toolbox) -> Reflection:
        """What the last attempt taught."""
        return await self._answered("reflect", Reflection, briefing, lambda told: self.inner.reflect(told, tools))

    async def _answered(
        self, question: str, kind: type[Said], briefing: Briefing, ask: Callable[[Briefing], Awaitable[Said]]
    ) -> Said:
        async def ask_when_free() -> Said:
            await self.control.hold()
            return await ask(replace(briefing, words=self.control.words))

        return await self.journal.answered(question, kind, ask_when_free)


@dataclass(frozen=True)
class HeldTester(HeldModel):
    """The same of a model that also reads and writes tests."""

    async def read_test(self, briefing: Briefing, tools: Toolbox) -> Reading:
        """What the first failure says."""
        tester = self._tester
        return await self._answered("read_test", Reading, briefing, lambda told: tester.read_test(told, tools))

    async def write_test(self, briefing: Briefing, tools: Toolbox, refused: tuple[str, ...] = ()) -> Draft:
        """A small test that shows the bug."""
        tester = self._tester
        return await self._answered("write_test", Draft, briefing, lambda told: tester.write_test(told, tools, refused))

    @property
    def _tester(self) -> Tester:
        assert isinstance(self.inner, Tester)
        return self.inner


def held(model: Model, control: Control, journal: Journal) -> Model:
    """The model, held."""
    kind = HeldTester if isinstance(model, Tester) else HeldModel
    return kind(model, control, journal)
