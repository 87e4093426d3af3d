"""One more clause of a condition: what a place has to be, what was seen before, how two things compare."""

import ast
import itertools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.starting import is_table

_RELATIONS = ("<", "<=", ">", ">=", "==", "!=")


def further_test(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A test with one more clause, before or after the others; the likelier kinds of clauses first."""
    if not isinstance(node, ast.If | ast.While) or isinstance(node.test, ast.Constant):
        return
    text = scope.source.text(node.test)
    whole = f"({text})" if isinstance(node.test, ast.BoolOp | ast.IfExp | ast.NamedExpr) else text
    within = text if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And) else whole
    either = text if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or) else whole
    names = [each for each in scope.values(node.test) if each not in ("self", "cls")][:6]
    for clause, prior in _bounds(node, scope):
        yield scope.source.put(node.test, f"{clause} and {within}", "condition", prior)
    for clause, prior in _membership(node, names, scope):
        if clause not in text:
            yield scope.source.put(node.test, f"{within} and {clause}", "condition", prior)
    if node.body and isinstance(node.body[0], ast.Return | ast.Raise | ast.Continue):
        for clause, prior in _base_cases(names, scope):
            if clause not in text:
                yield scope.source.put(node.test, f"{either} or {clause}", "condition", prior)
    if either is text:
        yield from _within_or(node.test, names, scope)
    for clause, prior in _compared(node, names, scope):
        yield scope.source.put(node.test, f"{within} and {clause}", "condition", prior)
        yield scope.source.put(node.test, f"{either} or {clause}", "condition", prior / 2)


def _within_or(test: ast.expr, names: list[str], scope: Scope) -> Iterator[Candidate]:
    """`a or b and c` for `a or b`."""
    last = test.values[-1] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else None
    if last is None or isinstance(last, ast.BoolOp):
        return
    text = scope.source.text(last)
    numbers = [str(each) for each in itertools.islice(scope.constants(int), 3)]
    asked = {each.id for each in ast.walk(test) if isinstance(each, ast.Name)}
    clauses = dict.fromkeys([*scope.conditions, *(f"not {name}" for name in names), *names], 0.12)
    for name in [each for each in names if each in scope.numbers]:  # the other case may ask the same of another number
        clauses |= {f"{name} == {number}": 0.3 if name in asked else 0.12 for number in numbers}
    for clause, prior in clauses.items():
        if clause not in scope.source.text(test):
            right = f"({clause})" if " or " in clause else clause
            yield scope.source.put(last, f"{text} and {right}", "condition", prior)


def only_then(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`elif` with a question where a bare `else` stands."""
    if not isinstance(node, ast.If) or not node.orelse or not scope.source.alone(node.orelse[0]):
        return
    start, end = scope.source.span(node.body[-1])[1], scope.source.span(node.orelse[0])[0]
    between = scope.source.slice(start, end)
    at = between.find("else:")
    if at < 0 or "#" in between:
        return
    place = start + len(between[:at].encode())
    names = [each for each in scope.values(node.test) if each not in ("self", "cls")][:6]
    tested = {each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)}
    clauses = [*_membership(node, names, scope), *((test, 0.1) for test in scope.conditions[:6])]
    for clause, prior in clauses:
        name, relation, collection = clause.partition(" in ")
        likely = relation and name in tested and collection not in tested  # what was asked of one, asked of another
        yield scope.source.change(place, place + 5, f"elif {clause}:", "condition", prior * (3 if likely else 1))


def _bounds(node: ast.If | ast.While, scope: Scope) -> Iterator[tuple[str, float]]:
    """That what the test, or the body, takes as a place is one."""
    text = scope.source.text(node.test)
    seen: set[str] = set()
    for part, weight in [(node.test, 1.0), *((each, 0.4) for each in node.body[:2])]:
        for each in ast.walk(part):
            if not isinstance(each, ast.Subscript) or isinstance(each.slice, ast.Slice | ast.Constant | ast.Tuple):
                continue
            place, receiver = scope.source.text(each.slice), scope.source.text(each.value)
            clauses = (f"{place} < len({receiver})", f"{place} >= 0", f"{place} in {receiver}", f"{place} > 0")
            among = 0.15 if is_table(receiver, scope) else 0.05  # a place in a list is none of its items
            for clause, prior in zip(clauses, (0.3, 0.2, among, 0.12), strict=True):
                if clause not in seen and clause not in text:
                    seen.add(clause)
                    yield clause, prior * weight


def _membership(node: ast.If | ast.While, names: list[str], scope: Scope) -> Iterator[tuple[str, float]]:
    """That something was, or was not, seen before; that a table has it marked."""
    tested = {each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)}
    kept = {pair for each in node.body for pair in _kept(each)}
    held = [name for name in scope.collections if name in names or name in scope.enclosing][:5]
    for collection in held:
        for name in [each for each in names if each != collection][:4]:
            weight = 1.0 if name in tested else 0.6
            yield f"{name} not in {collection}", 0.4 if (collection, name) in kept else 0.12 * weight
            yield f"{name} in {collection}", 0.1 * weight
        yield f"not {collection}", 0.05
    for lookup in scope.lookups[:12]:
        weight = 1.0 if lookup.partition("[")[2].removesuffix("]") in tested else 0.4
        yield lookup, 0.15 * weight
        yield f"not {lookup}", 0.08 * weight


def _kept(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """The collections that get something by a statement, and the names of what they get."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        if isinstance(function, ast.Attribute) and function.attr in ("add", "append") and statement.value.args:
            yield ast.unparse(function.value), ast.unparse(statement.value.args[0])
    elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
        yield ast.unparse(statement.targets[0].value), ast.unparse(statement.targets[0].slice)


def _base_cases(names: list[str], scope: Scope) -> Iterator[tuple[str, float]]:
    """The further cases in which nothing is left to do."""
    for name in [each for each in scope.parameters if each in names][:4]:
        if name in scope.collections:
            yield f"not {name}", 0.2
            yield f"len({name}) <= 1", 0.06
        else:
            yield from ((f"{name} == 0", 0.15), (f"{name} < 0", 0.12), (f"not {name}", 0.08), (f"{name} == 1", 0.06))


def _compared(node: ast.If | ast.While, names: list[str], scope: Scope) -> Iterator[tuple[str, float]]:
    near = sorted(scope.expressions.items(), key=lambda each: (abs(each[1] - node.lineno), each[0]))
    expressions = [each for each, _ in near if each.endswith(("]", ")"))][:5]
    lasts = [f"{name}[{end}]" for name in list(scope.collections)[:3] for end in (-1, 0) if name in names]
    constants = [repr(each) for each in itertools.islice(scope.constants(str), 5)]
    asked = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
    for name in [each.id for each in asked if isinstance(each, ast.Name) and each.id in scope.collections]:
        for constant in constants:
            yield from ((f"{name}[{end}] {relation} {constant}", 0.08) for end in (-1, 0) for relation in ("!=", "=="))
    pairs = [(one, other) for one in dict.fromkeys([*expressions, *lasts]) for other in names[:5] + constants]
    numbers = [str(each) for each in itertools.islice(scope.constants(int), 3) if each]
    pairs += [*itertools.combinations(names[:5], 2), *((name, "0") for name in names[:5])]
    pairs += [(name, number) for number in numbers for name in names[:5] if name in scope.numbers]
    for one, other in pairs:
        for relation in ("==", "!=") if other in constants else _RELATIONS:
            yield f"{one} {relation} {other}", 0.03
