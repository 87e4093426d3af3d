"""What a run has changed in the workspace, found by looking before and after.

The status change time is compared, which no program can set: a file that was written and dressed up as old is found.
"""

from __future__ import annotations

import json
import os
import stat
from typing import Any, Callable

_CHUNK = 1 << 18

Seen = dict[str, tuple[int, ...]]


def survey(root: str) -> Seen:
    """Everything below `root`, as it is now."""
    return {path: _facts(facts) for path, facts, _ in _walk(root)}


def tell(before: Seen, most_bytes: int, most_files: int, write: Callable[[bytes], object], root: str) -> None:
    """Pass what is different to `write`: lines of JSON, {"path", "kind", "mode", "size"}, each followed by its bytes.

    Kinds are file, link, folder, removed and other; the last line is of the kind end, or too-much.
    """
    seen = set()
    files = total = 0
    for path, facts, real in _walk(root):
        seen.add(path)
        if before.get(path) == _facts(facts):
            continue
        kind = _kind(facts.st_mode)
        link = os.fsencode(os.readlink(real)) if kind == "link" else b""
        size = facts.st_size if kind == "file" else len(link)
        files, total = files + 1, total + size
        if files > most_files or total > most_bytes:
            write(b'{"kind": "too-much"}\n')
            return
        if kind == "file" and not _file(path, real, facts, write):
            kind, size = "other", 0
        if kind != "file":
            write(_line(path, kind, stat.S_IMODE(facts.st_mode), size) + link)
    for path in sorted(before.keys() - seen):
        if os.path.dirname(path) not in before or os.path.dirname(path) in seen:
            write(_line(path, "removed", 0, 0))
    write(b'{"kind": "end"}\n')


def _line(path: str, kind: str, mode: int, size: int) -> bytes:
    line: dict[str, Any] = {"path": path, "kind": kind, "mode": mode, "size": size}
    return json.dumps(line).encode("ascii") + b"\n"


def _file(path: str, real: str, facts: os.stat_result, write: Callable[[bytes], object]) -> bool:
    """Whether the file could be read; what is promised as its size is what is sent."""
    try:
        file = _open(real)
    except OSError:
        return False
    try:
        left = facts.st_size
        write(_line(path, "file", stat.S_IMODE(facts.st_mode), left))
        while left:
            data = os.read(file, min(left, _CHUNK)) or bytes(left)
            write(data)
            left -= len(data)
    finally:
        os.close(file)
    return True


def _open(path: str) -> int:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        return os.open(path, flags)
    except PermissionError:  # its owner may always ask for more
        os.chmod(path, 0o600)
        return os.open(path, flags)


def _walk(root: str) -> list[tuple[str, os.stat_result, str]]:
    found = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        place = os.path.join(root, folder)
        try:
            entries = list(os.scandir(place))
        except PermissionError:
            os.chmod(place, 0o700)
            entries = list(os.scandir(place))
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            facts = entry.stat(follow_symlinks=False)
            found.append((path, facts, entry.path))
            if stat.S_ISDIR(facts.st_mode):
                waiting.append(path)
    return found


def _facts(facts: os.stat_result) -> tuple[int, ...]:
    if stat.S_ISDIR(facts.st_mode):
        return (facts.st_mode,)
    return (facts.st_mode, facts.st_ino, facts.st_size, facts.st_ctime_ns)


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISLNK(mode):
        return "link"
    return "folder" if stat.S_ISDIR(mode) else "other"
