"""The kinds of edits an attempt is made of, as they come over the wire."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

_STRICT = ConfigDict(extra="forbid")

NearLine = Annotated[
    int | None, WithJsonSchema({"type": "integer", "description": "Which of several: the one nearest this line"})
]


@dataclass(frozen=True)
class Replace:
    """Replace a piece of text in a file."""

    __pydantic_config__ = _STRICT

    kind: Literal["replace"]
    path: str
    search: Annotated[str, Field(description="Lines as they stand in the file, enough to occur only once")]
    replace: str
    near_line: NearLine = None


@dataclass(frozen=True)
class Symbol:
    """Replace a whole Python class, function or method."""

    __pydantic_config__ = _STRICT

    kind: Literal["symbol"]
    path: str
    symbol: Annotated[str, Field(description="Dotted name: Cart.total")]
    source: Annotated[str, Field(description="All of the new definition, in any indentation")]
    near_line: NearLine = None


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
    """A unified diff of one or more files; line numbers may be off."""

    __pydantic_config__ = _STRICT

    kind: Literal["diff"]
    patch: str
    path: Annotated[str, Field(description="The file, when the diff does not name it")] = ""


Simple = Replace | Symbol | Whole | Create | Delete | Rename

Edit = Annotated[Simple | Patch, Field(discriminator="kind")]
