"""Lets the process that had candidates tried be a run from the cold itself, and so saves another start of pytest.

It has imported pytest and nothing of the project. When no candidate has left anything behind (`ground`), what this
process meets is what a new one would meet: the tree with the edit on disk, and nobody else. Meanwhile it is shut to
other processes of its user, so that no candidate could change it. In any doubt the answer is no.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import Any

from . import suite
from .candidate import Candidate
from .channel import Channel
from .enter import importable
from .ground import Ground

_GET_DUMPABLE, _SET_DUMPABLE = 3, 4


class Confirmation:
    """The chance to do so, from before the first candidate is tried until nothing is left to try."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._request = request
        self._asked = request.pop("confirmation", None)
        self._was_open = _prctl(_GET_DUMPABLE, 0)
        shut = self._asked is not None and not _in_the_way(request) and _prctl(_SET_DUMPABLE, 0) == 0
        self._ground = Ground() if shut else None

    def open_up(self) -> None:
        """In a child: be as any other process, and know nothing of what is asked in the end."""
        self._asked = None
        if self._ground is not None:
            _prctl(_SET_DUMPABLE, self._was_open)

    def possible(self, candidate: Candidate) -> bool:
        """Whether nothing speaks against it now that all others are gone."""
        path = os.path.join(self._request["root"], candidate.path)
        return self._ground is not None and os.path.realpath(path) == path and self._ground.untouched()

    def run(self, candidate: Candidate, source: bytes, channel: Channel) -> int:
        """Put the edit on disk and run the tests; the exit code."""
        _prctl(_SET_DUMPABLE, self._was_open)
        _write(os.path.join(self._request["root"], candidate.path), candidate.apply(source))
        return suite.run({**self._request, **self._asked}, channel)


def _in_the_way(request: dict[str, Any]) -> bool:
    """Whether the project has a module of its own for one that is loaded here already."""
    loaded = {name.partition(".")[0] for name in sys.modules}
    names = [name for folder in importable(request) if os.path.isdir(folder) for name in os.listdir(folder)]
    own = {name.partition(".")[0] for name in names if name.endswith((".py", ".so")) or "." not in name}
    return not own.isdisjoint(loaded)


def _write(path: str, contents: bytes) -> None:
    """A new file in the place of the old one, which others may have links to."""
    fresh = f"{path}.{os.getpid()}"
    with open(fresh, "xb") as file:
        file.write(contents)
    os.chmod(fresh, stat.S_IMODE(os.stat(path).st_mode))
    os.replace(fresh, path)


def _prctl(option: int, value: int) -> int:
    """What Linux's call of this name says; -1 where there is none."""
    if sys.platform != "linux":
        return -1
    try:
        import ctypes
    except ImportError:  # a Python that was built without
        return -1
    return int(ctypes.CDLL(None).prctl(option, value, 0, 0, 0))
