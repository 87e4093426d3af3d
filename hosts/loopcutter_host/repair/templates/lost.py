"""Lines that such code mostly has: a remainder kept, a run begun anew, a last group, a mark, an early answer."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def lost(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The statement that goes with another one and is not there."""
    if not isinstance(node, ast.stmt) or scope.function is None or not scope.source.alone(node):
        return
    match node:
        case ast.Assign(value=ast.BinOp(left=ast.Name(id=whole), op=ast.FloorDiv() | ast.Mod() as operator, right=by)):
            symbol = "%" if isinstance(operator, ast.FloorDiv) else "//"
            if scope.source.text(node.targets[0]) != whole:
                line = f"{whole} {symbol}= {scope.source.text(by)}"
                yield scope.source.after(node, [line], "statement", 0.25)
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Sub()) if _answers(scope):
            yield scope.source.after(node, [f"if {name} < 0:", "    return False"], "statement", 0.2)
        case ast.If(orelse=[]):
            yield from _otherwise(node, scope)
        case ast.For() | ast.While():
            yield from _last_group(node, scope)
        case ast.Expr(value=ast.Call()):
            yield from _unless_seen(node, scope)


def _answers(scope: Scope) -> bool:
    """Whether the function says yes or no."""
    given = [each.value for each in scope.nodes if isinstance(each, ast.Return)]
    return bool(given) and all(
        isinstance(each, ast.Compare | ast.BoolOp | ast.UnaryOp)
        or (isinstance(each, ast.Constant) and isinstance(each.value, bool))
        for each in given
    )


def _otherwise(node: ast.If, scope: Scope) -> Iterator[Candidate]:
    """`else: run = 0` after `if …: run += 1`; what follows an `if`, in its `else`."""
    if not scope.source.slice(*scope.source.span(node)).startswith("if") or not scope.source.alone(node.body[-1]):
        return
    loop = next((each for each in scope.source.ancestors(node) if isinstance(each, ast.For | ast.While)), None)
    block = scope.source.block(node)
    position = block.index(node)
    if loop is not None:
        for each in node.body:
            if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name):
                for first in _first_value(each.target.id, loop, scope):
                    yield scope.source.after(node, ["else:", f"    {each.target.id} = {first}"], "statement", 0.3)
    if position + 2 == len(block) and isinstance(block[-1], ast.AugAssign | ast.Expr | ast.Assign):
        following = block[-1]
        if scope.source.alone(following) and following.lineno == following.end_lineno:
            start, end = scope.source.whole_lines(following)
            indent = scope.source.indent(node.lineno)
            text = f"{indent}else:\n{indent}    {scope.source.text(following)}\n"
            yield scope.source.change(start, end, text, "statement", 0.15, following.lineno)


def _first_value(name: str, loop: ast.AST, scope: Scope) -> Iterator[str]:
    for each in scope.nodes:
        match each:
            case ast.Assign(targets=targets, value=ast.Constant() as value) if each.lineno < getattr(loop, "lineno", 0):
                if name in {scope.source.text(part) for part in targets}:
                    yield scope.source.text(value)


def _last_group(node: ast.For | ast.While, scope: Scope) -> Iterator[Candidate]:
    """`if run: runs.append(run)` after the loop that begins a new run: nothing comes after the last."""
    assert scope.function is not None
    if node not in scope.function.body or node is scope.function.body[-1]:
        return
    inside = [each for part in node.body for each in ast.walk(part)]
    stored = {each.id: None for each in inside if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    carried = [each for each in stored if scope.bound.get(each, node.lineno) < node.lineno]
    changed = {
        scope.source.text(each.func.value): None
        for each in inside
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "append"
    }
    for each in inside:
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call) and each.lineno == each.end_lineno:
            match each.value:
                case ast.Call(func=ast.Attribute(attr="append"), args=[ast.Name(id=name)]) if name in carried:
                    line = scope.source.text(each)
                    yield scope.source.after(node, [f"if {name}:", f"    {line}"], "statement", 0.3)
                    yield scope.source.after(node, [line], "statement", 0.3)
    for name in carried[:3]:
        for target in [each for each in changed if each != name][:2]:
            for test, prior in ((f"{name}", 0.15), (f"{name} > 1", 0.1)):
                yield scope.source.after(node, [f"if {test}:", f"    {target}.append({name})"], "statement", prior)


def _unless_seen(node: ast.Expr, scope: Scope) -> Iterator[Candidate]:
    """`if there not in seen:` around what is done for each neighbour, where something is marked as seen."""
    parent = scope.source.parents.get(node)
    if not isinstance(parent, ast.For) or not isinstance(parent.target, ast.Name) or node.lineno != node.end_lineno:
        return
    marked = {
        each.func.value.id: None
        for each in scope.nodes
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and isinstance(each.func.value, ast.Name)
        and each.func.attr == "add"
    }
    indent = scope.source.indent(node.lineno)
    for name in list(marked)[:3]:
        text = f"if {parent.target.id} not in {name}:\n{indent}    {scope.source.text(node)}"
        yield scope.source.change(*scope.source.span(node), text, "guard", 0.3)


def marked(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`seen.add(here)` where it is asked whether `here` is in `seen`, and nothing ever is."""
    if not isinstance(node, ast.If | ast.While) or scope.function is None or not scope.source.alone(node):
        return
    outer: ast.AST = scope.function
    for each in scope.source.ancestors(scope.function):
        outer = each if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) else outer
    for each in ast.walk(node.test):
        match each:
            case ast.Compare(left=item, ops=[ast.In() | ast.NotIn() as operator], comparators=[ast.Name(id=name)]):
                whole = scope.source.text(outer)
                if any(f"{name}.{method}(" in whole for method in ("add", "append", "update")) or f"{name}[" in whole:
                    continue
                for method, prior in (("add", 0.5), ("append", 0.2)):
                    line = f"{name}.{method}({scope.source.text(item)})"
                    if isinstance(operator, ast.NotIn) and scope.source.alone(node.body[0]):
                        yield scope.source.before(node.body[0], [line], "statement", prior)
                    if isinstance(node, ast.If):
                        yield scope.source.after(node, [line], "statement", prior)
