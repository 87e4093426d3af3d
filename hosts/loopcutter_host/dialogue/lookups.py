"""The tools with which a model may look at the code while it plans, and what it gets to see of their results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.extraction import without_thoughts
from loopcutter_host.chat.protocol import Message, ToolCall, ToolSpec
from loopcutter_host.dialogue.budget import shortened
from loopcutter_host.dialogue.quoting import quoted
from loopcutter_host.model import Briefing
from loopcutter_host.toolbox import Toolbox, use

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}

SPECS = (
    ToolSpec(
        "search",
        "Find the places in the code that fit some words, an error message or a name.",
        {"type": "object", "properties": {"query": _TEXT}, "required": ["query"]},
    ),
    ToolSpec(
        "read",
        "Read lines of a file; lines count from 1.",
        {
            "type": "object",
            "properties": {"path": _TEXT, "start": _NUMBER, "end": _NUMBER},
            "required": ["path"],
        },
    ),
    ToolSpec(
        "symbol",
        "Show the code of a function, method or class.",
        {"type": "object", "properties": {"name": _TEXT}, "required": ["name"]},
    ),
)
NAMES = frozenset(spec.name for spec in SPECS)

_CHARACTERS_PER_TOKEN = 2.5
_ECHO = 600
"""Characters of what the model said beside a call that are shown to it again."""
_SHORTEST = 300


@dataclass
class Lookups:
    """The look-ups a model may still make before it has to answer."""

    briefing: Briefing
    tools: Toolbox
    left: int
    turns: list[Message] = field(default_factory=list)
    """The calls made and their results, as they stand in the conversation."""

    async def make(self, answer: Answer, calls: Sequence[ToolCall], room: int) -> None:
        """Make the calls of an answer, as far as they are allowed, and keep what they show.

        `room`: tokens for the results of all that may still be made.
        """
        length = max(int(room / self.left * _CHARACTERS_PER_TOKEN) - _ECHO, _SHORTEST)
        calls = calls[: self.left]
        self.left -= len(calls)
        results = [await look_up(call, self.briefing.tree, self.tools, length) for call in calls]
        if not self.left:
            results[-1] += "\n\nThat was the last call. Answer now, with the JSON object."
        said = shortened(without_thoughts(answer.text), _ECHO)
        native = bool(answer.calls)
        self.turns.append(Message("assistant", said, calls=tuple(calls) if native else ()))
        for call, result in zip(calls, results, strict=True):
            told = quoted(f"result of {call.name}", result)
            self.turns.append(Message("tool", told, tool=call.name) if native else Message("user", told))


async def look_up(call: ToolCall, tree: str, tools: Toolbox, length: int) -> str:
    """Make a call on the workspace as it is; the result as text of at most `length` characters."""
    properties = next(spec for spec in SPECS if spec.name == call.name).parameters["properties"]
    arguments = {name: call.arguments[name] for name in properties if name in call.arguments}
    outcome = await use(tools, "retrieval", call.name, tree=tree, **arguments)
    return shortened(_shown(call.name, outcome.data) if outcome.ok else f"failed: {outcome.text}", length)


def _shown(tool: str, data: Mapping[str, Any]) -> str:
    if tool == "read":
        return f"{data.get('path')}, lines {data.get('start')}-{data.get('end')}:\n{data.get('text')}"
    rows = [
        f"{place.get('path')}  {place.get('symbol')}  lines {place.get('lines')}"
        + (f"\n{place['source']}" if place.get("source") else "")
        for place in data.get("places", ())
    ]
    return "\n".join(rows) or "nothing found"
