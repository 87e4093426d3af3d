"""Which lines of the project a test executes, cheaply: nothing outside the workspace is ever traced.

Only the bodies of functions count. A module or class body runs when something is imported, which says more about the
order of the tests than about the test that happens to be running.
"""

from __future__ import annotations

import os
import sys
import threading
from types import CodeType, FrameType
from typing import Any, Callable, Protocol

from .failure import inside

_FUNCTION = 0x1  # CO_OPTIMIZED: set for functions, not for module and class bodies


class Lines(Protocol):
    """Records the lines executed between `start` and `stop`."""

    def start(self) -> None:
        """Begin with an empty record."""

    def so_far(self) -> dict[str, list[int]]:
        """The lines executed since `start`, by path relative to the workspace."""

    def stop(self) -> dict[str, list[int]]:
        """The same, and record no more."""


class _Workspace:
    """Tells which code objects are functions of the workspace, and remembers it."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._paths: dict[str, str | None] = {}

    def path(self, code: CodeType) -> str | None:
        if not code.co_flags & _FUNCTION:
            return None
        name = code.co_filename
        if name not in self._paths:
            path = inside(name, self._root) if name.endswith(".py") else None
            self._paths[name] = path if path is None else path.replace(os.sep, "/")
        return self._paths[name]


class TracedLines:
    """By ``sys.settrace``: all there is before Python 3.12."""

    def __init__(self, root: str) -> None:
        self._workspace = _Workspace(root)
        self._tracers: dict[int, Any] = {}  # by identity: code objects of different files may be equal
        self._codes: list[CodeType] = []
        self._seen: dict[str, set[int]] = {}

    def start(self) -> None:
        """Begin with an empty record."""
        self._tracers.clear()
        self._codes.clear()
        self._seen.clear()
        threading.settrace(self._trace)
        sys.settrace(self._trace)

    def stop(self) -> dict[str, list[int]]:
        """The lines executed since `start`; no more are recorded."""
        sys.settrace(None)
        threading.settrace(None)
        return self.so_far()

    def so_far(self) -> dict[str, list[int]]:
        """The lines executed since `start`."""
        return {path: sorted(lines) for path, lines in self._seen.items()}

    def _trace(self, frame: FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        try:
            return self._tracers[id(code)]
        except KeyError:
            self._codes.append(code)
            tracer = self._tracers[id(code)] = self._tracer(code)
            return tracer

    def _tracer(self, code: CodeType) -> Any:
        path = self._workspace.path(code)
        if path is None:
            return None
        add = self._seen.setdefault(path, set()).add

        def tracer(frame: FrameType, event: str, argument: object) -> Any:
            if event == "line":
                add(frame.f_lineno)
            return tracer

        return tracer


class MonitoredLines:
    """By ``sys.monitoring``: each line reports once per test, so loops cost nothing."""

    def __init__(self, root: str) -> None:
        self._workspace = _Workspace(root)
        self._monitoring: Any = getattr(sys, "monitoring")  # noqa: B009 - unknown to type checkers before 3.12
        self._tool = next(tool for tool in (3, 4, 1, 0) if self._monitoring.get_tool(tool) is None)
        self._monitoring.use_tool_id(self._tool, "loopcutter")
        self._monitoring.register_callback(self._tool, self._monitoring.events.LINE, self._line)
        self._seen: dict[str, set[int]] = {}

    def start(self) -> None:
        """Begin with an empty record."""
        self._seen = {}
        self._monitoring.restart_events()
        self._monitoring.set_events(self._tool, self._monitoring.events.LINE)

    def stop(self) -> dict[str, list[int]]:
        """The lines executed since `start`; no more are recorded."""
        self._monitoring.set_events(self._tool, 0)
        return self.so_far()

    def so_far(self) -> dict[str, list[int]]:
        """The lines executed since `start`."""
        return {path: sorted(lines) for path, lines in self._seen.items()}

    def _line(self, code: CodeType, line: int) -> Any:
        path = self._workspace.path(code)
        if path is not None:
            self._seen.setdefault(path, set()).add(line)
        return self._monitoring.DISABLE


def recorder(root: str) -> Lines:
    """The cheapest recorder that this interpreter has."""
    make: Callable[[str], Lines] = MonitoredLines if hasattr(sys, "monitoring") else TracedLines
    return make(root)
