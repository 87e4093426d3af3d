"""Hands over what a run has changed, once nothing of it is alive any more: lines of JSON, each with its bytes."""

from __future__ import annotations

import os
import stat

from .words import line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_OPAQUE = ("trusted.overlay.opaque", "user.overlay.opaque")
_CHUNK = 1 << 20


def pack(upper: str, write: Callable[[bytes], object], most_bytes: int, most_files: int) -> None:
    """Pass every entry of the writable layer `upper` to `write`; stops at `most_bytes` or `most_files`.

    A line is ``{"path", "kind", "mode", "size"}``, where kind is file, link, folder, opaque (a folder that hides the
    one beneath), removed or other; a path that is no UTF-8 has its bytes as surrogates.
    """
    waiting, files, total = [""], 0, 0
    while waiting:
        folder = waiting.pop()
        for entry in sorted(os.scandir(os.path.join(upper, folder)), key=lambda one: one.name):
            path = f"{folder}/{entry.name}" if folder else entry.name
            facts = entry.stat(follow_symlinks=False)
            files, kind, contents = files + 1, _kind(entry.path, facts), b""
            if kind in ("folder", "opaque"):
                waiting.append(path)
            elif kind == "link":
                contents = os.fsencode(os.readlink(entry.path))
            size = facts.st_size if kind == "file" else len(contents)
            total += size
            if files > most_files or total > most_bytes:
                write(b'{"kind": "too-much"}\n')
                return
            write(line(path=path, kind=kind, mode=stat.S_IMODE(facts.st_mode), size=size))
            if kind == "file":
                _contents(entry.path, size, write)
            else:
                write(contents)
    write(b'{"kind": "end"}\n')


def _kind(path: str, facts: os.stat_result) -> str:
    mode = facts.st_mode
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISDIR(mode):
        return "opaque" if _is_opaque(path) else "folder"
    return "removed" if stat.S_ISCHR(mode) and facts.st_rdev == 0 else "other"


def _is_opaque(path: str) -> bool:
    for name in _OPAQUE:
        try:
            if os.getxattr(path, name) == b"y":
                return True
        except OSError:  # it has none, or this user may not see it
            continue
    return False


def _contents(path: str, size: int, write: Callable[[bytes], object]) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        left = size
        while left:
            data = os.read(descriptor, min(left, _CHUNK))
            write(data or bytes(left))
            left -= len(data) or left
    finally:
        os.close(descriptor)
