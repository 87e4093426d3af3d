"""A statement too many, too few, twice, or in the wrong place."""

import ast
import builtins
import itertools
import re
from collections.abc import Iterable, Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import outline
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Function

_SIMPLE = ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete | ast.Raise | ast.Assert | ast.Return
_BUILTINS = set(dir(builtins))
_ACCUMULATORS = frozenset(("0", "''", '""', "0.0", "1", "[]"))
_TAKING = re.compile(r"[\w.]+\.(pop|popleft)\([^()]*\)$|next\(\w+\)$")
_ENDS = ast.Return | ast.Raise | ast.Break | ast.Continue


def statement(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The file without the statement, with its neighbours swapped, with it one block further out or in."""
    if not isinstance(node, ast.stmt) or isinstance(node, Function | ast.ClassDef | ast.Import | ast.ImportFrom):
        return
    if not scope.source.alone(node) or _is_docstring(node):
        return
    yield scope.source.without(node, "statement", _superfluous(node, scope))
    block = scope.source.block(node)
    position = block.index(node)
    if position + 1 < len(block):
        yield from _swapped(node, block[position + 1], scope)
    if isinstance(node, _SIMPLE) and node is block[-1]:
        yield from _further_out(node, scope)
    if isinstance(node, _SIMPLE) and position:
        yield from _further_in(node, block[position - 1], scope)
    if isinstance(node, ast.Expr | ast.AugAssign):
        yield scope.source.after(node, scope.source.text(node).splitlines()[:1], "statement", 0.06)


def _superfluous(node: ast.stmt, scope: Scope) -> float:
    """How likely a statement is one too many; a loop that always ends in its first round is hardly meant."""
    if isinstance(node, ast.Break | ast.Continue | ast.Return | ast.Raise):
        if isinstance(scope.source.parents.get(node), ast.For | ast.AsyncFor | ast.While):
            return 0.8
        return 0.3
    return 0.3 if isinstance(node, _SIMPLE) else 0.1


def copied(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A simple statement of the file once more: after this one, before the first of a block, or for a `pass`."""
    if not isinstance(node, ast.stmt) or isinstance(node, Function | ast.ClassDef) or scope.function is None:
        return
    if not scope.source.alone(node) or _is_docstring(node):
        return
    start, end = scope.function.lineno, scope.function.end_lineno or 0
    own = scope.source.text(node)
    here = scope.source.slice(scope.source.line_start(start), scope.source.line_start(end + 1))
    for text in [*scope.statements, *_reversed(scope.statements)]:
        near = 1.0 if text in here else 0.6
        jump = text in ("break", "continue") or text.startswith("return")
        if isinstance(node, ast.Pass):
            yield scope.source.change(*scope.source.span(node), text, "statement", 0.3 * near)
        elif text != own and not isinstance(node, _ENDS) and (not jump or node is scope.source.block(node)[-1]):
            often = 0.12 if _TAKING.match(text) else 0.05  # who reads on does so in more places than one
            yield scope.source.after(node, [text], "statement", often * near)
        if text != own and node is scope.source.block(node)[0] and not jump:
            yield scope.source.before(node, [text], "statement", 0.035 * near)


def mirrored(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The same for the other side: after `links[a].append(b)`, also `links[b].append(a)`."""
    if not isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) or scope.function is None:
        return
    text = scope.source.text(node)
    if not scope.source.alone(node) or _is_docstring(node) or "\n" in text:
        return
    read = [each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    names = [each for each in dict.fromkeys(each.id for each in read) if each in scope.bound and each != "self"]
    function = scope.source.text(scope.function)
    for one, other in itertools.combinations(names[:4], 2):
        swapped = _exchanged(text, one, other)
        if isinstance(node, ast.Assign) and scope.source.text(node.targets[0]) in (one, other):
            continue
        turned = next(_reversed([swapped]), "") if isinstance(node, ast.AugAssign) else ""
        strange = 0.2 if _looks_up_in_strange(swapped, scope) else 1.0
        for line, prior in ((turned, 0.3 * strange), (swapped, (0.15 if turned else 0.3) * strange)):
            if line and line != text and line not in function:
                yield scope.source.after(node, [line], "statement", prior)


def _looks_up_in_strange(text: str, scope: Scope) -> bool:
    """Whether it takes an item or a method of a name of which nothing else takes one."""
    used = re.findall(r"(?<![\w.])([A-Za-z_]\w*)[\[.]", text)
    function = scope.source.text(scope.function) if scope.function is not None else ""
    return any(f"{name}[" not in function and f"{name}." not in function for name in used)


def _exchanged(text: str, one: str, other: str) -> str:
    pairs = {one: other, other: one}
    return re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda match: pairs.get(match.group(), match.group()), text)


def _reversed(statements: Iterable[str]) -> Iterator[str]:
    """What is counted up somewhere may have to be counted down."""
    for text in statements:
        for sign, other in ((" += ", " -= "), (" -= ", " += ")):
            if sign in text:
                yield text.replace(sign, other)


def borrowed(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A statement inserted after this one: what follows such statements elsewhere, and what unused names ask for."""
    if not isinstance(node, ast.stmt) or isinstance(node, _ENDS | Function | ast.ClassDef):
        return
    if scope.function is None or not scope.source.alone(node):
        return
    known = set(scope.bound) | set(scope.globals) | set(scope.enclosing) | _BUILTINS
    seen: set[str] = set()
    for following in scope.codebase.followers.get(outline(node), [])[:12]:
        names = {each.id for each in ast.walk(following) if isinstance(each, ast.Name)}
        text = ast.unparse(following)
        if names <= known and text not in seen and text.count("\n") <= 4:
            seen.add(text)
            yield scope.source.after(node, text.splitlines(), "statement", 0.15)
    for name in sorted(scope.unused & set(scope.parameters)):
        if scope.owner is not None:
            yield scope.source.after(node, [f"self.{name} = {name}"], "statement", 0.3)
    yield from _forgotten(node, scope)


def _forgotten(node: ast.stmt, scope: Scope) -> Iterator[Candidate]:
    """Collections that never get anything, counters that never move."""
    loop = next((each for each in scope.source.ancestors(node) if isinstance(each, ast.For | ast.While)), None)
    if loop is None:
        return
    touched = {
        each.value.id for each in scope.nodes if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)
    }
    for each in scope.nodes:
        if not isinstance(each, ast.Assign) or not isinstance(each.targets[0], ast.Name):
            continue
        target, value = each.targets[0].id, scope.source.text(each.value)
        method = {"[]": "append", "list()": "append", "set()": "add"}.get(value)
        if method and target not in touched:
            for item in scope.values(node)[:5]:
                if item != target:
                    yield scope.source.after(node, [f"{target}.{method}({item})"], "statement", 0.25)
        if value in _ACCUMULATORS and not _gathered(target, scope):
            for item in scope.values(node)[:5]:
                if item != target:
                    yield scope.source.after(node, [f"{target} += {item}"], "statement", 0.2)
    tested = {each.id: None for each in ast.walk(getattr(loop, "test", loop)) if isinstance(each, ast.Name)}
    for name in [each for each in tested if each in scope.bound][:4] if isinstance(loop, ast.While) else ():
        for sign in "+-":
            yield scope.source.after(node, [f"{name} {sign}= 1"], "statement", 0.12)


def _gathered(name: str, scope: Scope) -> bool:
    """Whether something is added to the variable, or it is set anew, after its first value."""
    stores = [each for each in scope.nodes if isinstance(each, ast.Name) and each.id == name]
    return sum(isinstance(each.ctx, ast.Store) for each in stores) > 1


def _swapped(one: ast.stmt, other: ast.stmt, scope: Scope) -> Iterator[Candidate]:
    if not scope.source.alone(other) or not isinstance(other, _SIMPLE | ast.If | ast.For | ast.While):
        return
    (start, stop), (begin, end) = scope.source.whole_lines(one), scope.source.whole_lines(other)
    first, between, second = (
        scope.source.slice(start, stop),
        scope.source.slice(stop, begin),
        scope.source.slice(begin, end),
    )
    if second.endswith("\n"):
        yield scope.source.change(start, end, second + between + first, "statement", 0.12, one.lineno)


def _further_out(node: ast.stmt, scope: Scope) -> Iterator[Candidate]:
    """The last statement of a block, after the block instead."""
    parent = scope.source.parents.get(node)
    if not isinstance(parent, ast.For | ast.While | ast.If | ast.With | ast.Try) or len(scope.source.block(node)) < 2:
        return
    if parent.end_lineno != node.end_lineno:
        return
    yield _indented(node, scope, scope.source.indent(parent.lineno), _misplaced_inside(node, parent))


def _misplaced_inside(node: ast.stmt, parent: ast.AST) -> float:
    """A loop whose last statement always leaves it never has a second round: that is hardly meant."""
    if not isinstance(node, ast.Return):
        return 0.15
    return 2 if isinstance(parent, ast.For | ast.While) else 0.25


def _further_in(node: ast.stmt, previous: ast.stmt, scope: Scope) -> Iterator[Candidate]:
    """The statement after a block, as the last one of the block."""
    body = getattr(previous, "orelse", None) or getattr(previous, "body", None)
    if isinstance(previous, Function | ast.ClassDef) or not body or body[-1].lineno == previous.lineno:
        return
    prior = 0.15
    if isinstance(previous, ast.For):  # what a loop binds is rarely meant to be read once it is over
        bound = {each.id for each in ast.walk(previous.target) if isinstance(each, ast.Name)}
        prior = 0.6 if bound & {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} else 0.15
    yield _indented(node, scope, scope.source.indent(body[-1].lineno), prior)


def _indented(node: ast.stmt, scope: Scope, indent: str, prior: float) -> Candidate:
    start, end = scope.source.whole_lines(node)
    old = scope.source.indent(node.lineno)
    lines = scope.source.slice(start, end).splitlines(keepends=True)
    text = "".join(indent + line.removeprefix(old) if line.strip() else line for line in lines)
    return scope.source.change(start, end, text, "statement", prior, node.lineno)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
