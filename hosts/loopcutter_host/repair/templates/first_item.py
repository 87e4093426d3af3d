"""What a loop over a sequence has to begin with: its first item, that item taken off, one empty item."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope


def first_item(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`-items[0]`, `items[0]` or `len(items)`, by what the loop after it does with the items."""
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if _plain(value) and scope.function is not None:
            pass
        case _:
            return
    block = scope.source.block(node)
    loop = next((each for each in block[block.index(node) + 1 :] if isinstance(each, ast.For)), None)
    looped = _looped(loop, scope) if loop is not None else None
    if loop is None or looped is None:
        return
    sequence, item, rest = looped
    updates = [
        each
        for part in loop.body
        for each in ast.walk(part)
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name) and each.targets[0].id == target
    ]
    parts = [part for each in updates for part in ast.walk(each.value) if isinstance(part, ast.expr)]
    weight = 1.0 if rest else 0.3  # the first is left out of the loop because it is dealt with before
    if any(scope.source.text(each) == item for each in parts):
        taken_off = any(
            isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub) and scope.source.text(each.right) == item
            for each in parts
        )
        for text, prior in ((f"-{sequence}[0]", 0.6 if taken_off else 0.0), (f"{sequence}[0]", 0.3)):
            if prior:
                yield scope.source.put(value, text, "initial-value", prior * weight)
    elif any(isinstance(each, ast.Call) and called(each) == "min" for each in parts):
        yield scope.source.put(value, f"len({sequence})", "initial-value", 0.2)


def one_empty_item(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`[[]]` for `[]` where a loop makes the next collection from each item of the last: from none comes none."""
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.List(elts=[]) as value):
            pass
        case _:
            return
    block = scope.source.block(node)
    for outer in block[block.index(node) + 1 :]:
        if not isinstance(outer, ast.For | ast.While):
            continue
        inside = list(ast.walk(outer))
        set_anew = any(
            isinstance(each, ast.Name) and each.id == target and isinstance(each.ctx, ast.Store) for each in inside
        )
        items = [
            each.target.id
            for each in inside
            if isinstance(each, ast.For | ast.comprehension) and each is not outer
            if isinstance(each.iter, ast.Name) and each.iter.id == target and isinstance(each.target, ast.Name)
        ]
        if set_anew and items:
            added = [
                other
                for each in inside
                if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add)
                for one, other in ((each.left, each.right), (each.right, each.left))
                if isinstance(one, ast.Name) and one.id in items
            ]
            lists = any(isinstance(each, ast.List | ast.ListComp) for each in added)
            tuples = any(isinstance(each, ast.Tuple) for each in added)
            texts = {"[[]]": 0.8 if lists else 0.1, "[()]": 0.8 if tuples else 0.05}
            texts |= {"['']": 0.1 if lists or tuples else 0.5, "[0]": 0.1 if lists or tuples else 0.5}
            for text, prior in texts.items():
                yield scope.source.put(value, text, "initial-value", prior)
            return


def _plain(value: ast.expr) -> bool:
    """A number, nothing, or the first item itself."""
    match value:
        case ast.UnaryOp(operand=ast.Constant()) | ast.Subscript(value=ast.Name(), slice=ast.Constant(value=0)):
            return True
        case ast.Constant(value=constant):
            return not isinstance(constant, str | bool)
    return False


def _looped(loop: ast.For, scope: Scope) -> tuple[str, str, bool] | None:
    """Over what it goes, how it calls an item, and whether it leaves out the first."""
    text = scope.source.text
    match loop.target, loop.iter:
        case ast.Name(id=item), ast.Name(id=sequence):
            return sequence, item, False
        case ast.Name(id=item), ast.Subscript(
            value=ast.Name(id=sequence), slice=ast.Slice(lower=ast.Constant(value=1), upper=None)
        ):
            return sequence, item, True
        case ast.Tuple(elts=[_, ast.Name(id=item)]), ast.Call(
            func=ast.Name(id="enumerate"), args=[ast.Name(id=sequence), *_]
        ):
            return sequence, item, False
        case ast.Name(id=place), ast.Call(
            func=ast.Name(id="range"),
            args=[*start, ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=sequence)])],
        ) if len(start) < 2:
            return sequence, f"{sequence}[{place}]", bool(start) and text(start[0]) == "1"
    return None
