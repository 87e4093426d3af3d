"""`Dialogue`: a language model in the role of `Model`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from loopcutter_host.chat.answer import Answer, ignore
from loopcutter_host.chat.errors import NothingToRead, NoUsableAnswer, PromptTooLong, Unusable
from loopcutter_host.chat.extraction import decision
from loopcutter_host.chat.protocol import Chat
from loopcutter_host.dialogue import editing, material, testing
from loopcutter_host.dialogue.budget import Part
from loopcutter_host.dialogue.code import Code
from loopcutter_host.dialogue.conversation import Conversation
from loopcutter_host.dialogue.decisions import PlanDecision, ReflectDecision, TestReading
from loopcutter_host.dialogue.editing import EditFormat, Target
from loopcutter_host.dialogue.lookups import Lookups
from loopcutter_host.dialogue.question import Exchange, Question
from loopcutter_host.dialogue.showing import Showing, names_culprit
from loopcutter_host.model import Briefing, Draft, Place, Plan, Proposal, Reading, Reflection
from loopcutter_host.prompts import Prompts
from loopcutter_host.toolbox import Toolbox

_FRESH_TEMPERATURE = 0.7
"""After the guard stepped in: the same prompt at the same temperature gives the same answer."""
_TARGETS = 3
_ROOM_FOR_LOOKUPS = 3_000
"""Tokens of a prompt; in less, room kept for what is looked up would be taken from what is known already."""


@dataclass(frozen=True)
class Dialogue:
    """Implements `Model` by asking a `Chat` small questions."""

    chat: Chat
    edit_format: EditFormat | None = None
    """None: as suits the model's size."""
    lookups: int = 3
    """How often the model may look at the code while it plans; 0 for none."""
    repairs: int = 2
    listen: Callable[[Exchange], None] = field(default=lambda exchange: None)
    """Told every question and its answer, also those that could not be used."""
    hear: Callable[[str], None] = field(default=ignore)
    """Told every part of an answer as it comes."""
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
        parts = [
            material.issue(briefing),
            await self._test(briefing, tools),
            material.traces(briefing),
            material.places(briefing),
            *await self._suspects(briefing, tools),
            material.failure(briefing),
            material.other_failures(briefing),
            material.spectrum(briefing),
            material.reading(briefing),
            material.observation(briefing),
            material.history(briefing),
            material.words(briefing),
            material.directive(briefing),
            material.reminder("Answer with the JSON object: hypothesis and targets."),
        ]
        capacity = await self.chat.capacity()
        may_look = capacity.tools and capacity.prompt >= _ROOM_FOR_LOOKUPS
        looking = Lookups(briefing, tools, self.lookups if may_look else 0)
        offer = self._prompts.get("lookups", count=str(looking.left)).text if looking.left else ""
        question = Question(
            "plan",
            self._prompts.get("plan", lookups=f"\n{offer}\n" if offer else "", tests=self._on_tests(briefing)),
            parts,
            schema=PlanDecision.model_json_schema(),
            temperature=_temperature(briefing),
        )

        async def read(answer: Answer) -> Plan:
            decided = decision(answer.text, PlanDecision)
            return Plan(decided.hypothesis, await self._targets(decided, briefing, tools))

        return await self._conversation.ask(question, read, looking)

    async def _targets(self, decided: PlanDecision, briefing: Briefing, tools: Toolbox) -> tuple[Place, ...]:
        """The places named by the model that exist. Raises `Unusable` when none does."""
        found = [await self._code.find(briefing, tools, target.path, target.symbol) for target in decided.targets]
        known = tuple(dict.fromkeys(place for place in found if place is not None))[:_TARGETS]
        if not known:
            named = ", ".join(f"{target.path} {target.symbol}".strip() for target in decided.targets[:3])
            listed = [f"{place.path} {place.symbol}".strip() for place in briefing.places[:5]]
            inside = [await self._code.choice(briefing, tools, target.path) for target in decided.targets[:3]]
            choice = "; ".join([*filter(None, dict.fromkeys(inside)), *listed])
            raise Unusable(f"there is no {named}. Choose among: {choice}", "unknown-place")
        return known

    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        """Ask for the change in one form; when nothing usable comes, in another."""
        place = _place(briefing)
        if place is None:
            return Proposal((), "no place is known where the fault could be")
        body = await self._code.body(briefing, tools, place)
        target = Target(place, body, await self._code.short(briefing, tools, place.path))
        first, *others = await editing.forms(self.chat, target, briefing, self.edit_format)
        try:
            return await self._propose(first, target, briefing, tools)
        except (NoUsableAnswer, PromptTooLong):
            if not others:
                raise
            return await self._propose(others[0], target, briefing, tools)

    async def _propose(self, form: EditFormat, target: Target, briefing: Briefing, tools: Toolbox) -> Proposal:
        place = target.place
        around = "" if form == "file" else await self._code.around(briefing, tools, place.path)
        parts = [
            material.issue(briefing),
            await self._test(briefing, tools),
            material.file(place.path, around),
            material.failure(briefing),
            material.other_failures(briefing),
            material.history(briefing),
            material.last_change(briefing),
            material.spectrum(briefing, place),
            material.reading(briefing),
            material.observation(briefing),
            material.hypothesis(briefing),
            material.target(place, await editing.shown(self.chat, target, form, briefing)),
            material.words(briefing),
            material.directive(briefing),
            material.reminder(f"Now change {target.named(form)}. Answer with the fenced block."),
        ]
        system = self._prompts.get(f"edit-{form}", tests=self._on_tests(briefing))
        question = Question("edit", system, parts, temperature=_temperature(briefing))
        return await self._conversation.ask(question, editing.reading(form, target, briefing))

    def _on_tests(self, briefing: Briefing) -> str:
        """What is said of changing tests."""
        return self._prompts.get("tests-may-change" if briefing.tests_may_change else "tests-stand").text

    async def reflect(self, briefing: Briefing, tools: Toolbox) -> Reflection:
        """Ask what the last result teaches and what to do next."""
        parts = [
            material.issue(briefing),
            await self._test(briefing, tools),
            material.hypothesis(briefing),
            material.last_change(briefing),
            material.history(briefing),
            material.failure(briefing),
            material.other_failures(briefing),
            material.reading(briefing),
            material.words(briefing),
            material.directive(briefing),
            material.reminder("Answer with the JSON object: lesson, rules_out, instead and next."),
        ]
        system = self._prompts.get("reflect")
        question = Question("reflect", system, parts, schema=ReflectDecision.model_json_schema())

        async def read(answer: Answer) -> Reflection:
            decided = decision(answer.text, ReflectDecision)
            return Reflection(decided.words(), decided.next)

        return await self._conversation.ask(question, read)

    async def read_test(self, briefing: Briefing, tools: Toolbox) -> Reading:
        """Ask what the first failure shows."""
        if not briefing.failures:
            raise NothingToRead
        parts = [
            material.issue(briefing),
            await self._test(briefing, tools),
            await self._broken(briefing, tools),
            material.failure(briefing),
            material.reminder("Answer with the JSON object: expected, actual, line and hypothesis."),
        ]
        question = Question("test", self._prompts.get("test"), parts, schema=TestReading.model_json_schema())
        return await self._conversation.ask(question, testing.reading_failure(briefing))

    async def write_test(self, briefing: Briefing, tools: Toolbox, refused: tuple[str, ...] = ()) -> Draft:
        """Ask for a small test that shows the bug: what it shall show as JSON, the test itself in a block."""
        parts = [
            material.issue(briefing),
            await self._test(briefing, tools),
            material.traces(briefing),
            material.places(briefing),
            *await self._suspects(briefing, tools),
            material.failure(briefing),
            material.refusals(refused),
            material.words(briefing),
            material.reminder("Write the JSON object, then the test in one fenced block."),
        ]
        # A schema would keep the model from writing the block behind the object.
        question = Question("reproduce", self._prompts.get("reproduce"), parts, temperature=_temperature(briefing))
        return await self._conversation.ask(question, testing.read_draft)

    async def _broken(self, briefing: Briefing, tools: Toolbox) -> Part:
        """The code where the first failure broke, if it is not the test itself."""
        failure = briefing.failures[0]
        test = failure.test.split("::", 1)[0]
        frames = [frame for frame in failure.frames if frame[0] != test]
        if not frames:
            return Part("the code where it breaks", "", priority=1)
        path, line, function = frames[-1]
        place = Place(path, function if function.isidentifier() else "", (max(1, line - 15), line + 10), 0.0, "")
        return material.code(place, await self._code.text(briefing, tools, path, *place.lines), priority=1)

    async def _suspects(self, briefing: Briefing, tools: Toolbox) -> list[Part]:
        """The code to look at, and the files to choose among where nothing names the place."""
        shown = await Showing(self.chat, self._code, briefing, tools).suspects()
        return shown if names_culprit(briefing) else [material.paths(briefing), *shown]

    async def _test(self, briefing: Briefing, tools: Toolbox) -> Part:
        source = await self._code.test(briefing, tools, briefing.failures[0]) if briefing.failures else ""
        return material.test(source)

    @property
    def _prompts(self) -> Prompts:
        return Prompts(self.chat.name)

    @property
    def _conversation(self) -> Conversation:
        return Conversation(self.chat, self._prompts, self.repairs, self.listen, self.hear)


def _temperature(briefing: Briefing) -> float | None:
    return _FRESH_TEMPERATURE if briefing.rung else None


def _place(briefing: Briefing) -> Place | None:
    """Where to edit: the place the host chose, else the plan's first target."""
    candidates = (*(briefing.plan.targets if briefing.plan else ()), *briefing.places)
    if briefing.focus is not None:
        return briefing.focus
    return candidates[0] if candidates else None
