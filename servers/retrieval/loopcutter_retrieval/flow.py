"""Tells what the variables of a piece of Python hold, as far as it shows where they get their values.

`cart = Cart()` says it, `def pay(cart: Cart)`, `cart: Cart`, and `self.cart = Cart()` for all methods of the class. A
variable that also gets a value that says nothing is not told about. What the name on the right stands for, a class or
a function that makes an object, only the whole tree knows.
"""

import re
from collections.abc import Iterable, Mapping

from tree_sitter import Node

from loopcutter_retrieval.facts import Target
from loopcutter_retrieval.nesting import Owners, Span
from loopcutter_retrieval.syntax import Part, Syntax

KINDS = ("typed_parameter", "typed_default_parameter")
"""The nodes that are looked at."""
PARTS = {
    "made": Part("assignment", "right", ("call", "identifier")),
    "annotated": Part("assignment", "type"),
    "returned": Part("function_definition", "return_type"),
}
"""And those that are picked out of others."""

_DOTTED = rb"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"
_VARIABLE = rb"[ \t]*((?:self\.)?[A-Za-z_][A-Za-z0-9_]*)[ \t]*"
_GIVEN = re.compile(_VARIABLE + rb"=[ \t]*")
_DECLARED = re.compile(_VARIABLE + rb":[ \t]*")
_MADE = re.compile(rb"(%b)\(" % _DOTTED)
_TYPE = re.compile(rb"[\"']?(?:(?:typing\.|t\.)?Optional\[[\"']?)?(%b)[\"']?\]?(?:[ \t]*\|[ \t]*None)?[\"']?" % _DOTTED)
_PARAMETER = re.compile(rb"[(,]\s*\*{0,2}([A-Za-z_][A-Za-z0-9_]*)\s*(?::\s*([^\s,=()][^,=()]*))?(?=[,=)])")
_NOTHING = re.compile(rb"[ \t]*(?::[^=\n]*)?=[ \t]*None\b")

_CLOSING = ord(")")
_LONGEST = 200
"""Bytes that are looked at of a line before a value, of what makes the value, and of a type."""

_Place = tuple[int, str]
"""A span, by its identity, and the name of a variable in it; of a class, an attribute of its objects."""


class Flow:
    """What the variables of one file hold: the dotted name of a class, or of what is called to make an object."""

    def __init__(self, found: Syntax, owners: Owners, targets: Iterable[Target]) -> None:
        self._source = found.source
        self._module = owners.spans[0]
        self._typed = any(found.nodes[kind] for kind in KINDS)
        self._parameters: dict[int, Mapping[str, str]] = {}
        held: dict[_Place, set[str]] = {}
        for value in self._values(found, owners, targets).values():
            owner, name, made = value
            place = _place(owner, name)
            if place is not None:
                held.setdefault(place, set()).add(made)
        self._held = {place: some.pop() if len(some) == 1 else "" for place, some in held.items()}

    def of(self, owner: Span, holder: str) -> str:
        """What the variable or the `self.attribute` of that name holds where `owner` uses it; empty if unknown."""
        if holder.startswith("self."):
            return self._held.get(place, "") if (place := _place(owner, holder)) else ""
        own, outside = self._held.get((id(owner), holder)), self._held.get((id(self._module), holder), "")
        if own is None and (self._typed or outside):  # most files have no types, and need no look at parameters
            own = self._annotated(owner).get(holder)
        return outside if own is None else own

    def _values(self, found: Syntax, owners: Owners, targets: Iterable[Target]) -> dict[int, tuple[Span, str, str]]:
        """By where its name stands: whose a variable is, its name, and what it is given; empty if that is unknown."""
        values: dict[int, tuple[Span, str, str]] = {}
        for kind, left in (("annotated", _DECLARED), ("made", _GIVEN)):
            for node in found.nodes[kind]:
                start = node.start_byte
                if kind == "made" and not self._typed and self._source[node.end_byte - 1] != _CLOSING:
                    continue  # a name, and there is no parameter of which anything is known
                near = max(start - _LONGEST, 0)
                match = left.fullmatch(self._source, self._source.rfind(b"\n", near, start) + 1 or near, start)
                if match:
                    owner = owners.of(start)
                    text = self._source[start : node.end_byte]
                    made = annotated(text) if kind == "annotated" else self._made(owner, node, text)
                    values.setdefault(match.start(1), (owner, match[1].decode(), made))
        names = {name.encode() for _, name, made in values.values() if made}
        for target in targets:
            text = self._source[target.start : target.end]
            if text in names and target.outright and not _NOTHING.match(self._source, target.end):
                values.setdefault(target.start, (owners.of(target.at), text.decode(), ""))
        return values

    def _made(self, owner: Span, value: Node, text: bytes) -> str:
        """What is called to make it; of a parameter, its type."""
        match = _MADE.match(text, 0, _LONGEST)
        if match is None:
            return self._annotated(owner).get(text.decode("utf-8", "replace"), "")
        if text.count(b"(") > 1:  # it may go on, as in `Cart().lines()`
            function = value.child_by_field_name("function")
            if function is None or function.end_byte != value.start_byte + match.end(1):
                return ""
        return match[1].decode()

    def _annotated(self, owner: Span) -> Mapping[str, str]:
        """The parameters of a function, each with its type if it has one."""
        known = self._parameters.get(id(owner))
        if known is None:
            listed = owner.node.child_by_field_name("parameters") if owner.node is not None else None
            text = self._source[listed.start_byte : listed.end_byte] if listed is not None else b""
            known = {name.decode(): annotated(type_) for name, type_ in _PARAMETER.findall(text)}
            self._parameters[id(owner)] = known
        return known


def _place(owner: Span, name: str) -> _Place | None:
    if not name.startswith("self."):
        return id(owner), name
    return (id(owner.outer), name[5:]) if owner.kind == "method" and owner.outer is not None else None


def annotated(text: bytes) -> str:
    """The class that an annotation names, alone or beside `None`; empty for any other."""
    match = _TYPE.fullmatch(text.strip()) if len(text) < _LONGEST else None
    return match[1].decode() if match else ""


def collect_returned(found: Syntax, owners: Owners) -> None:
    """Note what each function says it returns; of functions within functions only the outer one counts."""
    known = set()
    for node in found.nodes["returned"]:
        owner = owners.of(node.start_byte)
        type_ = annotated(found.source[node.start_byte : node.end_byte])
        if type_ not in ("", "None") and id(owner) not in known:
            owner.facts.append(f"returns {type_}")
        known.add(id(owner))
