"""`Dialogue`: a language model in the role of `Model`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.errors import NoUsableAnswer, Unusable
from loopcutter_host.chat.extraction import decision, prose, without_thoughts
from loopcutter_host.chat.protocol import Chat
from loopcutter_host.dialogue import edits, material
from loopcutter_host.dialogue.budget import Part, shortened
from loopcutter_host.dialogue.code import Code
from loopcutter_host.dialogue.conversation import Conversation, Exchange, Lookups, Question
from loopcutter_host.dialogue.decisions import PlanDecision, ReflectDecision
from loopcutter_host.model import Briefing, Edit, Place, Plan, Proposal, Reflection
from loopcutter_host.prompts import prompt
from loopcutter_host.toolbox import Toolbox

EditFormat = Literal["function", "blocks"]

_FRESH_TEMPERATURE = 0.7
"""After the guard stepped in: the same prompt at the same temperature gives the same answer."""
_SHOWN_PLACES = 5
_TARGETS = 3


@dataclass(frozen=True)
class Dialogue:
    """Implements `Model` by asking a `Chat` small questions."""

    chat: Chat
    edit_format: EditFormat = "function"
    """Whole functions suit small models, search/replace blocks those from about 24B."""
    lookups: int = 3
    """How often the model may look at the code while it plans; 0 for none."""
    repairs: int = 2
    listen: Callable[[Exchange], None] = field(default=lambda exchange: None)
    """Told every question and its answer."""
    _code: Code = field(default_factory=Code, init=False, repr=False)

    @property
    def name(self) -> str:
        """As the chat is called."""
        return self.chat.name

    @property
    def needs_coverage(self) -> bool:
        """A language model reads code, not line numbers."""
        return False

    async def plan(self, briefing: Briefing, tools: Toolbox) -> Plan:
        """Ask what is wrong and where; the model may look at the code first."""
        shown = [
            material.code(place, await self._code.body(briefing, tools, place), priority=2 + rank)
            for rank, place in enumerate(briefing.places[:_SHOWN_PLACES])
        ]
        parts = [
            material.issue(briefing),
            material.failures(briefing),
            await self._test(briefing, tools),
            *shown,
            material.places(briefing),
            material.history(briefing),
            material.directive(briefing),
            material.reminder("Answer with the JSON object: hypothesis and targets."),
        ]
        looking = Lookups(briefing, tools, self.lookups if (await self.chat.capacity()).tools else 0)
        offer = prompt("lookups", count=str(looking.left)) if looking.left else ""
        question = Question(
            "plan",
            prompt("plan", lookups=f"\n{offer}\n" if offer else ""),
            parts,
            schema=PlanDecision.model_json_schema(),
            temperature=_temperature(briefing),
        )

        async def read(answer: Answer) -> Plan:
            decided = decision(answer.text, PlanDecision)
            return Plan(decided.hypothesis, await self._targets(decided, briefing, tools))

        return await self._conversation().ask(question, read, looking)

    async def _targets(self, decided: PlanDecision, briefing: Briefing, tools: Toolbox) -> tuple[Place, ...]:
        """The places named by the model that exist. Raises `Unusable` when none does."""
        found = [await self._code.find(briefing, tools, target.path, target.symbol) for target in decided.targets]
        known = tuple(dict.fromkeys(place for place in found if place is not None))[:_TARGETS]
        if not known:
            named = ", ".join(f"{target.path} {target.symbol}".strip() for target in decided.targets[:3])
            listed = "; ".join(f"{place.path} {place.symbol}".strip() for place in briefing.places[:5])
            raise Unusable(f"there is no {named}. Choose among: {listed}")
        return known

    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        """Ask for one function, or for blocks; when one form keeps failing, for the other."""
        target = _target(briefing)
        if target is None:
            return Proposal((), "no place is known where the fault could be")
        first = self._format_for(briefing, target)
        second: EditFormat = "blocks" if first == "function" else "function"
        try:
            return await self._propose(first, target, briefing, tools)
        except NoUsableAnswer:
            if not target.symbol:
                raise
            return await self._propose(second, target, briefing, tools)

    def _format_for(self, briefing: Briefing, target: Place) -> EditFormat:
        """Another form after two refusals in a row; a place outside any function has only one."""
        if not target.symbol:
            return "blocks"
        refused = [attempt.result.startswith("refused") for attempt in briefing.attempts if attempt.model == self.name]
        if refused[-2:] == [True, True]:
            return "blocks" if self.edit_format == "function" else "function"
        return self.edit_format

    async def _propose(self, form: EditFormat, target: Place, briefing: Briefing, tools: Toolbox) -> Proposal:
        present = await self._code.body(briefing, tools, target)
        parts = [
            material.issue(briefing),
            material.failures(briefing),
            await self._test(briefing, tools),
            Part(f"the file {target.path}", await self._code.around(briefing, tools, target.path), 4, keep=True),
            material.history(briefing),
            material.last_change(briefing),
            material.hypothesis(briefing),
            material.code(target, present, priority=0),
            material.directive(briefing),
            material.reminder(f"Now change `{target.symbol or target.path}`. Answer with the fenced block."),
        ]
        system = prompt(f"edit-{form}", path=target.path, **({"symbol": target.symbol} if form == "function" else {}))
        question = Question("edit", system, parts, temperature=_temperature(briefing))
        return await self._conversation().ask(question, _reading(form, target, present, briefing))

    async def reflect(self, briefing: Briefing, tools: Toolbox) -> Reflection:
        """Ask what the last result teaches and what to do next."""
        parts = [
            material.issue(briefing),
            material.hypothesis(briefing),
            material.last_change(briefing),
            material.history(briefing),
            material.failures(briefing),
            material.directive(briefing),
            material.reminder("Answer with the JSON object: lesson and next."),
        ]
        question = Question("reflect", prompt("reflect"), parts, schema=ReflectDecision.model_json_schema())

        async def read(answer: Answer) -> Reflection:
            decided = decision(answer.text, ReflectDecision)
            return Reflection(decided.lesson, decided.next)

        return await self._conversation().ask(question, read)

    async def _test(self, briefing: Briefing, tools: Toolbox) -> Part:
        source = await self._code.test(briefing, tools, briefing.failures[0]) if briefing.failures else ""
        return Part("the failing test, up to where it fails", source, priority=1)

    def _conversation(self) -> Conversation:
        return Conversation(self.chat, self.repairs, self.listen)


def _temperature(briefing: Briefing) -> float | None:
    return _FRESH_TEMPERATURE if briefing.rung else None


def _target(briefing: Briefing) -> Place | None:
    """Where to edit: the plan's first target, or after the guard asked for another place, the first one untouched."""
    candidates = (*(briefing.plan.targets if briefing.plan else ()), *briefing.places)
    if briefing.rung == "next-place":
        candidates = (*material.untouched(candidates, briefing.attempts), *candidates)
    return candidates[0] if candidates else None


def _reading(
    form: EditFormat, target: Place, present: str, briefing: Briefing
) -> Callable[[Answer], Awaitable[Proposal]]:
    """How an answer at the step `edit` is read."""

    async def read(answer: Answer) -> Proposal:
        if form == "function":
            made = edits.whole_function(answer, target, present)
        else:
            made = edits.blocks(answer, target.path)
        _refuse_tests(made, briefing)
        hypothesis = briefing.plan.hypothesis if briefing.plan else ""
        return Proposal(made, shortened(prose(without_thoughts(answer.text)) or hypothesis, 300))

    return read


def _refuse_tests(made: tuple[Edit, ...], briefing: Briefing) -> None:
    """A model that can't make a test pass likes to change the test."""
    tests = {failure.test.split("::", 1)[0] for failure in briefing.failures}
    if changed := next((edit["path"] for edit in made if edit["path"] in tests), None):
        raise Unusable(f"{changed} holds the tests, which are right; change the code that they test")
