"""What stands beside a node of a linked structure: `other.next` for `node`."""

import ast
import functools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MOST = 6


def next_of(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The link of a node, of this one or of another, for a node that is assigned, returned or handed on."""
    parent = scope.source.parents.get(node)
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    if not isinstance(parent, ast.Assign | ast.Return | ast.Call | ast.IfExp) or getattr(parent, "func", None) is node:
        return
    links = _links(scope)
    if node.id not in {name for names in links.values() for name in names}:
        return
    for link, names in links.items():
        for name in [each for each in names if each in scope.values(node)][:_MOST]:
            yield scope.source.put(node, f"{name}.{link}", "attribute", 0.3)


def cut_off(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`last.next = None` after the loop that hangs nodes one behind the other: the last may still have one."""
    if not isinstance(node, ast.For | ast.While) or not scope.source.alone(node.body[-1]):
        return
    text = scope.source.text
    hung: dict[str, str] = {}
    moved: set[str] = set()
    for each in ast.walk(node):
        match each:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr=link)], value=ast.Name()):
                hung.setdefault(name, link)
            case ast.Assign(targets=[ast.Name(id=name)]):
                moved.add(name)
    block = scope.source.block(node)
    after = {text(each.targets[0]) for each in block[block.index(node) + 1 :] if isinstance(each, ast.Assign)}
    for name, link in hung.items():
        if name in moved and f"{name}.{link}" not in after:
            yield scope.source.after(node, [f"{name}.{link} = None"], "statement", 0.5)


@functools.lru_cache(maxsize=64)
def _links(scope: Scope) -> dict[str, list[str]]:
    """Attributes by which a loop goes from node to node (`node = node.next`) → the variables that hold nodes."""
    found: dict[str, dict[str, None]] = {}
    for each in scope.nodes:
        match each:
            case ast.Assign(
                targets=[ast.Name(id=target)], value=ast.Attribute(value=ast.Name(id=name), attr=attribute)
            ):
                if target == name:
                    found.setdefault(attribute, {})[name] = None
    nodes = {name: None for names in found.values() for name in names}
    for _ in range(2):  # what is assigned from a node, or to one, is a node
        for each in scope.nodes:
            if isinstance(each, ast.Assign):
                targets = [target.id for target in each.targets if isinstance(target, ast.Name)]
                values = [each.value.id] if isinstance(each.value, ast.Name) else []
                if any(name in nodes for name in targets + values):
                    nodes |= dict.fromkeys(targets + values)
    made = {
        each.value.func.id
        for each in scope.nodes
        if isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Call)
        and isinstance(each.value.func, ast.Name)
        and any(isinstance(target, ast.Name) and target.id in nodes for target in each.targets)
    }
    for each in scope.nodes:
        match each:
            case ast.Assign(targets=places, value=ast.Call(func=ast.Name(id=maker))) if maker in made:
                nodes |= {place.id: None for place in places if isinstance(place, ast.Name)}
    return {link: list(nodes) for link in found}
