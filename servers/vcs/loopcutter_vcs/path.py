"""Which paths an edit may name: those that stay inside the tree and out of every `.git`."""

import unicodedata
from pathlib import PurePosixPath

from loopcutter_vcs.errors import PathRefused


def inside(path: str) -> str:
    """`path` in its one spelling (no `./`, no doubled slashes), or a refusal if it could lead elsewhere."""
    parts = PurePosixPath(path).parts
    if not parts:
        raise PathRefused(path, "names no file")
    if "\0" in path:
        raise PathRefused(path, "holds a null byte")
    if parts[0].startswith("/"):
        raise PathRefused(path, "is an absolute path", "name the file relative to the root of the workspace")
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
