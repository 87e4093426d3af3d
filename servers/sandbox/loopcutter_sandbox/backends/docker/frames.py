"""Cuts what comes out of a container into frames, and refuses what no keeper would send.

The engine wraps what a container writes in frames of its own (stream, three zeros, length); inside the first stream are
those of the keeper (kind, length). Both lengths are bounded here: a reader that trusted them would let a container
decide how much memory the server needs.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from loopcutter_sandbox.errors import Unusable

_ENGINE = struct.Struct(">BxxxI")
_KEEPER = struct.Struct(">cI")
_LONGEST = 1 << 20
_LONGEST_CHUNK = 1 << 24
_WORDS = 4000
KEEP_MODE = 1
"""In place of a mode: the file keeps the one it has."""
_OUTPUT, _ERRORS = 1, 2


def frame(kind: bytes, body: bytes = b"") -> bytes:
    """One frame for the keeper."""
    return _KEEPER.pack(kind, len(body)) + body


def pack(entries: list[tuple[str, int, int]], contents: bytes) -> bytes:
    """A frame of files: path, mode and size of each, and their contents in the same order."""
    head = json.dumps(entries).encode("ascii")
    return frame(b"P", struct.pack(">I", len(head)) + head + contents)


@dataclass
class Frames:
    """The frames of one container, as they come."""

    _raw: bytearray = field(default_factory=bytearray)
    _said: bytearray = field(default_factory=bytearray)
    _words: bytearray = field(default_factory=bytearray)

    @property
    def words(self) -> str:
        """What the keeper printed as its own errors: only when it could not even start."""
        return bytes(self._words).decode("utf-8", "backslashreplace").strip()

    def take(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The frames (kind, body) that are complete with `data`."""
        self._raw += data
        while len(self._raw) >= _ENGINE.size:
            stream, length = _ENGINE.unpack_from(self._raw)
            if stream not in (_OUTPUT, _ERRORS) or length > _LONGEST_CHUNK:
                raise Unusable("the engine's stream is broken; see `loopcutter-sandbox status`")
            if len(self._raw) < _ENGINE.size + length:
                break
            chunk = bytes(self._raw[_ENGINE.size : _ENGINE.size + length])
            del self._raw[: _ENGINE.size + length]
            if stream == _ERRORS:
                self._words = (self._words + chunk)[-_WORDS:]
            else:
                self._said += chunk
        yield from self._whole()

    def _whole(self) -> Iterator[tuple[bytes, bytes]]:
        while len(self._said) >= _KEEPER.size:
            kind, length = _KEEPER.unpack_from(self._said)
            if length > _LONGEST:
                raise Unusable("a container sent what its keeper never would; the run does not count: run it again")
            if len(self._said) < _KEEPER.size + length:
                return
            body = bytes(self._said[_KEEPER.size : _KEEPER.size + length])
            del self._said[: _KEEPER.size + length]
            yield kind, body


def facts(body: bytes) -> dict[str, Any]:
    """The JSON of a frame that carries some."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unusable("a container's keeper said something unreadable; the run does not count: run it again")
    return found
