"""What retrieval needs to know of a source file, whatever language it is written in."""

from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["module", "class", "function", "method", "text"]

FACTS = ("decorated", "reads", "writes", "raises", "catches", "returns")
"""What a symbol may do beside calling: it bears a decorator, reads or changes an attribute or a variable of its module,
raises or catches an exception, says that it returns an object of a class."""


@dataclass(frozen=True)
class Symbol:
    """A named piece of a file, and the text that is its own: a class's text is not that of its methods."""

    name: str
    """Dotted within the file: `Cart.total`; empty for the file itself."""
    kind: Kind
    first: int
    last: int
    """Lines, counted from 1, inclusive, decorators included."""
    calls: tuple[str, ...] = ()
    """What it calls: `discount`, `self.total`, `prices.load`; `<Cart>self.cart.total` when the object is
    known to be made by `Cart`, a class or a function, and `.load` when it is an expression."""
    bases: tuple[str, ...] = ()
    code: str = ""
    prose: str = ""
    """Docstrings and comments."""
    messages: tuple[str, ...] = ()
    """String literals of several words: what it may print or raise."""
    facts: tuple[str, ...] = ()
    """What else it does: a verb (see FACTS) and a name, `raises ValueError`, `writes self.items`, `reads .price`."""


@dataclass(frozen=True)
class Import:
    """A name that a file imports."""

    local: str
    """The name as the file uses it; `*` for all."""
    target: str
    """Dotted, with leading dots when relative: `shop.cart.Cart`, `.cart`."""


@dataclass(frozen=True)
class Outline:
    """All that is known of one file's content."""

    symbols: tuple[Symbol, ...]
    """The file itself first, then in the order of the text."""
    imports: tuple[Import, ...] = ()
    problem: str = ""
    """Why the outline may be incomplete, e.g. `syntax error at line 3`; empty when it is whole."""


class Language(Protocol):
    """Reads one language. An outline depends on the content alone, so it can be kept by the content's hash."""

    name: str
    """What contents are kept under; a dialect is written after the family: `javascript/ts`."""

    @property
    def unavailable(self) -> str:
        """Why it can't read anything here; empty when it can."""
        ...

    def outline(self, source: bytes) -> Outline:
        """Never raises, whatever the bytes: a broken file gives what can be made out."""
        ...
