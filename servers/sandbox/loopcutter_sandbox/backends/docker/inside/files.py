"""Lays out the files of a tree in the workspace, before anything of them runs."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import struct
from typing import Any


def lay_out(body: bytes) -> str:
    """Write the files of one pack: a length, a list of [path, mode, size], then their contents.

    Mode 0 removes, mode 1 keeps the mode that a file has. Comes to an explanation when something went wrong.
    """
    (length,) = struct.unpack_from(">I", body)
    entries = json.loads(body[4 : 4 + length])
    data = memoryview(body)
    position = 4 + length
    made = {b""}
    try:
        for path, mode, size in entries:
            contents = data[position : position + size]
            position += size
            path = path.encode("utf-8", "surrogateescape")
            folder = os.path.dirname(path)
            if folder not in made and mode:
                os.makedirs(folder, exist_ok=True)
                made.add(folder)
            _put(path, mode, contents)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return f"{type(error).__name__}: {error}"
        return "the tree is larger than the workspace of a container may be"
    return ""


def _put(path: bytes, mode: int, contents: memoryview) -> None:
    if mode == 0o120000:
        _remove(path)
        os.symlink(bytes(contents), path)
        return
    if mode == 0:
        _remove(path)
        folder = os.path.dirname(path)
        with contextlib.suppress(OSError):  # a folder without files does not exist, for git
            while folder:
                os.rmdir(folder)
                folder = os.path.dirname(folder)
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    try:
        file = os.open(path, flags, mode & 0o777)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        os.unlink(path)
        file = os.open(path, flags, mode & 0o777)
    try:
        if mode != 1:
            os.fchmod(file, mode & 0o777)
        while contents:
            contents = contents[os.write(file, contents) :]
    finally:
        os.close(file)


def _remove(path: bytes) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def set_modes(modes: list[list[Any]]) -> None:
    """Give files and folders permissions that git can't say; a folder, `path/`, is made if it is not there."""
    for path, _ in modes:
        if path.endswith("/"):
            os.makedirs(path, exist_ok=True)
    for path, mode in sorted(modes, reverse=True):
        os.chmod(path.encode("utf-8", "surrogateescape"), mode & 0o1777)
