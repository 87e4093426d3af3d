"""One question to a model: put together so that it fits, asked, looked into, repaired, and heard by whoever listens."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from loopcutter_host.chat.answer import Answer, collect
from loopcutter_host.chat.errors import AnswerCut, NoUsableAnswer, Unusable
from loopcutter_host.chat.extraction import without_thoughts
from loopcutter_host.chat.protocol import Capacity, Chat, Message, Schema, ToolCall
from loopcutter_host.chat.tokens import BYTES_PER_TOKEN, prompt_tokens
from loopcutter_host.chat.tool_calls import written_calls
from loopcutter_host.dialogue import lookups
from loopcutter_host.dialogue.budget import Part, assemble, shortened
from loopcutter_host.dialogue.quoting import quoted
from loopcutter_host.model import Briefing
from loopcutter_host.prompts import prompt
from loopcutter_host.toolbox import Toolbox

Read = TypeVar("Read")

_REPAIR_ROOM = 900
"""Tokens kept free for an unusable answer and what is said about it; a quarter of the prompt if that is less."""
_ECHO = 1500
"""Characters of an earlier answer that are shown to the model again."""
_PROBLEM = 600
"""Characters of what is said about it."""
_WHY_CUT = {
    "length": " (the answer was longer than allowed and was cut: be brief)",
    "chant": " (you repeated yourself and were stopped)",
}


@dataclass(frozen=True)
class Exchange:
    """One question and its answer, for the log."""

    step: str
    messages: tuple[Message, ...]
    answer: Answer
    left_out: tuple[str, ...]
    """What did not fit into the prompt, one line a part."""
    seconds: float


@dataclass(frozen=True)
class Question:
    """What is asked at a step."""

    step: str
    system: str
    parts: Sequence[Part]
    schema: Schema | None = None
    temperature: float | None = None


@dataclass
class Lookups:
    """The look-ups a model may still make before it has to answer."""

    briefing: Briefing
    tools: Toolbox
    left: int
    turns: list[Message] = field(default_factory=list)
    """The calls made and their results, as they stand in the conversation."""

    async def make(self, answer: Answer, calls: Sequence[ToolCall], length: int) -> None:
        """Make the calls of an answer, as far as they are allowed, and keep what they show."""
        calls = calls[: self.left]
        self.left -= len(calls)
        results = [await lookups.look_up(call, self.briefing.tree, self.tools, length) for call in calls]
        if not self.left:
            results[-1] += "\n\nThat was the last call. Answer now, with the JSON object."
        said = shortened(without_thoughts(answer.text), _ECHO)
        native = bool(answer.calls)
        self.turns.append(Message("assistant", said, calls=tuple(calls) if native else ()))
        for call, result in zip(calls, results, strict=True):
            if native:
                self.turns.append(Message("tool", quoted(f"result of {call.name}", result), tool=call.name))
            else:
                self.turns.append(Message("user", quoted(f"result of {call.name}", result)))


@dataclass(frozen=True)
class Conversation:
    """Asks questions of one model."""

    chat: Chat
    repairs: int
    """How often a model may mend an unusable answer."""
    listen: Callable[[Exchange], None]

    async def ask(
        self, question: Question, read: Callable[[Answer], Awaitable[Read]], looking: Lookups | None = None
    ) -> Read:
        """The answer as `read` understands it, repaired if need be. Raises `NoUsableAnswer`."""
        capacity = await self.chat.capacity()
        start, left_out = self._opening(question, capacity, looking)
        length = self._result_length(capacity, looking)
        problems: list[str] = []
        repair: list[Message] = []
        came = ""
        while len(problems) <= self.repairs:
            offered = looking if looking and looking.left and not repair else None
            turns = looking.turns if looking else []
            try:
                answer = await self._hear(question, [*start, *turns, *repair], left_out, offering=offered is not None)
            except AnswerCut as flaw:
                problems.append(str(flaw))
                continue
            came = answer.text
            problem = "a tool was called, and there are no calls left"
            if not answer.calls:
                try:
                    return await read(answer)
                except Unusable as flaw:
                    problem = f"{flaw}{_WHY_CUT.get(answer.done_reason, '')}"
            if offered and (calls := answer.calls or written_calls(answer.text, lookups.NAMES)):
                if known := [call for call in calls if call.name in lookups.NAMES]:
                    await offered.make(answer, known, length)
                    continue
                problem = f"there is no such tool; there are {', '.join(sorted(lookups.NAMES))}"
            problems.append(problem)
            repair = _repair(answer, problem)
        raise NoUsableAnswer(self.chat.name, question.step, problems, came)

    def _opening(
        self, question: Question, capacity: Capacity, looking: Lookups | None
    ) -> tuple[list[Message], tuple[str, ...]]:
        system = Message("system", question.system)
        tools = lookups.SPECS if looking and looking.left else ()
        taken = prompt_tokens([system, Message("user", "")], tools) + min(_REPAIR_ROOM, capacity.prompt // 4)
        if tools:
            taken += capacity.prompt // 4
        assembled = assemble(question.parts, capacity.prompt - taken)
        return [system, Message("user", assembled.text)], assembled.left_out

    def _result_length(self, capacity: Capacity, looking: Lookups | None) -> int:
        """Characters that the result of one look-up may have, so that all of them fit."""
        share = capacity.prompt // 4 / max(looking.left if looking else 1, 1)
        return max(int(share * BYTES_PER_TOKEN) - _ECHO // 4, _ECHO // 4)

    async def _hear(
        self, question: Question, messages: Sequence[Message], left_out: tuple[str, ...], *, offering: bool
    ) -> Answer:
        started = time.monotonic()
        pieces = self.chat.answer(
            messages,
            # A schema would keep the model from calling a tool.
            schema=None if offering else question.schema,
            tools=lookups.SPECS if offering else (),
            temperature=question.temperature,
        )
        answer = await collect(pieces)
        self.listen(Exchange(question.step, tuple(messages), answer, left_out, time.monotonic() - started))
        return answer


def _repair(answer: Answer, problem: str) -> list[Message]:
    """Only the last flaw is shown: a row of bad answers teaches a small model to give bad answers."""
    said = without_thoughts(answer.text) or "(nothing)"
    return [
        Message("assistant", shortened(said, _ECHO)),
        Message("user", prompt("repair", problem=shortened(problem, _PROBLEM))),
    ]
