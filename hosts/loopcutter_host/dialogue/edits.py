"""Reads the edit out of an answer: a whole function in a fence, or search/replace blocks.

Code that can't be what was asked for (cut off, not Python, another function) is refused here, with a reason for the
model, before it costs a test run.
"""

import ast
import re
import warnings
from collections.abc import Iterator

from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.errors import Unusable
from loopcutter_host.chat.extraction import fences, without_thoughts
from loopcutter_host.chat.lenient import objects
from loopcutter_host.dialogue.quoting import straight
from loopcutter_host.model import Edit, Place

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_SEARCH = re.compile(r"^\s*<{5,9}\s*SEARCH\b.*$")
_DIVIDER = re.compile(r"^\s*={5,9}\s*$")
_REPLACE = re.compile(r"^\s*>{5,9}(\s*REPLACE\b.*)?\s*$")
_PATH = re.compile(r"^[\s#*`]*(?:(?:file|path)\s*:\s*)?(?P<path>[\w./@+-]{1,200}\.\w{1,20})[\s*`:]*$", re.IGNORECASE)
_LAZY = re.compile(
    r"^\s*#\s*(?:\.\.\.|…)|^\s*#.*\b(?:rest of the|remaining|existing) (?:code|function|method|body)", re.MULTILINE
)


def whole_function(answer: Answer, target: Place, present: str) -> tuple[Edit, ...]:
    """The edit that puts the function of an answer in the place of `target`; `present` is its code now."""
    problem = "there is no fenced block with the function in it"
    for source, whole in _sources(answer, target.symbol):
        if not whole:
            problem = "the code block never ended, so the function may be cut; write a shorter one"
            continue
        if not target.path.endswith(".py"):
            return (_symbol_edit(target, source),)
        try:
            return (_symbol_edit(target, _definition_source(source, target.symbol, present)),)
        except Unusable as flaw:
            problem = str(flaw)
    raise Unusable(problem)


def _symbol_edit(target: Place, source: str) -> Edit:
    return {"kind": "symbol", "path": target.path, "symbol": target.symbol, "source": source}


def _sources(answer: Answer, symbol: str) -> Iterator[tuple[str, bool]]:
    """Code that may be meant, the last block first (models draft, then finish), and whether it is whole."""
    said = without_thoughts(answer.text)
    found = list(fences(said))
    for fence in reversed(found):
        yield straight(fence.code), fence.closed or answer.done_reason == "stop"
    if found:
        return
    last_name = re.escape(symbol.rpartition(".")[2])
    wanted = re.compile(rf"^[ \t]*(?:@|(?:async[ ]+)?def[ ]+{last_name}\b|class[ ]+{last_name}\b)", re.MULTILINE)
    if start := wanted.search(said):
        yield straight(said[start.start() :]), answer.done_reason == "stop"
    for value in (value for found_object in objects(said) for value in found_object.values()):
        if isinstance(value, str) and wanted.search(value):
            yield straight(value), answer.done_reason == "stop"


def _definition_source(code: str, symbol: str, present: str) -> str:
    """The lines of the wanted definition in `code`, indented as they are there; vcs moves them to their place."""
    code = code.replace("\r\n", "\n")
    if "\t" in code and "\t" not in present:
        code = code.expandtabs(4)
    tree = _parsed(_at_the_margin(code))
    found = _definition(tree, symbol)
    if found is None:
        names = ", ".join(node.name for node in ast.walk(tree) if isinstance(node, _Definition)) or "nothing"
        raise Unusable(f"the block must define `{symbol.rpartition('.')[2]}`, but it defines {names}")
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    source = "\n".join(code.split("\n")[first - 1 : found.end_lineno]) + "\n"
    if _LAZY.search(source) and not _LAZY.search(present):
        raise Unusable("a part of the function was left out and only hinted at in a comment; write out every line")
    return source


def _parsed(code: str) -> ast.Module:
    try:
        with warnings.catch_warnings(action="ignore"):  # what the compiler thinks of an escape is not asked here
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" in line {line}" if line else ""
        raise Unusable(f"the code in the block is not valid Python: {getattr(error, 'msg', error)}{where}") from error


def _at_the_margin(code: str) -> str:
    """`code` moved left so that it can be parsed. Only its line numbers are used: texts over several lines move too."""
    lines = code.split("\n")
    first = next((line for line in lines if line.strip()), "")
    margin = len(first) - len(first.lstrip())
    return "\n".join(line[min(margin, len(line) - len(line.lstrip())) :] for line in lines)


def _definition(tree: ast.Module, symbol: str) -> _Definition | None:
    """The definition called `symbol`, wherever the answer put it: alone, in its class, or in the whole file."""
    *parents, name = symbol.split(".")
    outer = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and parents and node.name == parents[-1]]
    for scope in [*outer, tree]:
        for node in ast.walk(scope):
            if isinstance(node, _Definition) and node.name == name and node is not scope:
                return node
    return None


def blocks(answer: Answer, path: str) -> tuple[Edit, ...]:
    """The edits of an answer's search/replace blocks; `path` is meant where a block names none."""
    edits: list[Edit] = []
    lines = straight(without_thoughts(answer.text)).splitlines()
    position = 0
    while position < len(lines):
        if named := _PATH.match(lines[position]):
            path = named["path"]
        elif _SEARCH.match(lines[position]):
            search, position = _until(lines, position + 1, _DIVIDER, "=======")
            replace, position = _until(lines, position + 1, _REPLACE, ">>>>>>> REPLACE")
            if not search.strip():
                raise Unusable("a SEARCH part is empty; copy the lines that are to be replaced into it")
            edits.append({"kind": "replace", "path": path, "search": search, "replace": replace})
        position += 1
    if not edits:
        raise Unusable("there is no block with <<<<<<< SEARCH, ======= and >>>>>>> REPLACE in it")
    return tuple(edits)


def _until(lines: list[str], start: int, end: re.Pattern[str], mark: str) -> tuple[str, int]:
    for position in range(start, len(lines)):
        if end.match(lines[position]):
            return "".join(line + "\n" for line in lines[start:position]), position
    raise Unusable(f"a block has no line {mark}")
