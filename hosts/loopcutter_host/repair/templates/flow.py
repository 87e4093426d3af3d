"""Missing or wrong `return`, `break`, `continue` and `yield`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def flow(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Where the control goes next."""
    if not isinstance(node, ast.stmt):
        return
    replace, span = scope.source.change, scope.source.span(node)
    in_loop = _loop(node, scope) is not None
    if isinstance(node, ast.Break | ast.Continue):
        other = "continue" if isinstance(node, ast.Break) else "break"
        yield replace(*span, other, "flow", 0.8)
        yield replace(*span, "return", "flow", 0.1)
        yield replace(*span, "pass", "flow", 0.3)
    elif isinstance(node, ast.Pass):
        yield from _instead_of_pass(node, scope, in_loop)
    elif isinstance(node, ast.Return):
        yield from _other_return(node, scope)
    elif isinstance(node, ast.Expr):
        yield from _expression(node, scope)
    if in_loop and _last_of_if(node, scope) and not isinstance(node, ast.Return | ast.Break | ast.Continue | ast.Raise):
        yield scope.source.after(node, ["break"], "flow", 0.25)
        yield scope.source.after(node, ["continue"], "flow", 0.2)
    if scope.function is not None and not isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue):
        yield from _missing_return(node, scope)


def _instead_of_pass(node: ast.Pass, scope: Scope, in_loop: bool) -> Iterator[Candidate]:
    """A jump, and the `return` of what is in scope."""
    span = scope.source.span(node)
    for other in ("continue", "break") if in_loop else ():
        yield scope.source.change(*span, other, "flow", 0.3)
    if scope.function is None:
        return
    for position, value in enumerate(["", "True", "False", "None", *scope.values(node)[:8]]):
        text = f"return {value}".rstrip()
        yield scope.source.change(*span, text, "return", 0.25 if position > 3 else 0.2)
    for text, names in scope.codebase.returned.items():
        if names <= scope.known and (not names or names & set(scope.bound)):
            yield scope.source.change(*span, f"return {text}", "return", 0.15)
    for text in ("0", "-1", "[]", "''"):
        yield scope.source.change(*span, f"return {text}", "return", 0.08)


def _other_return(node: ast.Return, scope: Scope) -> Iterator[Candidate]:
    if node.value is None:
        for other in ("continue", "break", "pass") if _loop(node, scope) is not None else ():
            yield scope.source.change(*scope.source.span(node), other, "flow", 0.4)
        for value in [*scope.values(node)[:6], *(f"self.{name}" for name in scope.members[:8]), "True", "False"]:
            yield scope.source.change(*scope.source.span(node), f"return {value}", "return", 0.15)
        for text, names in scope.codebase.returned.items():
            if names and names <= set(scope.bound):
                yield scope.source.change(*scope.source.span(node), f"return {text}", "return", 0.12)
        return
    text = scope.source.text(node.value)
    start, _ = scope.source.span(node)
    if text == "None":
        for value, names in scope.codebase.returned.items():
            if names and names <= scope.known and names & set(scope.bound):
                yield scope.source.put(node.value, value, "return", 0.2)
    yield scope.source.change(start, start + 6, "yield", "flow", 0.1)
    if _loop(node, scope) is not None and scope.source.alone(node):
        yield scope.source.change(*scope.source.span(node), "continue", "flow", 0.1)
    for value in ("None", "True", "False", "[]", "0", "''", "1", "[[]]"):
        if value != text:
            yield scope.source.put(node.value, value, "return", 0.12)
    for value in [each for each in scope.values(node) if each != text][:8]:
        known = 0.3 if text == "None" else 0.01 if isinstance(node.value, ast.Name) else 0.1
        yield scope.source.put(node.value, value, "return", known)


def _expression(node: ast.Expr, scope: Scope) -> Iterator[Candidate]:
    start, _ = scope.source.span(node)
    if isinstance(node.value, ast.Call) and scope.function is not None:
        if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in scope.nodes):
            itself = isinstance(node.value.func, ast.Name) and node.value.func.id == scope.function.name
            yield scope.source.change(start, start, "yield from ", "flow", 1.5 if itself else 0.2)
            yield scope.source.change(start, start, "yield ", "flow", 0.2)
        yield scope.source.change(start, start, "return ", "return", 0.35 if node is scope.function.body[-1] else 0.15)
        name = node.value.func.value if isinstance(node.value.func, ast.Attribute) else None
        if isinstance(name, ast.Name) and name.id not in ("self", "cls"):
            yield scope.source.change(start, start, f"{name.id} = ", "return", 0.15)
        for argument in node.value.args:
            if isinstance(argument, ast.Name):
                yield scope.source.change(start, start, f"{argument.id} = ", "return", 0.12)
    elif scope.function is not None and _without_effect(node):
        yield scope.source.change(start, start, "return ", "return", 4)
        for variable in scope.values(node)[:4]:
            yield scope.source.change(start, start, f"{variable} = ", "return", 0.3)
    elif isinstance(node.value, ast.Yield):
        yield scope.source.change(start, start + 5, "yield from", "flow", 0.4)
        yield scope.source.change(start, start + 5, "return", "flow", 0.2)
    elif isinstance(node.value, ast.YieldFrom):
        yield scope.source.change(start, start + 10, "yield", "flow", 0.4)


def _without_effect(node: ast.Expr) -> bool:
    """Whether the statement computes something and drops it: nobody writes that on purpose, but for a docstring."""
    if isinstance(node.value, ast.Constant):
        return not isinstance(node.value.value, str) and node.value.value is not ...
    return not isinstance(node.value, ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr)


def _missing_return(node: ast.stmt, scope: Scope) -> Iterator[Candidate]:
    """A `return` after the last statement of a function or of a branch."""
    last_of_function = scope.function is not None and scope.function.body[-1] is node
    if not last_of_function and not _last_of_if(node, scope):
        return
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        names = [node.targets[0].id, *scope.values(node)]
    else:
        names = scope.values(node)
    forgotten = last_of_function and not any(isinstance(each, ast.Return) for each in scope.nodes)
    for position, name in enumerate(list(dict.fromkeys(names))[: 12 if forgotten else 6]):
        prior = 0.3 if forgotten or name in scope.unused else 0.1
        yield scope.source.after(node, [f"return {name}"], "return", prior * 0.9**position)
    for value in ("", " True", " False", " None", " self"):
        yield scope.source.after(node, [f"return{value}"], "return", 0.1)


def _loop(node: ast.AST, scope: Scope) -> ast.AST | None:
    for each in scope.source.ancestors(node):
        if isinstance(each, ast.For | ast.AsyncFor | ast.While):
            return each
        if each is scope.function:
            break
    return None


def _last_of_if(node: ast.stmt, scope: Scope) -> bool:
    return isinstance(scope.source.parents.get(node), ast.If) and scope.source.block(node)[-1] is node
