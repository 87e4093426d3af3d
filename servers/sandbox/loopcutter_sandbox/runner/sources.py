"""What the files of tests have to run as: read before any line of the project has run.

Whoever changes such a file on the disk, the way from its text to code, or puts another module in its place, ends up
with other code than this.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Any

_TESTS = re.compile(r"test_.*|.*_test\.py|tests?\.py")
_MOST = 1_000
_MOST_BYTES = 32 << 20
_NO_TESTS = ("node_modules", "site-packages", "__pycache__", "build", "dist")


def holds_tests(path: str) -> bool:
    """Whether a file is one of tests by its name."""
    name = path.rpartition("/")[2]
    return name.startswith("test") or name.endswith(("_test.py", "tests.py"))


def file_of(function: Any) -> str:
    """The file that the code of a function or a method stands in; nothing for what has no code in Python."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return str(getattr(code, "co_filename", ""))


def is_under_test(path: str, root: str) -> bool:
    """Whether a file of the project is none of tests, of their settings, or of what lies beside tests to help them."""
    if not path.startswith(root):
        return False
    *folders, name = path[len(root) :].split("/")
    helps = any(folder.strip("_") in ("test", "tests", "testing") for folder in folders)
    return not (helps or name == "conftest.py" or _TESTS.fullmatch(name))


class Sources:
    """The files of tests below `root`: those at `paths`, or, without any, those that are named like one."""

    def __init__(self, root: str, paths: Iterable[str]) -> None:
        wanted = {os.path.join(root, path) for path in paths if path.endswith(".py")}
        rewriting = sys.modules.get("_pytest.assertion.rewrite")  # by now there is the real one, or there is none
        self._rewrite: Any = getattr(rewriting, "rewrite_asserts", None)
        self._texts = _texts(sorted(wanted) or _named_like_tests(root))
        self._plain: dict[str, CodeType | None] = {}
        self._rewritten: dict[str, CodeType | None] = {}

    def differs(self, file: str, ran: Iterable[CodeType]) -> bool:
        """Whether something else than the file's own code ran in its name."""
        if file not in self._texts or os.path.realpath(file) != file:
            return False
        seen = list(ran)
        rewritten = self._code(file, self._rewritten, self._rewrite) if self._rewrite is not None else None
        if rewritten is not None and seen and all(code == rewritten for code in seen):
            return False
        plain = self._code(file, self._plain, None)
        return plain is not None and not (seen and all(code in (plain, rewritten) for code in seen))

    def _code(self, file: str, known: dict[str, CodeType | None], rewrite: Any) -> CodeType | None:
        if file not in known:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                known[file] = _compiled(file, self._texts[file], rewrite)
        return known[file]


def _texts(files: Iterable[str]) -> dict[str, bytes]:
    texts, left = {}, _MOST_BYTES
    for file in files:
        try:
            with open(file, "rb") as opened:
                texts[file] = opened.read(left)
        except OSError:  # a folder of this name, or a link to nowhere
            continue
        left -= len(texts[file])
        if left <= 0 or len(texts) >= _MOST:
            break
    return texts


def _named_like_tests(root: str) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _NO_TESTS)
        for name in sorted(names):
            if name.endswith(".py") and holds_tests(name):
                yield f"{folder}/{name}"


def _compiled(file: str, source: bytes, rewrite: Any) -> CodeType | None:
    """The code of a text as it stands, or with its assertions rewritten; None when it can't be compiled."""
    try:
        if rewrite is None:
            return compile(source, file, "exec", dont_inherit=True)
        tree = ast.parse(source, filename=file)
        rewrite(tree, source, file)
        return compile(tree, file, "exec", dont_inherit=True)
    except Exception:  # no Python, or another pytest, which can't be asked in this way
        return None
