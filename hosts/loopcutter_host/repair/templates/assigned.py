"""Which names get which values by assignments."""

import ast
from collections.abc import Iterable, Iterator


def assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Each name with each value that it gets; of `a, b = c, d` one by one, nothing of other tuples."""
    for node in nodes:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            match target, node.value:
                case ast.Name(id=name), value:
                    yield name, value
                case ast.Tuple(elts=parts), ast.Tuple(elts=values):
                    pairs = zip(parts, values, strict=False)
                    yield from ((part.id, value) for part, value in pairs if isinstance(part, ast.Name))
