"""Slices and subscripts: a bound too many, too few, at the wrong end."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def slices(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Other bounds of a slice, another end of a sequence."""
    if not isinstance(node, ast.Subscript):
        return
    if isinstance(node.slice, ast.Slice):
        yield from _bounds(node.slice, scope)
        yield scope.source.put(node, scope.source.text(node.value), "slice", 0.15)
        return
    index = scope.source.text(node.slice)
    for other, prior in (("0", 0.4), ("-1", 0.4), ("1", 0.2), ("-2", 0.05)):
        if other != index and isinstance(node.slice, ast.Constant | ast.UnaryOp):
            yield scope.source.put(node.slice, other, "slice", prior)
    if isinstance(node.slice, ast.Constant) and type(node.slice.value) is int:
        yield scope.source.put(node.slice, f"{index}:", "slice", 0.12)
        yield scope.source.put(node.slice, f":{index}", "slice", 0.1)
    if isinstance(node.value, ast.Subscript):
        inner = node.value
        swapped = f"{scope.source.text(inner.value)}[{index}][{scope.source.text(inner.slice)}]"
        yield scope.source.put(node, swapped, "slice", 0.25)
    if isinstance(node.ctx, ast.Load):
        yield scope.source.put(node, scope.source.text(node.value), "slice", 0.1)
        yield from _taken_out(node, index, scope)
        if not isinstance(node.slice, ast.Slice | ast.Tuple):
            yield scope.source.put(node, f"{scope.source.text(node.value)}.get({index})", "slice", 0.08)
            missed = scope.hints.raised & {"KeyError", "TypeError", "AttributeError"}
            for default in ("[]", "0", "''", "{}") if missed else ():
                whole = f"{scope.source.text(node.value)}.get({index}, {default})"
                yield scope.source.put(node, whole, "slice", 0.2)


def _taken_out(node: ast.Subscript, index: str, scope: Scope) -> Iterator[Candidate]:
    """The item is removed as well as read: `x.pop()` for `x[-1]`, `heappop(x)` for `x[0]`."""
    text = scope.source.text(node.value)
    for method, place, given in (("pop", "-1", ""), ("pop", "0", "0"), ("popleft", "0", "")):
        if index == place and scope.codebase.methods[method]:
            yield scope.source.put(node, f"{text}.{method}({given})", "call", 0.1)
    for name in scope.codebase.wrappers if isinstance(node.slice, ast.Constant) else ():
        if "pop" in name and scope.codebase.wrappers[name]:
            yield scope.source.put(node, f"{name}({text})", "call", 0.15)


def sliced(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A part of a sequence where all of it stands, one item where a part of it stands."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id not in scope.collections:
        return
    parent = scope.source.parents.get(node)
    whole = isinstance(parent, ast.Call) and node is not parent.func
    if not whole and not isinstance(
        parent, ast.For | ast.comprehension | ast.BinOp | ast.Return | ast.Assign | ast.Tuple
    ):
        return
    if isinstance(parent, ast.comprehension) and node is parent.target:
        return
    weight = 1.0 if scope.collections[node.id] else 0.5
    parts = [("1:", 0.15), (":-1", 0.12), ("::-1", 0.06), ("0", 0.05), ("-1", 0.05)]
    for name in [each for each in scope.indices if each in scope.bound and each != node.id][:3]:
        parts += [(f"{name}:", 0.06), (f":{name}", 0.06), (f"{name} + 1 :", 0.05), (name, 0.06)]
    for part, prior in parts:
        yield scope.source.put(node, f"{node.id}[{part}]", "slice", prior * weight)


def _bounds(node: ast.Slice, scope: Scope) -> Iterator[Candidate]:
    lower, upper, step = (scope.source.text(each) if each else "" for each in (node.lower, node.upper, node.step))
    choices: dict[tuple[str, str, str], float] = {
        (upper, lower, step): 0.4,
        ("", upper, step): 0.3,
        (lower, "", step): 0.3,
        (lower or "1", upper, step): 0.35,
        (lower, upper or "-1", step): 0.35,
        (lower, upper, "" if step else "-1"): 0.2,
        (lower, upper, _negated(step)): 0.3,
        (_negated(lower), upper, step): 0.25,
        (lower, _negated(upper), step): 0.25,
    }
    if lower and not upper:
        choices[f"{lower} + 1", "", step] = 0.3
    for one, other in (("0", "1"), ("1", "0"), ("1", "2")):
        if lower == one or (one == "0" and not lower):
            choices[other, upper, step] = 0.3
    for name in scope.values(node)[:6]:
        if not lower and upper:
            choices[name, upper, step] = 0.1
        if lower and not upper:
            choices[lower, name, step] = 0.1
    if not lower and not upper:
        for name in scope.values(node)[:6]:
            choices |= {(name, "", step): 0.12, ("", name, step): 0.12, (f"len({name})", "", step): 0.1}
        choices |= {("", "-1", step): 0.3, ("1", "", step): 0.3}
    choices.pop((lower, upper, step), None)
    for (low, high, stride), prior in choices.items():
        text = f"{low}:{high}" + (f":{stride}" if stride else "")
        yield scope.source.change(*scope.source.span(node), text, "slice", prior)


def _negated(text: str) -> str:
    return (
        text.removeprefix("-")
        if text.startswith("-")
        else f"-{text}"
        if text.isidentifier() or text.isdigit()
        else text
    )
