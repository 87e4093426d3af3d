"""Finds what was asked for in what a model really said: thoughts, fences, prose and broken JSON included."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from loopcutter_host.chat.cleaning import cleaned
from loopcutter_host.chat.errors import FlawKind, Unusable
from loopcutter_host.chat.lenient import objects

Decision = TypeVar("Decision", bound=BaseModel)

_OPENS = re.compile(r"<(think|thinking|thought)>|^([ \t]*)(```+|~~~+)[^\n]*$", re.MULTILINE)
_ORPHAN = re.compile(r"\A(?:(?!```).)*?</(?:think|thinking|thought)>", re.DOTALL)
_FENCE = re.compile(r"^(?P<margin>[ \t]*)(?P<mark>```+|~~~+)[ \t]*(?P<language>[\w+.#-]*)[^\n]*(?:\n|\Z)", re.MULTILINE)
_CODE_INDENT = 4


@dataclass(frozen=True)
class Fence:
    """One fenced block."""

    language: str
    """As written behind the opening fence, in lower case."""
    code: str
    closed: bool
    """False when the text ended before the block did."""


def without_thoughts(text: str) -> str:
    """`text` without `<think>` blocks: closed, never closed, or never opened. Fenced code is left as it is."""
    kept: list[str] = []
    position = 0
    while match := _OPENS.search(text, position):
        kept.append(text[position : match.start()])
        if match[1]:
            end = text.find(f"</{match[1]}>", match.end())
            position = end + len(match[1]) + 3 if end >= 0 else len(text)
        else:
            position = _end_of_fence(text, match[2], match[3], match.end())[1]
            kept.append(text[match.start() : position])
    kept.append(text[position:])
    # A template that opens the thought itself leaves only the closing tag in the answer.
    return _ORPHAN.sub("", "".join(kept)).strip()


def _end_of_fence(text: str, margin: str, mark: str, start: int) -> tuple[int, int]:
    """Where the block's code ends and where the closing fence ends.

    A mark that is indented like code, by four or more than the opening one, belongs to the code: to its docstring.
    """
    for match in re.finditer(rf"^([ \t]*){re.escape(mark)}[ \t\r]*$", text[start:], re.MULTILINE):
        if len(match[1].expandtabs(4)) < len(margin.expandtabs(4)) + _CODE_INDENT:
            return start + match.start(), start + match.end()
    return len(text), len(text)


def fences(text: str) -> Iterator[Fence]:
    """The fenced blocks of `text`, in order; the last one may never be closed."""
    position = 0
    while match := _FENCE.search(text, position):
        code_end, position = _end_of_fence(text, match["margin"], match["mark"], match.end())
        yield Fence(match["language"].lower(), text[match.end() : code_end], closed=position > code_end)


def prose(text: str) -> str:
    """What stands outside the fenced blocks, in one line."""
    kept: list[str] = []
    position = 0
    while match := _FENCE.search(text, position):
        kept.append(text[position : match.start()])
        position = _end_of_fence(text, match["margin"], match["mark"], match.end())[1]
    kept.append(text[position:])
    return " ".join(" ".join(kept).split())


def decision(text: str, model: type[Decision]) -> Decision:
    """The first JSON object in `text` that fits `model`. Raises `Unusable`, which tells the model what is wrong."""
    kind: FlawKind = "no-json" if text.strip() else "empty"
    problem = "there is no JSON object in it" if text.strip() else "it was empty"
    for found in (*_whole(text), *objects(without_thoughts(text))):
        for candidate in _unwrapped(found):
            try:
                return model.model_validate(cleaned(candidate))
            except ValidationError as error:
                problem, kind = _in_words(error), "wrong-json"
    raise Unusable(problem, kind)


def _whole(text: str) -> Iterator[dict[str, Any]]:
    """The text itself when it is one JSON object, as it should be; then what looks like a thought in it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        yield value


def _unwrapped(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The object, then what is inside: models echo the schema (`properties`) or name the object (`{"plan": {…}}`)."""
    yield found
    inner = (
        found.get("properties") if "properties" in found else next(iter(found.values())) if len(found) == 1 else None
    )
    if isinstance(inner, Mapping):
        yield inner


def _in_words(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'.'.join(str(step) for step in detail['loc']) or 'object'}: {detail['msg']}" for detail in details[:4]
    )
