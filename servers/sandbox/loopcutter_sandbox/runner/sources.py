"""What the files of demanded tests have to run as: read and compiled before any line of the project has run.

Whoever changes such a file on the disk, the way from its text to code, or puts another module in its place, ends up
with other code than this.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterable
from types import CodeType

try:
    from _pytest.assertion.rewrite import rewrite_asserts
except ImportError:  # an interpreter without pytest
    rewrite_asserts = None  # type: ignore[assignment]


class Sources:
    """The demanded files of tests below `root`."""

    def __init__(self, root: str, paths: Iterable[str]) -> None:
        self._expected: dict[str, list[CodeType]] = {}
        for path in set(paths):
            file = os.path.join(root, path)
            if path.endswith(".py") and os.path.isfile(file):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self._expected[file] = _compiled(file)

    def differs(self, file: str, ran: Iterable[CodeType]) -> bool:
        """Whether something else than the file's own code ran in its name."""
        expected, seen = self._expected.get(file), list(ran)
        if not expected or os.path.realpath(file) != file:
            return False
        return not seen or any(code not in expected for code in seen)


def _compiled(file: str) -> list[CodeType]:
    """The code of a file as it stands and with its assertions rewritten; nothing when it can't be compiled."""
    try:
        with open(file, "rb") as opened:
            source = opened.read()
        tree = ast.parse(source, filename=file)
        plain = compile(source, file, "exec", dont_inherit=True)
        if rewrite_asserts is None:
            return [plain]
        rewrite_asserts(tree, source, file)
        return [plain, compile(tree, file, "exec", dont_inherit=True)]
    except Exception:  # no Python, or another pytest, which can't be asked in this way
        return []
