"""Notices when a test is not what its file holds: other code ran in its name, or what it expects was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import CodeType
from typing import Any

from .borrowed import rewritten
from .sources import Sources
from .variables import Variables, assigned
from .witness import Witness


@dataclass(frozen=True)
class Place:
    """Where the function of a test stands."""

    file: str
    name: str
    kind: Any
    """The class it is a method of, if it is one."""
    module: Any
    test: str
    """Its id."""
    own: Any = None
    """What the one instance that runs has in the place of the method, if anything."""
    assertions_are_told: bool = False
    """Whether assertions are rewritten in another way than usual."""


class Exchanges:
    """Looks at each test before and after; `demanded` are the paths of files with tests, if they are known."""

    PARTS = (Sources, Variables, Witness)
    """What nobody may exchange either."""

    def __init__(self, root: str, demanded: Iterable[str]) -> None:
        self._root = root
        self._witness = Witness(root)
        self._sources = Sources(root, demanded)
        self._variables: Variables | None = None
        self._assigned: dict[str, tuple[list[CodeType], set[str]]] = {}
        self._witness.watch()

    def of_code(self, place: Place) -> str:
        """What was exchanged of the code of a test, in words, or nothing."""
        file = place.file
        function = place.own or getattr(place.kind or place.module, place.name, None)
        spelled = place.name if place.kind is None else f"{place.kind.__name__}.{place.name}"
        exchanged = self._witness.exchanged(file)
        if not exchanged and self._witness.replaced(file, spelled, function):
            exchanged = spelled
        if self._sources.differs(file, self._witness.ran(file)) and not place.assertions_are_told:
            exchanged = "the module"
        self._variables = None
        if exchanged:
            return f"the code of {exchanged} in {place.test.split('::')[0]} was exchanged"
        return (
            f"variables of other functions were written to ({self._witness.reached})" if self._witness.reached else ""
        )

    def of_others(self) -> str:
        """What the project has exchanged of other people's code, in words, or nothing; to be asked after each test."""
        changed = rewritten(self._root)
        return f"how others compare or assert was rewritten ({changed})" if changed else ""

    def begin(self, function: Any, file: str) -> None:
        """The test is set up, and its `function`, which `file` holds, is called next."""
        self._variables = Variables(function, self._assigned_in(file))

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
