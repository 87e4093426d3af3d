"""Finds what a word of a command means once a shell has undone quotes and escapes and filled in what is known."""

import itertools
import re
from collections.abc import Callable, Sequence

from tree_sitter import Node

from loopcutter_sandbox.guard.scene import MOST, SPLIT, Scene, Values
from loopcutter_sandbox.guard.simple import UNKNOWN

LONGEST = 20_000
"""Characters of a word that are followed."""

_ANSI = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v"}
_ANSI_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|.)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")


def text(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def evaluate(node: Node, scene: Scene, substitute: Callable[[Node], Values], quoted: bool = False) -> Values:
    """The values a word may have; `substitute` runs the reader over a substitution and says what it prints."""
    kind = node.type
    if kind == "command_name":
        return evaluate(node.children[0], scene, substitute)
    if kind in ("word", "number", "variable_name", "special_variable_name"):
        source = text(node)
        return (_ESCAPE.sub(_unescaped, source) if "\\" in source else source,)
    if kind == "raw_string":
        return (text(node)[1:-1],)
    if kind == "ansi_c_string":
        return (_ANSI_ESCAPE.sub(_ansi, text(node)[2:-1]),)
    if kind == "string":
        return _string(node, scene, substitute)
    if kind in ("translated_string", "concatenation"):
        parts = [child for child in node.children if child.type != "$"]
        joined = _product([evaluate(child, scene, substitute, quoted) for child in parts])
        return tuple(itertools.chain.from_iterable(map(_braced, joined)))[:MOST] if "{" in text(node) else joined
    if kind in ("simple_expansion", "expansion"):
        values = _expansion(node, scene, substitute)
    elif kind == "command_substitution":
        values = substitute(node)
    elif kind == "process_substitution":
        said = "\n".join(substitute(node))
        path = f"/dev/fd/{max(10, 63 - sum(place.startswith('/dev/fd/') for place in scene.written))}"
        if text(node).startswith("<"):
            scene.written[path] = said
        return (path,)
    elif kind == "arithmetic_expansion":
        for child in _substitutions(node):
            substitute(child)
        return ("1",)
    elif kind == "array":
        elements = [evaluate(child, scene, substitute) for child in node.named_children]
        return (SPLIT.join(values[0] if len(values) == 1 else UNKNOWN for values in elements),)
    elif kind == "brace_expression":
        return ("1",)
    else:
        return (text(node),)
    if quoted:
        return values
    marks = scene.variables.get("IFS", ("",))[0].strip() or "\\s"
    blanks = _BLANKS if marks == "\\s" else re.compile(f"[{re.escape(marks)}]+")
    return tuple(blanks.sub(SPLIT, value) for value in values)


def every_line(nodes: Sequence[Node], scene: Scene, substitute: Callable[[Node], Values]) -> list[tuple[str, ...]]:
    """The words that `nodes` make, once for every value that one of them may have; at most `MOST` lines."""
    values = [evaluate(node, scene, substitute) for node in nodes]
    most = max((len(value) for value in values), default=0)
    lines = []
    for number in range(min(most, MOST)):
        chosen = [value[number % len(value)] for value in values if value]
        lines.append(tuple(part for word in chosen for part in (word.split(SPLIT) if SPLIT in word else (word,))))
    return lines


def name_of(assignment: Node) -> str:
    """The name that is assigned to; empty for an element of an array."""
    first = assignment.named_children[0] if assignment.named_children else None
    return text(first) if first is not None and first.type == "variable_name" else ""


def assigned(assignment: Node, scene: Scene, substitute: Callable[[Node], Values]) -> tuple[str, Values]:
    """The name and the values it may get: nothing is split there, but into the elements of an array."""
    values = assignment.named_children[1:]
    if not values:
        return name_of(assignment), ("",)
    found = evaluate(values[0], scene, substitute, quoted=True)
    whole = found if values[0].type == "array" else tuple(value.replace(SPLIT, " ") for value in found)
    return name_of(assignment), whole


def _unescaped(match: re.Match[str]) -> str:
    return "" if match[1] == "\n" else match[1]


def _ansi(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "xuU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else ""
    return chr(int(code, 8) & 0xFF) if code[0] in "01234567" else _ANSI.get(code, code)


def _string(node: Node, scene: Scene, substitute: Callable[[Node], Values]) -> Values:
    """The parts of a double-quoted string, and the blanks between them, which are no nodes."""
    source, position = node.text or b"", node.start_byte
    parts: list[Values] = []
    for child in node.children:
        if child.start_byte > position:
            parts.append((source[position - node.start_byte : child.start_byte - node.start_byte].decode(),))
        position = child.end_byte
        if child.type == '"':
            continue
        if child.type == "string_content":
            parts.append((re.sub(r"\\([\"$`\\]|\n)", _unescaped, text(child)),))
        else:
            parts.append(evaluate(child, scene, substitute, quoted=True))
    return _product(parts)


def _expansion(node: Node, scene: Scene, substitute: Callable[[Node], Values]) -> Values:
    for child in _substitutions(node):
        substitute(child)
    subscripts = [child for child in node.children if child.type == "subscript"]
    if subscripts:
        return _subscript(subscripts[0], scene)
    names = [child for child in node.children if child.type in ("variable_name", "special_variable_name")]
    if not names:
        return (UNKNOWN,)
    name, source = text(names[0]), text(node)
    known = scene.look_up(name)
    if source in (f"${name}", f"${{{name}}}") or source.startswith((f"${{{name}:?", f"${{{name}?")):
        return known
    if source.startswith(f"${{#{name}"):
        return ("1",)
    cut = re.fullmatch(r"\$\{\w+(%/\*|##\*/|%/)\}", source)
    if cut:
        return tuple(_cut(value, cut[1]) for value in known)
    default = re.match(r"\$\{\w+:?[-=]", source)
    if default and name not in scene.variables and known == (UNKNOWN,):
        values = node.named_children[1:]
        return _product([evaluate(child, scene, substitute, quoted=True) for child in values])
    return known if default else (UNKNOWN,)


def _cut(value: str, sign: str) -> str:
    """`${x%/*}`, `${x##*/}` and `${x%/}`: the folder, the name, the path without a slash at its end."""
    if UNKNOWN in value or SPLIT in value:
        return UNKNOWN
    head, slash, tail = value.rpartition("/")
    return tail if sign == "##*/" else (head or slash if sign == "%/*" else value.removesuffix("/"))


def _subscript(node: Node, scene: Scene) -> Values:
    """An element of an array, or all of them."""
    name, index = text(node.children[0]), text(node).partition("[")[2].rstrip("]")
    known = scene.look_up(name)
    if index in ("@", "*"):
        return known
    if index.isdigit() and len(known) == 1 and SPLIT in known[0]:
        parts = known[0].split(SPLIT)
        return (parts[int(index)],) if int(index) < len(parts) else ("",)
    return known if index == "0" else (UNKNOWN,)


def _substitutions(node: Node) -> list[Node]:
    """The outermost substitutions beneath `node`."""
    found, waiting = [], list(node.named_children)
    while waiting:
        child = waiting.pop()
        if child.type in ("command_substitution", "process_substitution"):
            found.append(child)
        else:
            waiting.extend(child.named_children)
    return found


def _product(parts: list[Values]) -> Values:
    """Every way of putting the parts together; when there are too many, what can be told of them all."""
    count, longest = 1, 0
    for part in parts:
        count *= len(part)
        longest += max(map(len, part), default=0)
    if longest > LONGEST:  # a variable that is doubled over and over
        return (UNKNOWN,)
    if count > MOST:
        return ("".join(part[0] if len(part) == 1 else UNKNOWN for part in parts),)
    return tuple("".join(choice) for choice in itertools.product(*parts))


def _braced(word: str) -> Values:
    """`{a,b}` expanded; the rest of bash's braces mean nothing to the rules."""
    words, done = [word], False
    while not done and len(words) <= MOST:
        done, following = True, []
        for one in words:
            match = _BRACES.search(one)
            if match is None:
                following.append(one)
                continue
            done = False
            following += [one[: match.start()] + choice + one[match.end() :] for choice in match[1].split(",")]
        words = following
    return (SPLIT.join(words[:MOST]),)
