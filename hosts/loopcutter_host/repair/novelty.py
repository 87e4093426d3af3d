"""Keeps apart what is really different: candidates that do not compile, or mean the same, are dropped."""

import ast
import warnings

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.source import Function, Source


class Novelty:
    """Remembers the syntax trees it has seen, the original's first."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int, str]] = set()
        self._originals: dict[tuple[str, int], str] = {}

    def __call__(self, candidate: Candidate, source: Source) -> bool:
        """Whether the candidate compiles and gives a syntax tree that was not seen before."""
        first, last = _unit(candidate, source)
        start, end = source.line_start(first), source.line_start(last + 1)
        inside = candidate.start - start, candidate.end - start
        unit = source.data[start:end]
        changed = unit[: inside[0]] + candidate.text.encode() + unit[inside[1] :]
        where = (candidate.path, first)
        if where not in self._originals:
            self._originals[where] = _shape(unit, source.indent(first))
        shape = _shape(changed, source.indent(first))
        key = (*where, shape)
        if not shape or shape == self._originals[where] or key in self._seen:
            return False
        self._seen.add(key)
        return True


def _unit(candidate: Candidate, source: Source) -> tuple[int, int]:
    """First and last line of the function or the top-level statement that holds the change."""
    body, unit = source.tree.body, (1, len(source.starts))
    while True:
        for node in body:
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
            last = node.end_lineno or node.lineno
            if source.line_start(first) <= candidate.start and candidate.end <= source.line_start(last + 1):
                unit = (first, last)
                break
        else:
            return unit
        if isinstance(node, Function) or not isinstance(node, ast.ClassDef):
            return unit
        body = node.body


def _shape(code: bytes, indent: str) -> str:
    """The syntax tree as text; empty when the code does not compile."""
    text = f"if 1:\n{code.decode()}" if indent else code.decode()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            compile(tree, "<candidate>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return ""
    return ast.dump(tree)
