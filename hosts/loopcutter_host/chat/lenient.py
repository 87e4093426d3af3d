"""Reads JSON objects as small models write them: single quotes, trailing commas, comments, broken off in the middle.

Strict JSON is always tried first; leniency never changes what a correct text means.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_DEEPEST = 40
_MOST_CANDIDATES = 60
_MOST_READ = 400_000
"""Characters read leniently in one text, all tries together; a text of a hundred thousand braces is no answer."""
_STRICT = json.JSONDecoder(strict=False)  # grammars of some servers let raw newlines into strings
_BLANK = re.compile(r"(?:\s+|//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)
_BARE = re.compile(r"[A-Za-z_][\w.-]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}


def objects(text: str) -> Iterator[dict[str, Any]]:
    """Every JSON object in `text`, outermost only, in order of appearance; whatever is around them is ignored."""
    position, read = text.find("{"), 0
    for _ in range(_MOST_CANDIDATES):
        if position < 0 or read > _MOST_READ:
            return
        value, end, reached = _object_at(text, position)
        read += reached - position
        if value is not None:
            yield value
        position = text.find("{", end)


def _object_at(text: str, start: int) -> tuple[dict[str, Any] | None, int, int]:
    """The object, where to look for the next, and how far was read to find out."""
    lenient = _Lenient(text)
    for read in (_STRICT.raw_decode, lenient.read):
        try:
            value, end = read(text, start)
        except (ValueError, RecursionError):
            continue
        return value, end, end
    return None, start + 1, lenient.reached


class _Lenient:
    """A recursive descent over text that is nearly JSON. What is missing at the end is closed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    @property
    def reached(self) -> int:
        """How far it has read."""
        return self._at

    def read(self, _: str, start: int) -> tuple[dict[str, Any], int]:
        """The object that starts at `start`, and where it ends. Raises ValueError when it is no object at all."""
        self._at = start
        value = self._object()
        if not value:
            raise ValueError("an object without a single whole member says nothing")
        return value, self._at

    def _peek(self) -> str:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, character: str) -> bool:
        found = self._peek() == character
        self._at += found
        return found

    def _object(self) -> dict[str, Any]:
        self._take("{")
        members: dict[str, Any] = {}
        while self._peek() and not self._take("}"):
            key = self._string() if self._peek() in ('"', "'") else self._bare_key()
            if not self._take(":"):
                if not self._peek():
                    break  # broken off after a key
                raise ValueError(f"no ':' after {key!r}")
            if not self._peek():
                break
            members[key] = self._value()
            self._take(",")
        return members

    def _array(self) -> list[Any]:
        self._take("[")
        items = []
        while self._peek() and not self._take("]"):
            items.append(self._value())
            self._take(",")
        return items

    def _value(self) -> Any:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("nested too deeply")
        match self._peek():
            case "{":
                value: Any = self._object()
            case "[":
                value = self._array()
            case '"' | "'":
                value = self._string()
            case _:
                value = self._word()
        self._depth -= 1
        return value

    def _bare_key(self) -> str:
        match = _BARE.match(self._text, self._at)
        if not match:
            raise ValueError("no key")
        self._at = match.end()
        return match.group()

    def _word(self) -> Any:
        if number := _NUMBER.match(self._text, self._at):
            self._at = number.end()
            return json.loads(number.group())
        word = self._bare_key()
        if word not in _WORDS:
            raise ValueError(f"{word!r} is no value")
        return _WORDS[word]

    def _string(self) -> str:
        quote = self._text[self._at]
        self._at += 1
        characters = []
        while self._at < len(self._text):
            character = self._text[self._at]
            self._at += 1
            if character == "\\" and self._at < len(self._text):
                characters.append(self._escape())
            elif character == quote and self._closes():
                break
            else:
                characters.append(character)
        return "".join(characters)

    def _escape(self) -> str:
        character = self._text[self._at]
        self._at += 1
        if character == "u" and re.match(r"[0-9a-fA-F]{4}", self._text[self._at : self._at + 4]):
            self._at += 4
            return chr(int(self._text[self._at - 4 : self._at], 16))
        return _ESCAPES.get(character, character)

    def _closes(self) -> bool:
        """Whether the quote just read ends its string. Models forget to escape quotes inside: `"the "total" is"`."""
        rest = self._text[self._at : self._at + 200]
        following = rest.lstrip()
        if not following or following[0] in ",:}]":
            return True
        return "\n" in rest[: len(rest) - len(following)] and following[0] in "\"'"
