"""The other end of a row that things are put to and taken from: `pop()` for `pop(0)`, `appendleft` for `append`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_OF_DEQUES = ("popleft", "appendleft", "extendleft", "rotate")
_TURNED = {"pop": "popleft", "popleft": "pop", "append": "appendleft", "appendleft": "append"}


def other_end(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """What is taken from, or put to, the end where it now is not."""
    match node:
        case ast.Call(func=ast.Attribute(value=row, attr=method), args=arguments, keywords=[]):
            pass
        case _:
            return
    text = scope.source.text(row)
    methods = scope.codebase.attributes[text]
    deque = scope.codebase.called["deque"] and not (methods["sort"] or methods["extend"])
    if method in _TURNED and (deque or any(methods[each] for each in _OF_DEQUES)):
        if not (method == "pop" and arguments):
            given = ", ".join(map(scope.source.text, arguments))
            yield scope.source.put(node, f"{text}.{_TURNED[method]}({given})", "call", 0.6)
    elif method == "append" and len(arguments) == 1 and not isinstance(arguments[0], ast.Starred):
        moved = methods["insert"] or methods["index"] or methods["remove"]
        given = scope.source.text(arguments[0])
        yield scope.source.put(node, f"{text}.insert(0, {given})", "call", 0.4 if moved else 0.15)
    elif method == "pop" and methods["append"]:
        match arguments:
            case []:
                yield scope.source.put(node, f"{text}.pop(0)", "call", 0.3)
            case [ast.Constant(value=0)]:
                yield scope.source.put(node, f"{text}.pop()", "call", 0.5)
