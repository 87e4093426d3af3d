"""The normal form of a piece of Python, from its syntax tree. A piece that breaks off is read as far as it goes."""

from functools import cache

from tree_sitter import Language, Node, Parser

_DROPPED = {"comment", "pass_statement", "type", "line_continuation"}
_COMMUTATIVE = {"+", "*", "==", "!=", "and", "or", "&", "|", "^"}
_CHATTER = ("print", "log", "logger", "logging", "warnings.warn", "pprint")
_OWN_NAMES = {
    "attribute": "attribute",
    "function_definition": "name",
    "class_definition": "name",
    "keyword_argument": "name",
}
"""Where a name isn't a variable: it stays, even when a variable is called the same."""
_DEPTH = 200

Form = tuple[str, ...]


def python_form(code: str) -> Form:
    """The words that carry the meaning of `code`, in the order of its syntax tree."""
    root = _parser().parse(code.encode("utf-8", "replace")).root_node
    known = _Names(_introduced(root))
    words: list[str] = []
    _statements(root, known, words, 0)
    return tuple(words)


@cache
def _parser() -> Parser:
    import tree_sitter_python

    return Parser(Language(tree_sitter_python.language()))


class _Names:
    """Calls the names a piece makes up for itself by number, in the order in which they appear."""

    def __init__(self, made_up: frozenset[str]) -> None:
        self._made_up = made_up
        self._numbers: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        if name not in self._made_up:
            return name
        return self._numbers.setdefault(name, f"_{len(self._numbers)}")


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _introduced(root: Node) -> frozenset[str]:
    """Names bound by assignment, loop or `as` in the piece. Attributes, parameters and functions keep theirs."""
    found: set[str] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in ("assignment", "for_statement", "for_in_clause", "named_expression", "augmented_assignment"):
            target = node.child_by_field_name("left") or node.child_by_field_name("name")
            found.update(_bound(target))
        elif node.type == "as_pattern_target":
            found.update(_bound(node))
        stack.extend(node.children)
    return frozenset(found)


def _bound(target: Node | None) -> set[str]:
    if target is None:
        return set()
    if target.type == "identifier":
        return {_text(target)}
    if target.type in ("pattern_list", "tuple_pattern", "list_pattern", "as_pattern_target", "tuple"):
        return set().union(*(_bound(child) for child in target.named_children))
    return set()


def _statements(block: Node, names: _Names, words: list[str], depth: int) -> None:
    """The statements of a block, without docstrings and log lines; `t = f(); return t` reads as `return f()`."""
    pending: tuple[str, Form] | None = None
    for position, statement in enumerate(block.named_children):
        if statement.type in _DROPPED or _is_chatter(statement, position, block):
            continue
        form: list[str] = []
        _node(statement, names, form, depth + 1)
        if pending is not None:
            name, value = pending
            if form.count(name) == 1 and statement.type in ("return_statement", "expression_statement"):
                at = form.index(name)
                form[at : at + 1] = value
            else:
                words.extend((name, "=", *value))
        pending = _temporary(statement, form)
        if pending is None:
            words.extend(form)
    if pending is not None:
        words.extend((pending[0], "=", *pending[1]))


def _temporary(statement: Node, form: list[str]) -> tuple[str, Form] | None:
    """`_0 = value`, a candidate for being inlined into the statement that follows."""
    if statement.type != "expression_statement" or len(form) < 3 or form[1] != "=":
        return None
    made_up = form[0].startswith("_") and form[0][1:].isdigit()
    return (form[0], tuple(form[2:])) if made_up and form[0] not in form[2:] else None


def _is_chatter(statement: Node, position: int, block: Node) -> bool:
    if statement.type != "expression_statement" or not statement.named_children:
        return False
    only = statement.named_children[0]
    if only.type in ("string", "concatenated_string"):
        return position == 0 or block.type != "module" or len(block.named_children) > 1
    if only.type == "call":
        called = _text(only.child_by_field_name("function") or only)
        return called.split(".")[0] in _CHATTER or called in _CHATTER
    return False


def _node(node: Node, names: _Names, words: list[str], depth: int) -> None:
    kind = node.type
    if kind in _DROPPED or depth > _DEPTH:
        return
    if kind == "identifier":
        words.append(names(_text(node)))
    elif kind in ("integer", "float"):
        words.append("0")
    elif kind == "string":
        words.append(_string(node))
    elif kind in ("block", "module"):
        _statements(node, names, words, depth)
    elif kind == "parenthesized_expression":
        for child in node.named_children:
            _node(child, names, words, depth + 1)
    elif kind == "augmented_assignment":
        _augmented(node, names, words, depth)
    elif kind in ("binary_operator", "boolean_operator", "comparison_operator"):
        _operator(node, names, words, depth)
    elif not node.children:
        words.append(_text(node))
    else:
        own_name = node.child_by_field_name(_OWN_NAMES[kind]) if kind in _OWN_NAMES else None
        for child in node.children:
            if child == own_name:
                words.append(_text(child))
            elif child.type not in (":", ",", "->"):
                _node(child, names, words, depth + 1)


def _string(node: Node) -> str:
    """A string by what it says: quotes and blanks don't count; the words of an error message don't either."""
    parent = node.parent
    while parent is not None and parent.type in ("argument_list", "call", "concatenated_string"):
        parent = parent.parent
    if parent is not None and parent.type in ("raise_statement", "assert_statement"):
        return "<message>"
    body = "".join(_text(child) for child in node.named_children if child.type not in ("string_start", "string_end"))
    return f"'{' '.join(body.split())}'"


def _augmented(node: Node, names: _Names, words: list[str], depth: int) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return
    target: list[str] = []
    value: list[str] = []
    _node(left, names, target, depth + 1)
    _node(right, names, value, depth + 1)
    sign = _text(operator).rstrip("=")
    words.extend((*target, "=", *_ordered(sign, [tuple(target), tuple(value)])))


def _operator(node: Node, names: _Names, words: list[str], depth: int) -> None:
    sign = next((_text(child) for child in node.children if not child.is_named), "")
    sides = []
    for child in node.named_children:
        side: list[str] = []
        _node(child, names, side, depth + 1)
        sides.append(tuple(side))
    words.extend(_ordered(sign, sides))


def _ordered(sign: str, sides: list[Form]) -> list[str]:
    if sign in _COMMUTATIVE:
        sides = sorted(sides)
    elif sign in (">", ">="):
        sign, sides = {">": "<", ">=": "<="}[sign], sides[::-1]
    ordered = ["("]
    for position, side in enumerate(sides):
        if position:
            ordered.append(sign)
        ordered.extend(side)
    return [*ordered, ")"]
