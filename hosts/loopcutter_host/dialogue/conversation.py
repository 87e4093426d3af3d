"""One question to a model: put together so that it fits, asked, looked into, repaired, and heard by whoever listens."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from loopcutter_host.chat.answer import Answer, collect, ignore
from loopcutter_host.chat.errors import (
    AnswerCut,
    FlawKind,
    NoUsableAnswer,
    PromptTooLong,
    ServerFailed,
    TooSlow,
    Unusable,
)
from loopcutter_host.chat.extraction import without_thoughts
from loopcutter_host.chat.protocol import Capacity, Chat, Message, Schema, prompt_tokens
from loopcutter_host.chat.tool_calls import written_calls
from loopcutter_host.dialogue import lookups
from loopcutter_host.dialogue.budget import assemble, shortened
from loopcutter_host.dialogue.lookups import Lookups
from loopcutter_host.dialogue.question import Exchange, Question
from loopcutter_host.prompts import Prompts

Read = TypeVar("Read")

_REPAIR_ROOM = 900
"""Tokens kept free for an unusable answer and what is said about it; a quarter of the prompt if that is less."""
_ECHO = 1500
"""Characters of an earlier answer that are shown to the model again, at most."""
_PROBLEM = 600
"""Characters of what is said about it."""
_ASSEMBLIES = 3
"""How often a prompt is put together anew because the server counted more than was estimated."""
_WHY_CUT = {
    "length": " (the answer was longer than allowed and was cut: be brief)",
    "chant": " (you repeated yourself and were stopped)",
}


@dataclass(frozen=True)
class _Asked:
    """One request as it goes to the model."""

    question: Question
    messages: tuple[Message, ...]
    left_out: tuple[str, ...]
    estimate: int
    """Tokens."""
    schema: Schema | None
    offering: bool
    """Whether the model may call tools."""
    began: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Conversation:
    """Asks questions of one model."""

    chat: Chat
    prompts: Prompts
    repairs: int
    """How often a model may mend an unusable answer."""
    listen: Callable[[Exchange], None]
    hear: Callable[[str], None] = ignore
    """Told every part of an answer as it comes."""

    async def ask(
        self, question: Question, read: Callable[[Answer], Awaitable[Read]], looking: Lookups | None = None
    ) -> Read:
        """The answer as `read` understands it, repaired if need be. Raises `NoUsableAnswer`."""
        for _ in range(_ASSEMBLIES - 1):
            try:
                return await self._ask(question, read, looking)
            except PromptTooLong as long:
                if not long.by_server:
                    raise
        return await self._ask(question, read, looking)

    async def _ask(
        self, question: Question, read: Callable[[Answer], Awaitable[Read]], looking: Lookups | None
    ) -> Read:
        capacity = await self.chat.capacity()
        start, left_out = await self._opening(question, capacity, looking)
        problems: list[str] = []
        repair: list[Message] = []
        came = ""
        while len(problems) <= self.repairs:
            offering = bool(looking and looking.left and not repair)
            messages = await self._fitting(start, looking.turns if looking else [], repair, capacity)
            # A schema would keep the model from calling a tool. Some models can't do with it: the last time without.
            last = len(problems) == self.repairs
            schema = None if offering or (last and problems) else question.schema
            estimate = await prompt_tokens(self.chat, messages, lookups.SPECS if offering else ())
            asked = _Asked(question, tuple(messages), left_out, estimate, schema, offering)
            try:
                answer = await self._hear(asked)
            except AnswerCut as flaw:
                problems.append(str(flaw))
                continue
            came = answer.text
            try:
                found = await self._understood(answer, read, looking if offering else None, capacity)
            except Unusable as flaw:
                problem = f"{flaw}{_WHY_CUT.get(answer.done_reason, '')}"
                self._tell(asked, answer, flaw.kind, problem)
                problems.append(problem)
                repair = self._repair(answer, problem, capacity)
                continue
            self._tell(asked, answer)
            if found is not None:
                return found
        raise NoUsableAnswer(self.chat.name, question.step, problems, came)

    async def _understood(
        self,
        answer: Answer,
        read: Callable[[Answer], Awaitable[Read]],
        offered: Lookups | None,
        capacity: Capacity,
    ) -> Read | None:
        """What the answer means; None when it was a look-up, which was made. Raises `Unusable`."""
        flaw = Unusable("a tool was called, and there are no calls left", "tool")
        if not answer.calls:
            try:
                return await read(answer)
            except Unusable as unusable:
                flaw = unusable
        if offered and (calls := answer.calls or written_calls(answer.text, lookups.NAMES)):
            if known := [call for call in calls if call.name in lookups.NAMES]:
                await offered.make(answer, known, capacity.prompt // 4)
                return None
            flaw = Unusable(f"there is no such tool; there are {', '.join(sorted(lookups.NAMES))}", "tool")
        raise flaw

    async def _opening(
        self, question: Question, capacity: Capacity, looking: Lookups | None
    ) -> tuple[list[Message], tuple[str, ...]]:
        system = Message("system", question.system.text)
        tools = lookups.SPECS if looking and looking.left else ()
        taken = await prompt_tokens(self.chat, [system, Message("user", "")], tools)
        taken += min(_REPAIR_ROOM, capacity.prompt // 4)
        if tools:
            taken += capacity.prompt // 4
        assembled = await assemble(question.parts, capacity.prompt - taken, self.chat.count)
        return [system, Message("user", assembled.text)], assembled.left_out

    async def _fitting(
        self, start: Sequence[Message], turns: Sequence[Message], repair: Sequence[Message], capacity: Capacity
    ) -> list[Message]:
        """The whole conversation; when it has grown too long, without its oldest look-ups, then without an echo."""
        turns, repair = list(turns), list(repair)
        while turns or len(repair) > 1:
            messages = [*start, *turns, *repair]
            if await prompt_tokens(self.chat, messages, lookups.SPECS if turns else ()) <= capacity.prompt:
                return messages
            if turns:
                turns = turns[_length_of_first(turns) :]
            else:
                repair = repair[1:]
        return [*start, *repair]

    async def _hear(self, asked: _Asked) -> Answer:
        """The whole answer. What goes wrong on the way to it is told before it is raised."""
        try:
            pieces = self.chat.answer(
                asked.messages,
                schema=asked.schema,
                tools=lookups.SPECS if asked.offering else (),
                temperature=asked.question.temperature,
            )
            return await collect(pieces, self.hear)
        except (AnswerCut, PromptTooLong, ServerFailed, TooSlow) as failure:
            self._tell(asked, Answer(""), _kind(failure), str(failure))
            raise

    def _tell(self, asked: _Asked, answer: Answer, flaw: FlawKind | None = None, problem: str = "") -> None:
        system = asked.question.system
        self.listen(
            Exchange(
                step=asked.question.step,
                messages=asked.messages,
                answer=answer,
                left_out=asked.left_out,
                seconds=time.monotonic() - asked.began,
                prompt=f"{system.name} {system.version}",
                estimate=asked.estimate,
                flaw=flaw,
                problem=problem,
            )
        )

    def _repair(self, answer: Answer, problem: str, capacity: Capacity) -> list[Message]:
        """Only the last flaw is shown: a row of bad answers teaches a small model to give bad answers."""
        said = without_thoughts(answer.text) or "(nothing)"
        words = self.prompts.get("repair", problem=shortened(problem, _PROBLEM)).text
        return [Message("assistant", shortened(said, min(_ECHO, capacity.prompt // 3))), Message("user", words)]


def _kind(failure: Exception) -> FlawKind:
    match failure:
        case AnswerCut():
            return failure.kind
        case PromptTooLong():
            return "too-long"
        case TooSlow():
            return "too-slow"
    return "server"


def _length_of_first(turns: Sequence[Message]) -> int:
    """How many messages the first look-up takes: what the model said, and the results."""
    return next((place for place, turn in enumerate(turns) if place and turn.role == "assistant"), len(turns))
