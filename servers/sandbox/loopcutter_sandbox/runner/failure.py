"""What is worth knowing of an exception: its type, its message, and the frames that belong to the project."""

from __future__ import annotations

import linecache
import os
from types import CodeType, FrameType, TracebackType
from typing import Any

from .channel import readable

LOCALS = 30
"""Variables of one frame."""

FRAMES = 30
"""How many frames of one failure are kept: the deepest ones."""


def inside(filename: str, root: str) -> str | None:
    """`filename` relative to the workspace, or None when it lies outside."""
    if filename.startswith("<"):  # made up by the interpreter: <string>, <frozen importlib._bootstrap>
        return None
    path = os.path.normpath(os.path.join(root, filename))
    return path[len(root) + 1 :] if path.startswith(root + os.sep) else None


def frames_of(traceback: TracebackType | None, root: str, show_locals: bool = False) -> list[dict[str, Any]]:
    """The frames within the workspace, outermost first; with the values of their variables on request."""
    frames = []
    while traceback is not None:
        one = _frame(traceback.tb_frame.f_code, traceback.tb_lineno, root)
        if one is not None:
            if show_locals:
                one["locals"] = _locals(traceback.tb_frame)
            frames.append(one)
        traceback = traceback.tb_next
    return frames[-FRAMES:]


def _locals(frame: FrameType) -> dict[str, str]:
    """The variables of a frame as text; those of the interpreter and of pytest's assertions are left out."""
    values: dict[str, str] = {}
    for name, value in list(frame.f_locals.items()):
        if len(values) >= LOCALS:
            break
        if not name.startswith(("__", "@")):
            values[readable(name, 100)] = _value(value)
    return values


def _value(value: object) -> str:
    try:
        return readable(repr(value), 400)
    except BaseException as error:  # a hostile __repr__ may raise anything
        return f"<{type(error).__name__} while printing a {type(value).__name__}>"


def stuck(test: str, frame: FrameType | None, root: str) -> dict[str, Any]:
    """Where a test is that has not come to an end."""
    frames: list[dict[str, Any]] = []
    while frame is not None:
        one = _frame(frame.f_code, frame.f_lineno, root)
        if one is not None:
            frames.insert(0, one)
        frame = frame.f_back
    described = simple(test, "Timeout", "was still running when its time was over", test.split("::")[0])
    if frames:
        described.update(file=frames[-1]["path"], line=frames[-1]["line"], frames=frames[-FRAMES:])
    return described


def _frame(code: CodeType, line: int | None, root: str) -> dict[str, Any] | None:
    path = inside(code.co_filename, root)
    if path is None:
        return None
    return {
        "path": readable(path),
        "line": line or 0,
        "function": readable(getattr(code, "co_qualname", code.co_name), 300),
        "code": readable(linecache.getline(code.co_filename, line or 0).strip(), 300),
    }


def describe(test: str, error: BaseException, root: str, file: str = "", show_locals: bool = False) -> dict[str, Any]:
    """One failure; `file` is where to point when no frame of the workspace is involved."""
    frames = frames_of(error.__traceback__, root, show_locals)
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


def forged(test: str, text: str, file: str = "") -> dict[str, Any]:
    """That what `test` came to was tampered with; the server knows it by this name."""
    return simple(test, "Tampered", text, file)


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
