"""The tools with which a model may look at the code while it plans, and what it gets to see of their results."""

from collections.abc import Mapping
from typing import Any

from loopcutter_host.chat.protocol import ToolCall, ToolSpec
from loopcutter_host.dialogue.budget import shortened
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
