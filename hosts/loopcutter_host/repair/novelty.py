"""Keeps apart what is really different: candidates that do not compile, or mean the same, are dropped.

Two that compile to the same code do the same; to compare code costs a tenth of comparing syntax trees.
"""

import ast
import warnings
from types import CodeType
from typing import Any

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.source import Function, Source

_Meaning = tuple[Any, ...]


class Novelty:
    """Remembers the code it has seen, the original's first."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int, _Meaning]] = set()
        self._originals: dict[tuple[str, int], _Meaning] = {}

    def __call__(self, candidate: Candidate, source: Source) -> bool:
        """Whether the candidate compiles and does what was not seen before."""
        first, last = _unit(candidate, source)
        start, end = source.line_start(first), source.line_start(last + 1)
        inside = candidate.start - start, candidate.end - start
        unit = source.data[start:end]
        changed = unit[: inside[0]] + candidate.text.encode() + unit[inside[1] :]
        where = (candidate.path, first)
        if where not in self._originals:
            self._originals[where] = _meaning(unit, source.indent(first))
        meaning = _meaning(changed, source.indent(first))
        key = (*where, meaning)
        if not meaning or meaning == self._originals[where] or key in self._seen:
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


def _meaning(code: bytes, indent: str) -> _Meaning:
    """What the code comes to; empty when it does not compile."""
    text = f"if 1:\n{code.decode()}" if indent else code.decode()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _of(compile(text, "<candidate>", "exec", dont_inherit=True))
    except (SyntaxError, ValueError):
        return ()


def _of(code: CodeType) -> _Meaning:
    """All of it but where it stands."""
    constants = tuple(_of(each) if isinstance(each, CodeType) else (type(each), repr(each)) for each in code.co_consts)
    names = code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_name
    counts = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags
    return code.co_code, getattr(code, "co_exceptiontable", b""), constants, names, counts
