"""Which paths an edit may name: those that stay inside the tree and out of every `.git`."""

import os
import unicodedata
from pathlib import PurePosixPath

from loopcutter_vcs.errors import PathRefused

_LONGEST, _LONGEST_NAME = 1000, 255
"""Bytes of a path and of one name in it; with the folder around it, systems take no more than 4096."""


def inside(path: str) -> str:
    """`path` in its one spelling (no `./`, no doubled slashes), or a refusal if it could lead elsewhere."""
    if len(os.fsencode(path)) > _LONGEST:
        raise PathRefused(f"{path[:40]}…", f"is longer than {_LONGEST} bytes", "choose a shorter path")
    parts = PurePosixPath(path).parts
    if not parts:
        raise PathRefused(path, "names no file")
    if "\0" in path:
        raise PathRefused(path, "holds a null byte")
    if parts[0].startswith("/"):
        raise PathRefused(path, "is an absolute path", "name the file relative to the root of the workspace")
    if any(len(os.fsencode(part)) > _LONGEST_NAME for part in parts):
        raise PathRefused(f"{path[:40]}…", f"holds a name longer than {_LONGEST_NAME} bytes", "choose a shorter one")
    if ".." in parts:
        raise PathRefused(path, "leads out of its folder with '..'", "name the file relative to the workspace's root")
    if any(_is_git(part) for part in parts):
        raise PathRefused(path, "lies in a '.git'", "git's own files can't be edited")
    return "/".join(parts)


def _is_git(part: str) -> bool:
    """Whether a file system could take `part` for `.git`: other case, invisible characters, Windows' spellings."""
    visible = "".join(letter for letter in unicodedata.normalize("NFKC", part) if unicodedata.category(letter) != "Cf")
    return visible.casefold().split(":")[0].rstrip(" .") in {".git", "git~1"}


def under(path: str, folders: tuple[str, ...]) -> str | None:
    """The first of `folders` (or files) that `path` is or lies in."""
    return next((folder for folder in folders if path == folder or path.startswith(f"{folder}/")), None)
