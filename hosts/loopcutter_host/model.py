"""What a model is to the host: something that, told where a run stands, says what to try next.

`Model` is the seam. `repair.Builtin` answers by template repair, `dialogue.Dialogue` by talking to a language model;
the agent's loop can't tell them apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

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
    outside: tuple[str, ...] = ()
    """Levels of the stack that lie elsewhere, by name: `json/decoder.py:337 in decode`."""

    @property
    def signature(self) -> str:
        """How it fails, in a line: two tries with one signature have shown one thing."""
        where = "/".join(f"{path}:{function}" for path, _, function in self.frames[-3:])
        return f"{self.test} {self.exception} {self.message[:300]} {where}"


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
    checkpoint: str = ""
    """Where vcs keeps what it left; empty when it never was."""
    patch: str = ""
    """Hash of what the workspace differed in from the base, without comments and formatting."""
    symbols: tuple[str, ...] = ()
    """`path::symbol` of what it changed or wanted to change; `path::` outside of functions and classes."""
    kinds: tuple[str, ...] = ()
    """The kinds of its edits: `symbol`, `replace`, `file`, …"""


@dataclass(frozen=True)
class Reflection:
    """What is learnt from a failed attempt."""

    lesson: str
    next: Literal["edit", "plan", "stop"]


@dataclass(frozen=True)
class Reading:
    """What a model reads out of a failing test, before it plans."""

    test: str
    expected: str
    actual: str
    path: str
    line: int
    """The line that fails, one of those that the failure's frames name."""
    hypothesis: str

    def words(self) -> str:
        """All of it in a few lines."""
        where = f"{self.path}:{self.line}" if self.path else "unknown"
        told = (("expected", self.expected), ("actual", self.actual), ("fails at", where), ("because", self.hypothesis))
        return "\n".join(f"{name}: {text}" for name, text in told if text)


@dataclass(frozen=True)
class Draft:
    """A test that is to show the bug. It is not believed before it has failed for the reason it states."""

    source: str
    """A whole file of tests."""
    exception: str = "AssertionError"
    """What it shall fail with; the type's last name."""
    actual: str = ""
    """What the code gives now, in words; values in it have to turn up in the failure."""
    why: str = ""


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
    paths: tuple[str, ...] = ()
    """Up to fifty files that may be at fault, to choose among where nothing names the place."""
    plan: Plan | None = None
    attempts: tuple[Attempt, ...] = ()
    directive: str = ""
    """Words from the guard after a rollback: what was tried, why it failed, what must differ now."""
    rung: str = ""
    """The step of the ladder that is forced, e.g. `fresh-context`; empty when nothing is."""
    focus: Place | None = None
    """The place the host chose for the next edit; None: as the plan says."""
    suspicion: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    """Path → line → how much more failing tests run it than passing ones, 0 to 1."""
    reading: Reading | None = None
    """What was read out of the first failure."""
    observation: str = ""
    """A fact found out on purpose: a smaller test that shows the bug, and how it fails."""
    traces: str = ""
    """The stack traces of the issue, as far as they run through the workspace."""
    tests_may_change: bool = False
    """Whether the user allowed edits of tests."""
    words: tuple[str, ...] = ()
    """What the user said to the agent while the run went on (`nudge`), oldest first."""


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


@runtime_checkable
class Tester(Protocol):
    """What a model that can read and write tests offers beside `Model`."""

    async def read_test(self, briefing: Briefing, tools: Toolbox) -> Reading:
        """What the first failure says. Raises `ModelFailed`."""
        ...

    async def write_test(self, briefing: Briefing, tools: Toolbox, refused: tuple[str, ...] = ()) -> Draft:
        """A small test that shows the bug; `refused` says why earlier ones were not believed. Raises `ModelFailed`."""
        ...
