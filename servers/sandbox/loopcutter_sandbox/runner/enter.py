"""Lowers what the process may do, before any line of the project runs, and makes the project importable."""

from __future__ import annotations

import os
import resource
import sys
from typing import Any


def enter(request: dict[str, Any]) -> None:
    """Put the limits in force, become the unprivileged user if one is named, go to the workspace."""
    user = request["user"]
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    for name, value in request["limits"].items():
        _limit(getattr(resource, name, None), value)
    os.umask(0o022)
    os.chdir(request["root"])


def _limit(kind: int | None, value: int) -> None:
    if kind is None:
        return
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):  # macOS knows RLIMIT_AS and refuses to set it
        return


def make_importable(request: dict[str, Any]) -> None:
    """Put the workspace first on ``sys.path``, as ``python -m pytest`` would, and on the path of child processes.

    An editable install names folders of the user's own checkout. What is tested is the workspace, so such a folder is
    replaced by its counterpart here (``/home/me/shop/src`` by ``<root>/src``) or dropped.
    """
    folders = importable(request)
    strangers = set(request["elsewhere"])
    sys.path[:] = folders + [entry for entry in sys.path if entry not in strangers]
    os.environ["PYTHONPATH"] = os.pathsep.join(folders)


def importable(request: dict[str, Any]) -> list[str]:
    """The folders of the workspace that modules are looked for in."""
    root = request["root"]
    folders = [root]
    if os.path.isdir(os.path.join(root, "src")):
        folders.append(os.path.join(root, "src"))
    for elsewhere in request["elsewhere"]:
        counterpart = _counterpart(elsewhere, root)
        if counterpart is not None and counterpart not in folders:
            folders.append(counterpart)
    return folders


def _counterpart(folder: str, root: str) -> str | None:
    parts = [part for part in folder.split(os.sep) if part]
    for start in range(1, len(parts)):
        inside = os.path.join(root, *parts[start:])
        if os.path.isdir(inside):
            return inside
    return None
