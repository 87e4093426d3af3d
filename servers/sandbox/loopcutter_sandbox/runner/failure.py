"""What is worth knowing of an exception: its type, its message, and the frames that belong to the project."""

from __future__ import annotations

import linecache
import os
from types import TracebackType
from typing import Any

from .channel import readable

FRAMES = 30
"""How many frames of one failure are kept: the deepest ones."""


def inside(filename: str, root: str) -> str | None:
    """`filename` relative to the workspace, or None when it lies outside."""
    if filename.startswith("<"):  # made up by the interpreter: <string>, <frozen importlib._bootstrap>
        return None
    path = os.path.normpath(os.path.join(root, filename))
    return path[len(root) + 1 :] if path.startswith(root + os.sep) else None


def frames_of(traceback: TracebackType | None, root: str) -> list[dict[str, Any]]:
    """The frames within the workspace, outermost first."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        path = inside(code.co_filename, root)
        if path is not None:
            frames.append(
                {
                    "path": readable(path),
                    "line": traceback.tb_lineno or 0,
                    "function": readable(getattr(code, "co_qualname", code.co_name), 300),
                    "code": readable(linecache.getline(code.co_filename, traceback.tb_lineno or 0).strip(), 300),
                }
            )
        traceback = traceback.tb_next
    return frames[-FRAMES:]


def describe(test: str, error: BaseException, root: str, file: str = "") -> dict[str, Any]:
    """One failure; `file` is where to point when no frame of the workspace is involved."""
    frames = frames_of(error.__traceback__, root)
    if isinstance(error, SyntaxError) and error.filename:
        path = inside(error.filename, root)
        if path is not None:
            line = readable((error.text or "").strip(), 300)
            frames.append({"path": readable(path), "line": error.lineno or 0, "function": "", "code": line})
    last = frames[-1] if frames else {"path": readable(file), "line": 0}
    return {
        "test": readable(test),
        "file": last["path"],
        "line": last["line"],
        "exception": readable(type(error).__name__, 300),
        "message": readable(error),
        "frames": frames,
    }


def simple(test: str, exception: str, message: str, file: str = "") -> dict[str, Any]:
    """A failure that has no exception behind it."""
    return {
        "test": readable(test),
        "file": readable(file),
        "line": 0,
        "exception": exception,
        "message": readable(message),
        "frames": [],
    }
