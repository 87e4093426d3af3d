"""What one item of a table gets from the item that another table links it to: `depth[child] = depth[node] + 1`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_MOST = 3


def inherited(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """After a link is set, or after a function went deeper, what goes along that link in another table."""
    if not isinstance(node, ast.stmt) or scope.function is None or not scope.source.alone(node):
        return
    text = scope.source.text
    match node:
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name(id=links), slice=ast.Name(id=one)) as place], value=value
        ):
            other = value.id if isinstance(value, ast.Name) else text(place)
            for table, numbers in _tables(node, {links, one, other}, scope).items():
                mine, its = f"{table}[{one}]", f"{table}[{other}]"
                yield scope.source.after(node, [f"{mine} += {its}"], "statement", 0.25 if numbers else 0.5)
                yield scope.source.after(node, [f"{its} += {mine}"], "statement", 0.15)
                if numbers:
                    yield scope.source.after(node, [f"{mine} = {its} + 1"], "statement", 0.25)
        case ast.Expr(value=ast.Call() as call) if called(call) == scope.function.name:
            given = [each.id for each in call.args if isinstance(each, ast.Name)]
            loop = scope.source.parents.get(node)
            names = [each for each in scope.parameters if each not in scope.collections]
            if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and loop.target.id in given and names:
                for table in _tables(node, {loop.target.id, names[0]}, scope):
                    line = f"{table}[{names[0]}] += {table}[{loop.target.id}]"
                    yield scope.source.after(node, [line], "statement", 0.25)


def _tables(node: ast.stmt, without: set[str], scope: Scope) -> dict[str, bool]:
    """What is subscripted by a name in the function, and gets nothing beside that statement → whether of numbers."""
    beside = {
        each.value.id
        for part in scope.source.block(node)
        for each in ast.walk(part)
        if isinstance(each, ast.Subscript) and isinstance(each.value, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    found: dict[str, bool] = {}
    deeper: set[str] = set()
    for each in scope.nodes:
        match each:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name()) if name not in without | beside:
                parent = scope.source.parents.get(each)
                several = isinstance(parent, ast.Attribute | ast.For | ast.comprehension)
                found[name] = found.get(name, True) and not several
                if isinstance(parent, ast.Subscript) and each is parent.value:
                    deeper.add(name)
    return {name: numbers for name, numbers in list(found.items())[:_MOST] if name not in deeper}
