"""What a piece of Python does beside calling: decorators, attributes, variables of the module, exceptions.

Each is a short text, `raises ValueError`, kept with the symbol it belongs to. Only names are kept: whose attribute
`.total` is can't be told from the text alone.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from tree_sitter import Node

from loopcutter_retrieval.nesting import Owners, Span
from loopcutter_retrieval.syntax import Part, Syntax

KINDS = (
    "delete_statement",
    "global_statement",
    "raise_statement",
    "except_clause",
    "decorator",
    "attribute",
)
"""The nodes that are looked at."""
PARTS = {
    "assigned": Part("assignment", "left", beside="right"),  # without it, a mere annotation
    "augmented": Part("augmented_assignment", "left"),
    "looped": Part("for_statement", "left"),
}
"""And those that are picked out of others."""
CHANGING = frozenset(
    (
        *("add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft"),
        *("remove", "reverse", "setdefault", "sort", "update"),
    )
)
"""Methods of lists, sets and dictionaries that change what they are called on."""
_PATTERNS = frozenset(
    {"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "expression_list", "tuple"}
)
_NAME = re.compile(rb"[^\W\d]\w*\Z")
_SPELT = re.compile(rb"(?!(?:None|True|False)\b)[A-Za-z_][A-Za-z0-9_]*((?:\.[A-Za-z_][A-Za-z0-9_]*)+)?")
"""A name, or attributes of one."""
_PARAMETER = re.compile(rb"(?:\A|[(,])\s*\*{0,2}([^\W\d]\w*)")
_LONGEST = 100
"""Bytes of an attribute's text that are looked at: of a chain of calls only the last name counts."""
_MOST_USES = 1000
"""Mentions of one variable of a module that are followed."""
_MOST_VARIABLES = 300


class Target(NamedTuple):
    """A name or an attribute that a statement assigns to or deletes, or that it puts items into."""

    at: int
    """Where the statement is."""
    start: int
    end: int
    attribute: bool
    outright: bool
    """Whether a name itself is given a value; an item put into it leaves it what it was."""


def collect_facts(found: Syntax, owners: Owners, targets: Sequence[Target], called: frozenset[int]) -> None:
    """Give each span what it does. `called` has the ends of the names that are called: those are no attributes read."""
    declared = _declared(found)
    own = _assigned(found, owners, targets)
    module = owners.spans[0]
    variables = own.pop(id(module), frozenset()) | declared
    for node in found.nodes["decorator"]:
        for name in _names(found, _only_child(node)):
            owners.of(node.start_byte).facts.append(f"decorated {name}")
    changed = {target.end for target in targets}
    for node in found.nodes["attribute"]:
        end = node.end_byte
        if end not in called and end not in changed:
            start = node.start_byte
            owners.of(start).facts.append(f"reads {_short(found, start, end)}")
    for target in targets:
        _write(found, owners.of(target.at), target, variables, own, declared)
    for node in found.nodes["raise_statement"]:
        for name in _names(found, _only_child(node)):
            owners.of(node.start_byte).facts.append(f"raises {name}")
    for node in found.nodes["except_clause"]:
        for name in _names(found, _only_child(node)) or ["BaseException"]:
            owners.of(node.start_byte).facts.append(f"catches {name}")
    _collect_reads(found, owners, variables, own, declared, changed)


def collect_change(owner: Span, function: Node) -> None:
    """Note what a call such as `self.items.append(…)` changes: what it is called on."""
    holder = function.child_by_field_name("object")
    if holder is not None and holder.type in ("identifier", "attribute"):
        owner.changed.append(holder)


def written(found: Syntax) -> list[Target]:
    """What a file assigns to, deletes or puts items into, the statements of one kind after those of another."""
    targets = []
    for kind in ("assigned", "augmented", "delete_statement", "looped"):
        for node in found.nodes[kind]:
            start, end = node.start_byte, node.end_byte
            spelt = end - start < _LONGEST and _SPELT.fullmatch(found.source, start, end)
            if spelt and kind != "delete_statement":  # as most are: no need to look at the nodes
                targets.append(Target(start, start, end, spelt[1] is not None, True))
                continue
            left = _only_child(node) if kind == "delete_statement" else node
            outright = kind == "delete_statement" or node.type != "subscript"
            for one in _targets(left):
                targets.append(Target(start, one.start_byte, one.end_byte, one.type == "attribute", outright))
    return targets


def _targets(left: Node | None) -> Iterator[Node]:
    """The names and attributes in a pattern, and those that items are put into."""
    open_ = [left] if left is not None else []
    while open_:
        one = open_.pop()
        if one.type in _PATTERNS:
            open_ += one.named_children
        elif one.type == "subscript":
            value = one.child_by_field_name("value")
            open_ += [value] if value is not None else []
        elif one.type in ("identifier", "attribute"):
            yield one


