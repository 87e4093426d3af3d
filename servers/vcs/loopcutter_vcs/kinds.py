"""The kinds of edits an attempt is made of, as they come over the wire."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Replace:
    """Replace a piece of text in a file."""

    __pydantic_config__ = _STRICT

    kind: Literal["replace"]
    path: str
    search: Annotated[str, Field(description="Lines of the file as they stand, enough of them to occur only once")]
    replace: str
    near_line: Annotated[int | None, Field(description="Which of several occurrences: the one nearest this line")] = (
        None
    )


@dataclass(frozen=True)
class Symbol:
    """Replace a whole Python class, function or method."""

    __pydantic_config__ = _STRICT

    kind: Literal["symbol"]
    path: str
    symbol: Annotated[str, Field(description="Dotted name: Cart.total")]
    source: Annotated[str, Field(description="The whole new definition; any indentation will do")]
    near_line: Annotated[int | None, Field(description="Which of several definitions: the one nearest this line")] = (
        None
    )


@dataclass(frozen=True)
class Whole:
    """Replace all of a file that exists."""

    __pydantic_config__ = _STRICT

    kind: Literal["file"]
    path: str
    content: str


@dataclass(frozen=True)
class Create:
    """Make a new file."""

    __pydantic_config__ = _STRICT

    kind: Literal["create"]
    path: str
    content: str


@dataclass(frozen=True)
class Delete:
    """Delete a file."""

    __pydantic_config__ = _STRICT

    kind: Literal["delete"]
    path: str


@dataclass(frozen=True)
class Rename:
    """Move a file."""

    __pydantic_config__ = _STRICT

    kind: Literal["rename"]
    path: str
    to: str


@dataclass(frozen=True)
class Patch:
    """A unified diff, of one file or several. Line numbers may be off."""

    __pydantic_config__ = _STRICT

    kind: Literal["diff"]
    patch: str
    path: Annotated[str, Field(description="The file, when the diff does not name it")] = ""


Simple = Replace | Symbol | Whole | Create | Delete | Rename

Edit = Annotated[Simple | Patch, Field(discriminator="kind")]
