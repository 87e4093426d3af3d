"""What all the files that were read have in common: signatures, attributes, statements, kinds of errors."""

import ast
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from loopcutter_host.repair.source import Function, Source

Slot = tuple[str, ...]
LONGEST = 60
"""Characters of an expression that is worth borrowing."""


def parameters(function: Function | ast.Lambda) -> list[str]:
    """The names of its parameters, in order, without `*rest` and `**options`."""
    arguments = function.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


class Codebase:
    """An index over several sources, for templates that borrow parts from elsewhere."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = tuple(sources)
        self.signatures: dict[str, list[str]] = {}
        self.attributes: dict[str, Counter[str]] = defaultdict(Counter)
        """Receiver as written (`self.items`) → the attributes used on it anywhere."""
        self.methods: Counter[str] = Counter()
        self.wrappers: Counter[str] = Counter()
        """Functions, and methods of `self`, that are called with a single argument."""
        self.called: Counter[str] = Counter()
        """Names that are called."""
        self.arity: dict[str, int] = {}
        """Name of a function → the most arguments it is called with."""
        self.keywords: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        """Name of a function → keyword arguments (name, value as written) it is called with."""
        self.returned: dict[str, frozenset[str]] = {}
        """Short expressions that are returned anywhere → the names in them."""
        self.slots: dict[Slot, Counter[str]] = defaultdict(Counter)
        """A place to fill (the second argument of `move`, what is assigned to `total`) → the expressions that do."""
        self.exceptions: Counter[str] = Counter()
        self.followers: dict[str, list[ast.stmt]] = defaultdict(list)
        """Outline of a statement → the statements that follow such ones."""
        for source in self.sources:
            for node in ast.walk(source.tree):
                self._note(node)

    def _note(self, node: ast.AST) -> None:
        for slot, filling in slots(node):
            if not isinstance(filling, ast.Starred) and len(text := ast.unparse(filling)) <= LONGEST:
                self.slots[slot][text] += 1
        if isinstance(node, Function):
            self.signatures.setdefault(node.name, parameters(node))
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, Function) and each.name == "__init__":
                    self.signatures.setdefault(node.name, parameters(each)[1:])
        elif isinstance(node, ast.Attribute):
            self.attributes[ast.unparse(node.value)][node.attr] += 1
        elif isinstance(node, ast.Call):
            self._note_call(node)
        elif isinstance(node, ast.Return) and node.value is not None:
            text = ast.unparse(node.value)
            if len(text) <= LONGEST:
                self.returned[text] = frozenset(each.id for each in ast.walk(node.value) if isinstance(each, ast.Name))
        elif isinstance(node, ast.Raise | ast.ExceptHandler):
            kind = node.exc if isinstance(node, ast.Raise) else node.type
            kind = kind.func if isinstance(kind, ast.Call) else kind
            self.exceptions.update(each.id for each in ast.walk(kind) if isinstance(each, ast.Name)) if kind else None
        for block in blocks(node):
            for one, following in itertools.pairwise(block):
                self.followers[outline(one)].append(following)

    def _note_call(self, node: ast.Call) -> None:
        name = called(node)
        self.arity[name] = max(self.arity.get(name, 0), len(node.args))
        if isinstance(node.func, ast.Attribute):
            self.methods[name] += 1
        elif name:
            self.called[name] += 1
        written = ast.unparse(node.func)
        if len(node.args) == 1 and not node.keywords and written in (name, f"self.{name}"):
            self.wrappers[written] += 1
        for keyword in node.keywords:
            if keyword.arg and isinstance(keyword.value, ast.Name | ast.Constant | ast.Attribute):
                self.keywords[name][keyword.arg, ast.unparse(keyword.value)] += 1


def slots(node: ast.AST) -> Iterator[tuple[Slot, ast.expr]]:
    """The places that a node has for expressions, by names that are the same wherever alike things belong."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        yield ("=", ast.unparse(node.targets[0])), node.value
    elif isinstance(node, ast.AugAssign):
        yield ("+=", ast.unparse(node.target)), node.value
    elif isinstance(node, ast.Call):
        for position, each in enumerate(node.args):
            yield ("argument", called(node), str(position)), each
        for keyword in node.keywords:
            yield ("argument", called(node), keyword.arg or "**"), keyword.value
    elif isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        yield ("index", ast.unparse(node.value)), node.slice
    elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
        yield ("compared", ast.unparse(node.left)), node.comparators[0]
        yield ("compared", ast.unparse(node.comparators[0])), node.left
    elif isinstance(node, ast.Slice):
        yield from (((name,), end) for name, end in (("lower", node.lower), ("upper", node.upper)) if end is not None)


def called(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def blocks(node: ast.AST) -> Iterable[Sequence[ast.stmt]]:
    """The lists of statements a node holds."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


def outline(statement: ast.stmt) -> str:
    """A statement without its names and constants: two with the same outline do alike things."""
    if isinstance(statement, ast.If | ast.While):
        head: list[ast.AST] = [statement.test]
    elif isinstance(statement, ast.For | ast.AsyncFor):
        head = [statement.target, statement.iter]
    elif isinstance(statement, Function | ast.ClassDef | ast.With | ast.AsyncWith | ast.Try):
        head = []
    else:
        head = [statement]
    kinds = [
        f".{each.attr}" if isinstance(each, ast.Attribute) else type(each).__name__
        for part in head
        for each in ast.walk(part)
        if not isinstance(each, ast.expr_context)
    ]
    return " ".join([type(statement).__name__, *kinds])
