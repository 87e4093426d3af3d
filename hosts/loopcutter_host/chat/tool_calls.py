"""Finds tool calls that a model wrote as text instead of making them.

Four dialects are in the wild: fenced JSON, bare JSON, `<tool_call>` or `<tools>` around JSON, and
`<function=name><parameter=key>value</parameter></function>`. Tags around JSON carry nothing, so the first three are
one: an object that names a known tool. Only known names count; everything else is just text.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from loopcutter_host.chat.cleaning import cleaned
from loopcutter_host.chat.extraction import without_thoughts
from loopcutter_host.chat.lenient import objects
from loopcutter_host.chat.protocol import ToolCall

_FUNCTION = re.compile(r"<function=([\w.-]+)>(.*?)(?=</function>|</tool_call>|<function=|\Z)", re.DOTALL)
_PARAMETER = re.compile(r"<parameter=([\w.-]+)>\n?(.*?)\n?(?=</parameter>|<parameter=|\Z)", re.DOTALL)
_NAME_KEYS = ("name", "tool", "tool_name", "function", "action")
_ARGUMENT_KEYS = ("arguments", "parameters", "args", "input", "action_input")


def written_calls(text: str, names: Collection[str]) -> tuple[ToolCall, ...]:
    """The calls of tools in `names` that `text` spells out, in order, in whichever dialect."""
    said = without_thoughts(text)
    return tuple(_in_tags(said, names)) or tuple(_in_json(said, names))


def _in_tags(text: str, names: Collection[str]) -> Iterator[ToolCall]:
    for name, body in _FUNCTION.findall(text):
        if name not in names:
            continue
        parameters = {key: _value(value) for key, value in _PARAMETER.findall(body)}
        yield ToolCall(name, parameters or next(objects(body), {}))


def _value(text: str) -> Any:
    """Numbers as numbers; anything else as it stands."""
    return int(text) if re.fullmatch(r"-?\d{1,9}", text.strip()) else text


def _in_json(text: str, names: Collection[str]) -> Iterator[ToolCall]:
    for found in objects(text):
        inner = found.get("function")
        call = inner if isinstance(inner, Mapping) else found
        name = next((call[key] for key in _NAME_KEYS if isinstance(call.get(key), str)), "")
        if name in names:
            yield ToolCall(name, cleaned(dict(_arguments(call))))


def _arguments(call: Mapping[str, Any]) -> Mapping[str, Any]:
    for key in _ARGUMENT_KEYS:
        match call.get(key):
            case dict() as arguments:
                return arguments
            case str() as text:  # some models send the arguments as JSON within JSON
                return next(objects(text), {})
    return {key: value for key, value in call.items() if key not in _NAME_KEYS}
