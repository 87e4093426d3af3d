"""What a piece of Python does beside calling: decorators, attributes, variables of the module, exceptions.

Each is a short text, `raises ValueError`, kept with the symbol it belongs to. Only names are kept: whose attribute
`.total` is can't be told from the text alone.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

from tree_sitter import Node

from loopcutter_retrieval.nesting import Owners, Span
from loopcutter_retrieval.syntax import Syntax

KINDS = (
    "assignment",
    "augmented_assignment",
    "delete_statement",
    "for_statement",
    "global_statement",
    "raise_statement",
    "except_clause",
    "decorator",
    "attribute",
)
"""The nodes that are looked at."""
_CHANGING = frozenset(
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
_PARAMETER = re.compile(rb"(?:\A|[(,])\s*\*{0,2}([^\W\d]\w*)")
_LONGEST = 100
"""Bytes of an attribute's text that are looked at: of a chain of calls only the last name counts."""
_MOST_USES = 1000
"""Mentions of one variable of a module that are followed."""
_MOST_VARIABLES = 300


def collect_facts(found: Syntax, owners: Owners, called: frozenset[int]) -> None:
    """Give each span what it does. `called` has the ends of the names that are called: those are no attributes read."""
    written = [(node, target) for node in _statements(found) for target in _targets(node)]
    own = _assigned(found, owners, written)
    module = owners.spans[0]
    variables = own.pop(id(module), frozenset()) | _declared(found)
    for node in found.nodes["decorator"]:
        for name in _names(found, _only_child(node)):
            owners.of(node.start_byte).facts.append(f"decorated {name}")
    changed = {target.end_byte for _, target in written}
    for node in found.nodes["attribute"]:
        if node.end_byte not in called and node.end_byte not in changed:
            owners.of(node.start_byte).facts.append(f"reads {_short(found, node)}")
    for node, target in written:
        _write(found, owners.of(node.start_byte), target, variables, own)
    for node in found.nodes["raise_statement"]:
        for name in _names(found, _only_child(node)):
            owners.of(node.start_byte).facts.append(f"raises {name}")
    for node in found.nodes["except_clause"]:
        for name in _names(found, _only_child(node)) or ["BaseException"]:
            owners.of(node.start_byte).facts.append(f"catches {name}")
    _collect_reads(found, owners, variables, own, changed)


def collect_change(found: Syntax, owner: Span, function: Node) -> None:
    """Note that a call such as `self.items.append(…)` changes what it is called on."""
    holder = function.child_by_field_name("object")
    if holder is None or holder.type not in ("identifier", "attribute"):
        return
    if found.text(function.child_by_field_name("attribute")) in _CHANGING:
        owner.changed.append(holder)


def _statements(found: Syntax) -> Iterator[Node]:
    for kind in ("assignment", "augmented_assignment", "delete_statement", "for_statement"):
        yield from found.nodes[kind]


def _targets(node: Node) -> Iterator[Node]:
    """What a statement assigns to or deletes: names, attributes, and what items are put into."""
    left = _only_child(node) if node.type == "delete_statement" else node.child_by_field_name("left")
    if node.type == "assignment" and node.child_by_field_name("right") is None:
        return  # a mere annotation
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


def _assigned(found: Syntax, owners: Owners, written: Iterable[tuple[Node, Node]]) -> dict[int, frozenset[str]]:
    """The plain names that each span assigns to, by the span's identity."""
    names: dict[int, set[str]] = {}
    for node, target in written:
        left = node.child_by_field_name("left")
        if target.type == "identifier" and (left is None or left.type != "subscript"):
            names.setdefault(id(owners.of(node.start_byte)), set()).add(found.text(target))
    return {span: frozenset(some) for span, some in names.items()}


def _declared(found: Syntax) -> frozenset[str]:
    return frozenset(found.text(name) for node in found.nodes["global_statement"] for name in node.named_children)


def _write(
    found: Syntax, owner: Span, target: Node, variables: frozenset[str], own: Mapping[int, frozenset[str]]
) -> None:
    if target.type == "attribute":
        owner.facts.append(f"writes {_short(found, target)}")
    elif owner.kind in ("function", "method"):
        name = found.text(target)
        local = name in own.get(id(owner), ()) and name not in _declared(found)
        if name in variables and not local and name not in _parameters(found, owner):
            owner.facts.append(f"writes {name}")


def _collect_reads(
    found: Syntax,
    owners: Owners,
    variables: frozenset[str],
    own: Mapping[int, frozenset[str]],
    changed: set[int],
) -> None:
    """Which functions mention the variables of their module, and change what is in them."""
    declared = _declared(found)
    texts = sorted((node.start_byte, node.end_byte) for kind in ("string", "comment") for node in found.nodes[kind])
    starts = [start for start, _ in texts]

    def hidden(owner: Span, name: str) -> bool:
        return (name in own.get(id(owner), ()) and name not in declared) or name in _parameters(found, owner)

    for owner in owners.spans:
        for holder in owner.changed:
            name = _short(found, holder)
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
            names.append(_short(found, one).lstrip("."))
        elif one.type in ("tuple", "parenthesized_expression"):
            open_ += one.named_children
        elif one.type == "as_pattern":
            open_ += one.named_children[:1]
    return names


def _short(found: Syntax, node: Node) -> str:
    """`self.items`, `prices`; of anything longer or stranger the last name, with a dot before it."""
    text = found.source[max(node.start_byte, node.end_byte - _LONGEST) : node.end_byte]
    holder, dot, leaf = text.rpartition(b".")
    plain = node.end_byte - node.start_byte < _LONGEST and all(map(_NAME.match, holder.split(b".")))
    return (
        f"{holder.decode('utf-8', 'replace') if plain else ''}{dot.decode()}{leaf.strip().decode('utf-8', 'replace')}"
    )
