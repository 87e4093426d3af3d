"""What a model is to the host: something that, told where a run stands, says what to try next.

`Model` is the seam. `repair.Builtin` answers by template repair, `dialogue.Dialogue` by talking to a language model;
the agent's loop can't tell them apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from loopcutter_host.toolbox import Toolbox

Edit = Mapping[str, Any]
"""One edit in the form `vcs.edit` takes it: `{"kind": "replace" | "symbol" | "file" | …, "path": …, …}`."""


@dataclass(frozen=True)
class Failure:
    """One failing test, as the sandbox reports it."""

    test: str
    """Its id: `tests/test_cart.py::test_total`."""
    exception: str
    """The exception's type, e.g. `AssertionError`."""
    message: str
    """What it said, cut to a few lines."""
    file: str = ""
    """Where it was raised (path in the workspace), if inside it."""
    line: int = 0
    frames: tuple[tuple[str, int, str], ...] = ()
    """(path, line, function) from the test to where it broke, only those inside the workspace."""


@dataclass(frozen=True)
class Place:
    """A place in the code that retrieval holds for suspicious."""

    path: str
    symbol: str
    lines: tuple[int, int]
    """First and last line, counted from 1, inclusive."""
    score: float
    why: str


@dataclass(frozen=True)
class Plan:
    """What a model wants to do, before it edits."""

    hypothesis: str
    """One sentence: what is wrong."""
    targets: tuple[Place, ...] = ()
    """Where it wants to change something, most suspicious first."""


@dataclass(frozen=True)
class Proposal:
    """The edits of one attempt, all applied or none."""

    edits: tuple[Edit, ...]
    why: str
    alternatives: tuple[str, ...] = ()
    """Other patches that passed the same tests, as one-line descriptions."""


@dataclass(frozen=True)
class Attempt:
    """One attempt that was made and what came of it."""

    number: int
    """Counted from 1."""
    model: str
    hypothesis: str
    why: str
    diff: str
    """Unified; empty when the edit was refused."""
    result: str
    """One sentence: `3 of 5 tests fail: AssertionError: assert 90 == 100`, `vetoed: …`, `refused: …`."""
    kept: bool = False
    """Whether the workspace still holds it."""
    lesson: str = ""
    """What the model learnt from it."""


@dataclass(frozen=True)
class Reflection:
    """What is learnt from a failed attempt."""

    lesson: str
    next: Literal["edit", "plan", "stop"]


@dataclass(frozen=True)
class Briefing:
    """All a model is told: where the run stands now."""

    issue: str
    tree: str
    """Hash of the workspace as it is now: the handle for `retrieval.*` and `sandbox.*`."""
    base_tree: str
    """Hash of the workspace as the run found it."""
    failures: tuple[Failure, ...]
    """The tests that fail on `tree`."""
    passing: tuple[str, ...]
    """Ids of the tests that pass on `tree`."""
    coverage: Mapping[str, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    """Test id → path → executed lines, on `base_tree`."""
    places: tuple[Place, ...] = ()
    plan: Plan | None = None
    attempts: tuple[Attempt, ...] = ()
    directive: str = ""
    """Words from the guard after a rollback: what was tried, why it failed, what must differ now."""
    rung: str = ""
    """The step of the ladder that the guard forced, e.g. `fresh-context`; empty when nothing is forced."""


class Model(Protocol):
    """Says what to try. Every method may call tools, and only through the toolbox it is given."""

    @property
    def name(self) -> str:
        """As `--model` names it."""
        ...

    @property
    def needs_coverage(self) -> bool:
        """Whether `Briefing.coverage` has to be there before it plans."""
        ...

    async def plan(self, briefing: Briefing, tools: Toolbox) -> Plan:
        """What is wrong, and where."""
        ...

    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        """The next attempt. No edits means: nothing left to try here."""
        ...

    async def reflect(self, briefing: Briefing, tools: Toolbox) -> Reflection:
        """What the last attempt taught."""
        ...
