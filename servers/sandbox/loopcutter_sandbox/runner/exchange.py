"""Notices when a test is not what its file holds: other code ran in its name, or what it expects was changed."""

from __future__ import annotations

from collections.abc import Iterable
from types import CodeType
from typing import Any

from .sources import Sources
from .variables import Variables, assigned
from .witness import Witness


class Exchanges:
    """Looks at each test before and after; `demanded` are the paths of files of which every byte counts."""

    PARTS = (Sources, Variables, Witness)
    """What nobody may exchange either."""

    def __init__(self, root: str, demanded: Iterable[str]) -> None:
        self._witness = Witness(root)
        self._sources = Sources(root, demanded)
        self._variables: Variables | None = None
        self._assigned: dict[str, tuple[list[CodeType], set[str]]] = {}
        self._witness.watch()

    def of_code(self, item: Any) -> str:
        """What was exchanged of the code of a test, in words, or nothing."""
        file = _file(item)
        name = getattr(item, "originalname", None) or item.name
        kind = getattr(item, "cls", None)
        function = getattr(kind or getattr(item, "module", None), name, None)
        spelled = name if kind is None else f"{kind.__name__}.{name}"
        exchanged = self._witness.exchanged(file)
        if not exchanged and self._witness.replaced(file, spelled, function):
            exchanged = spelled
        if self._sources.differs(file, self._witness.ran(file)) and not _assertions_are_told(item.config):
            exchanged = "the module"
        self._variables = None
        return f"the code of {exchanged} in {item.nodeid.split('::')[0]} was exchanged" if exchanged else ""

    def begin(self, item: Any) -> None:
        """The test is set up, and its function is called next."""
        self._variables = Variables(getattr(item, "obj", None), self._assigned_in(_file(item)))

    def called(self) -> None:
        """Its function has returned or failed."""
        if self._variables is not None:
            self._variables.called()

    def of_variables(self) -> str:
        """What was changed of the test's variables, in words, or nothing; after the tear-down."""
        changed = self._variables.changed() if self._variables is not None else ""
        return f"{changed} of the test was changed by what it called" if changed else ""

    def _assigned_in(self, file: str) -> set[str]:
        ran = self._witness.ran(file)
        known = self._assigned.get(file)
        if known is None or known[0] != ran:
            known = self._assigned[file] = list(ran), {name for module in ran for name in assigned(module)}
        return known[1]


def _file(item: Any) -> str:
    return str(getattr(item, "path", None) or item.fspath)


def _assertions_are_told(config: Any) -> bool:
    """Whether assertions are rewritten in another way than usual."""
    return bool(config.getini("enable_assertion_pass_hook"))