def _assigned(found: Syntax, owners: Owners, targets: Iterable[Target]) -> dict[int, frozenset[str]]:
    """The plain names that each span assigns to, by the span's identity."""
    names: dict[int, set[str]] = {}
    for target in targets:
        if target.outright and not target.attribute:
            names.setdefault(id(owners.of(target.at)), set()).add(_text(found, target))
    return {span: frozenset(some) for span, some in names.items()}


def _text(found: Syntax, target: Target) -> str:
    return found.source[target.start : target.end].decode("utf-8", "replace")


def _declared(found: Syntax) -> frozenset[str]:
    return frozenset(found.text(name) for node in found.nodes["global_statement"] for name in node.named_children)


def _write(
    found: Syntax,
    owner: Span,
    target: Target,
    variables: frozenset[str],
    own: Mapping[int, frozenset[str]],
    declared: frozenset[str],
) -> None:
    if target.attribute:
        owner.facts.append(f"writes {_short(found, target.start, target.end)}")
    elif owner.kind in ("function", "method"):
        name = _text(found, target)
        local = name in own.get(id(owner), ()) and name not in declared
        if name in variables and not local and name not in _parameters(found, owner):
            owner.facts.append(f"writes {name}")


def _collect_reads(
    found: Syntax,
    owners: Owners,
    variables: frozenset[str],
    own: Mapping[int, frozenset[str]],
    declared: frozenset[str],
    changed: set[int],
) -> None:
    """Which functions mention the variables of their module, and change what is in them."""
    texts = sorted((node.start_byte, node.end_byte) for kind in ("string", "comment") for node in found.nodes[kind])
    starts = [start for start, _ in texts]

    def hidden(owner: Span, name: str) -> bool:
        return (name in own.get(id(owner), ()) and name not in declared) or name in _parameters(found, owner)

    for owner in owners.spans:
        for holder in owner.changed:
            name = _short(found, holder.start_byte, holder.end_byte)
            if holder.type == "attribute" or (name in variables and not hidden(owner, name)):
                owner.facts.append(f"writes {name}")
    for name in sorted(variables)[:_MOST_VARIABLES]:
        for end in _mentions(found.source, name.encode("utf-8", "replace")):
            at = bisect_right(starts, end - 1) - 1
            owner = owners.of(end - len(name.encode()))
            inside = at >= 0 and texts[at][1] >= end
            if owner.kind in ("function", "method") and not inside and end not in changed and not hidden(owner, name):
                owner.facts.append(f"reads {name}")


def _mentions(source: bytes, name: bytes) -> Iterator[int]:
    """Where a name ends that stands alone: no attribute, no keyword of a call."""
    at = source.find(name)
    for _ in range(_MOST_USES):
        if at < 0:
            return
        end = at + len(name)
        before, after = source[max(at - 1, 0) : at], source[end : end + 2]
        alone = not (before.isalnum() or before in (b"_", b".") or after[:1].isalnum() or after[:1] == b"_")
        if alone and not (after[:1] == b"=" and after != b"=="):
            yield end
        at = source.find(name, end)


def _parameters(found: Syntax, owner: Span) -> frozenset[str]:
    if owner.parameters is None:
        listed = owner.node.child_by_field_name("parameters") if owner.node is not None else None
        text = found.source[listed.start_byte : listed.end_byte] if listed is not None else b""
        owner.parameters = frozenset(name.decode("utf-8", "replace") for name in _PARAMETER.findall(text))
    return owner.parameters


def _only_child(node: Node) -> Node | None:
    return next(iter(node.named_children), None)


def _names(found: Syntax, node: Node | None) -> list[str]:
    """The dotted names that an expression consists of: of a call what is called, of a tuple all that is in it."""
    names: list[str] = []
    open_ = [node] if node is not None else []
    while open_ and len(names) < _LONGEST:
        one = open_.pop(0)
        if one.type == "call":
            function = one.child_by_field_name("function")
            open_ += [function] if function is not None else []
        elif one.type in ("identifier", "attribute"):
            names.append(_short(found, one.start_byte, one.end_byte).lstrip("."))
        elif one.type in ("tuple", "parenthesized_expression"):
            open_ += one.named_children
        elif one.type == "as_pattern":
            open_ += one.named_children[:1]
    return names


def _short(found: Syntax, start: int, end: int) -> str:
    """`self.items`, `prices`; of anything longer or stranger the last name, with a dot before it."""
    return _shortened(found.source[max(start, end - _LONGEST) : end], end - start < _LONGEST)


@lru_cache(maxsize=1 << 16)
def _shortened(text: bytes, whole: bool) -> str:
    holder, dot, leaf = text.rpartition(b".")
    plain = whole and all(map(_NAME.match, holder.split(b".")))
    return (
        f"{holder.decode('utf-8', 'replace') if plain else ''}{dot.decode()}{leaf.strip().decode('utf-8', 'replace')}"
    )
