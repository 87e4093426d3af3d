"""What retrieval answers with. These types cross the wire."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A piece of code that may be what was looked for."""

    path: str
    symbol: str
    """Dotted within the file: `Cart.total`; empty when the file itself is meant."""
    kind: str
    """`module`, `class`, `function`, `method`, or `text` for a piece of a file that is not code."""
    lines: tuple[int, int]
    """First and last, counted from 1, inclusive."""
    score: float
    """Comparable within one answer only."""
    why: str
    """What speaks for it: `named; words: cart, discount; called by Cart.total`."""


@dataclass(frozen=True)
class Source:
    """A place with its text."""

    path: str
    symbol: str
    kind: str
    lines: tuple[int, int]
    score: float
    why: str
    source: str
    """The lines themselves; cut, with a note at the end, when they are too many."""
    facts: tuple[str, ...] = ()
    """What it does beside calling: `decorated property`, `writes self.items`, `raises ValueError`."""


@dataclass(frozen=True)
class Places:
    """The answer to a search, best first."""

    places: tuple[Place, ...]


@dataclass(frozen=True)
class Sources:
    """The symbols of one name, the code proper first."""

    places: tuple[Source, ...]


@dataclass(frozen=True)
class RankedFile:
    """A file that may hold the fault."""

    path: str
    score: float
    why: str


@dataclass(frozen=True)
class Located:
    """Where a fault may be, most suspicious first."""

    files: tuple[RankedFile, ...]
    places: tuple[Place, ...]
    paths: tuple[str, ...]
    """Up to fifty files to choose from, best first: some thousand tokens, which a model reads in one call."""
    left_out: int
    """Places that would have been named, had they not been tried already."""


KINDS = (
    *("callers", "callees", "bases", "derived", "overrides", "tests"),
    *("contains", "imports", "importers", "mutates", "mutators", "raisers", "catchers", "decorated"),
)
"""The kinds of neighbours a symbol may have."""


@dataclass(frozen=True)
class Neighbours:
    """What surrounds a symbol, as far as it was asked for. What is said of a place tells how sure the edge is."""

    symbol: Place
    left_out: int
    also: tuple[str, ...]
    """Others of that name, `path::symbol`."""
    callers: tuple[Place, ...] = ()
    callees: tuple[Place, ...] = ()
    bases: tuple[Place, ...] = ()
    derived: tuple[Place, ...] = ()
    """Classes that inherit from it."""
    overrides: tuple[Place, ...] = ()
    """Methods of the same name in classes above and below."""
    tests: tuple[Place, ...] = ()
    contains: tuple[Place, ...] = ()
    """What is defined directly in it."""
    imports: tuple[Place, ...] = ()
    """What a file imports, as far as it is in the tree."""
    importers: tuple[Place, ...] = ()
    mutates: tuple[Place, ...] = ()
    """The classes and files whose attributes and variables a function changes."""
    mutators: tuple[Place, ...] = ()
    """The functions that change a class's objects or a file's variables."""
    raisers: tuple[Place, ...] = ()
    """Who raises something of that name."""
    catchers: tuple[Place, ...] = ()
    decorated: tuple[Place, ...] = ()
    """What bears it as a decorator."""
    facts: tuple[str, ...] = ()
    """What it does itself: `decorated property`, `reads self.items`, `writes TOTAL`, `raises ValueError`,
    `catches KeyError`."""


@dataclass(frozen=True)
class Context:
    """What a model needs to see to mend a fault."""

    text: str
    """The lines with their numbers, file by file, and what had no room."""
    tokens: int
    """Estimated, erring upwards, unless the asker knew better; never more than were asked for."""
    whole: tuple[str, ...]
    """`path::symbol` of what is shown from its first to its last line, but for the length of docstrings; the most
    suspicious first."""
    cut: tuple[str, ...]
    """The same for what is too long: it is shown from its first line, as far as half of the tokens go."""
    signatures: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """What the index holds."""

    contents: int
    """File contents ever parsed, whatever tree they are of."""
    symbols: int
    trees: int
    """Trees ready in memory."""
    vectors: str
    """`on` with a count, `starting`, or `off` and why."""


@dataclass(frozen=True)
class Skipped:
    """A file, or several of a kind, that are not searched."""

    path: str
    reason: str


@dataclass(frozen=True)
class Indexed:
    """What came of indexing a tree."""

    tree: str
    files: int
    """Files that are searched."""
    symbols: int
    parsed: int
    """Files that had to be parsed: those whose content was never seen before."""
    skipped: tuple[Skipped, ...]
    broken: tuple[Skipped, ...]
    """Files that are searched though something is wrong with them, e.g. syntax errors."""
    duration_s: float


@dataclass(frozen=True)
class Text:
    """Lines of a file."""

    path: str
    start: int
    end: int
    total: int
    """Lines of the whole file."""
    text: str
