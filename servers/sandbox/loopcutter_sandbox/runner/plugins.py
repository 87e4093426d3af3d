"""Which pytest plugins of the interpreter a project gets: those that its own files name.

Loading every plugin that happens to be installed is slow and lets a stranger change the outcome; loading none breaks
projects that rely on one. A project that needs a plugin says so somewhere: in its dependencies or its settings.
"""

from __future__ import annotations

import glob
import os
import re

_PLACES = (
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "pytest.ini",
    ".pytest.ini",
    "conftest.py",
    "Pipfile",
    "noxfile.py",
    "*requirements*.txt",
    "requirements/*.txt",
)
_NEVER = {"pytest-randomly", "pytest-random-order", "pytest-reverse"}  # the same tree must give the same answer
_OFF = {"pytest-cov": "--no-cov", "pytest-xdist": "-n0"}  # what would take the reporting away, once loaded


def chosen(root: str, installed: list[list[str]]) -> list[str]:
    """Arguments that load those of the `installed` plugins (entry point and distribution) that the project names."""
    if not installed:
        return []
    said = _said(root)
    arguments: list[str] = []
    off: list[str] = []
    for entry, distribution in installed:
        name = distribution.lower().replace("_", "-")
        pattern = r"(?<![\w-])" + re.escape(name).replace(r"\-", "[-_]") + r"(?![\w-])"
        if name not in _NEVER and re.search(pattern, said):
            arguments += ["-p", entry]
            if name in _OFF and _OFF[name] not in off:
                off.append(_OFF[name])
    return arguments + off


def _said(root: str) -> str:
    texts = []
    for place in _PLACES:
        for path in sorted(glob.glob(os.path.join(glob.escape(root), place)))[:20]:
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    texts.append(file.read(200_000).lower())
            except OSError:  # a folder, or a link to nowhere
                continue
    return "\n".join(texts)
