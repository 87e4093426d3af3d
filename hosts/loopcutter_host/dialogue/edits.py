"""Reads the edit out of an answer: a whole function or a whole file in a fence.

Code that can't be what was asked for (cut off, not Python, another function) is refused here, with a reason for the
model, before it costs a test run.
"""

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.errors import Unusable
from loopcutter_host.chat.extraction import fences, without_thoughts
from loopcutter_host.chat.lenient import objects
from loopcutter_host.dialogue.quoting import straight
from loopcutter_host.model import Edit, Place

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_LAZY = re.compile(
    r"^\s*#\s*(?:\.\.\.|…)|^\s*#.*\b(?:rest of the|remaining|existing) (?:code|function|method|body)", re.MULTILINE
)


def whole_function(answer: Answer, target: Place, present: str, file: str = "") -> tuple[Edit, ...]:
    """The edit that puts the function of an answer in the place of `target`, of a Python file.

    `present` is the function now, `file` what is known of the file around it.
    """
    return _first(
        answer, target, lambda source: _symbol_edit(target, _definition_source(source, target.symbol, present, file))
    )


def whole_file(answer: Answer, target: Place, present: str) -> tuple[Edit, ...]:
    """The edit that puts the file of an answer in the place of the one of `target`; `present` is the file now.

    A model that answers with the changed function alone has said all that is needed, if one knows which it is.
    """
    edit: Edit = {"kind": "file", "path": target.path}
    if not target.path.endswith(".py"):
        return _first(answer, target, lambda source: {**edit, "content": source})
    known = _names(present)

    def read(source: str) -> Edit:
        source = source.replace("\r\n", "\n").rstrip("\n") + "\n"
        lost = known - {node.name for node in _parsed(source).body if isinstance(node, _Definition)}
        if lost and target.symbol:
            return _symbol_edit(target, _definition_source(source, target.symbol, present, present))
        if lost:
            named = ", ".join(sorted(lost)[:5])
            raise Unusable(f"the file must stay whole, and {named} is missing; write out every line", "left-out")
        _refuse_hints(source, present)
        return {**edit, "content": source}

    return _first(answer, target, read)


def _first(answer: Answer, target: Place, read: Callable[[str], Edit]) -> tuple[Edit, ...]:
    """What `read` makes of the first code in the answer that it can use."""
    flaws: list[Unusable] = []
    for source, whole in _sources(answer, target.symbol):
        if not whole:
            flaws.insert(0, Unusable("the code block never ended, so the code may be cut; write less", "cut-code"))
            continue
        try:
            return (read(source),)
        except Unusable as flaw:
            flaws.append(flaw)
    if flaws:
        raise flaws[0]
    if not answer.text.strip():
        raise Unusable("it was empty", "empty")
    raise Unusable("there is no fenced block with the code in it", "no-code")


def _names(present: str) -> set[str]:
    """What a file defines at its top level; nothing is known of a file that is broken."""
    try:
        return {node.name for node in _parsed(present).body if isinstance(node, _Definition)}
    except Unusable:
        return set()


def _symbol_edit(target: Place, source: str) -> Edit:
    """The line tells which one is meant: a property and its setter have one name, and so have overloads."""
    edit: Edit = {"kind": "symbol", "path": target.path, "symbol": target.symbol, "source": source}
    return {**edit, "near_line": target.lines[0]} if target.lines[0] > 0 else edit


def _sources(answer: Answer, symbol: str) -> Iterator[tuple[str, bool]]:
    """Code that may be meant, the last block first (models draft, then finish), and whether it is whole."""
    said = without_thoughts(answer.text)
    found = list(fences(said))
    for fence in reversed(found):
        yield straight(fence.code), fence.closed or answer.done_reason == "stop"
    if found:
        # A fence in a docstring ends the block too early; the last fence of all is its real end.
        yield straight(said[said.index(found[0].code) :].rpartition("```")[0]), answer.done_reason == "stop"
        return
    last_name = re.escape(symbol.rpartition(".")[2]) or r"\w+"
    wanted = re.compile(rf"^[ \t]*(?:@|(?:async[ ]+)?def[ ]+{last_name}\b|class[ ]+{last_name}\b)", re.MULTILINE)
    if start := wanted.search(said):
        yield straight(said[start.start() :]), answer.done_reason == "stop"
    for value in (value for found_object in objects(said) for value in found_object.values()):
        if isinstance(value, str) and wanted.search(value):
            yield straight(value), answer.done_reason == "stop"


def _definition_source(code: str, symbol: str, present: str, file: str) -> str:
    """The lines of the wanted definition in `code`, indented as they are there; vcs moves them to their place."""
    code = code.replace("\r\n", "\n")
    if "\t" in code and "\t" not in present:
        code = code.expandtabs(4)
    tree = _parsed(_at_the_margin(code))
    found = _definition(tree, symbol, _decorators(present))
    if found is None:
        names = ", ".join(node.name for node in ast.walk(tree) if isinstance(node, _Definition)) or "nothing"
        wanted = symbol.rpartition(".")[2]
        raise Unusable(f"the block must define `{wanted}`, but it defines {names}", "other-code")
    lines = code.split("\n")
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    taken = lines[first - 1 : found.end_lineno]
    if (place := _first_statement(found)) is not None:
        start = lines[place.lineno - 1]
        indentation = start[: len(start) - len(start.lstrip())]
        at = place.lineno - first
        taken[at:at] = [f"{indentation}{line}" for line in _imports(tree, found, file)]
    source = "\n".join(taken) + "\n"
    # A hint after the last statement is no part of the definition to the parser, but it is to the model.
    behind = takewhile(lambda line: not line.strip() or line.lstrip().startswith("#"), lines[found.end_lineno or 0 :])
    _refuse_hints(source + "\n".join(behind), present)
    if _is_stub(found) and not re.search(r"\.\.\.\s*\Z", present):
        raise Unusable("the body of the function was left out; write out every line", "left-out")
    return source


def _is_stub(found: _Definition | None) -> bool:
    """Whether the body is nothing but `...`."""
    last = found.body[-1] if found else None
    lone = isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant) and last.value.value is ...
    return bool(found and lone and len(found.body) <= 2)


def _first_statement(found: _Definition) -> ast.stmt | None:
    """Before which an import can stand: not a text that says what the function does, not on the line of `def`."""
    told = ast.get_docstring(found, clean=False) is not None
    statements = found.body[1:] if told else found.body
    inside = isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) and statements
    return statements[0] if inside and statements[0].lineno > found.lineno else None


def _imports(tree: ast.Module, found: _Definition, file: str) -> list[str]:
    """Imports above the function that it needs and the file lacks; they go inside it, or they would be lost."""
    used = {node.id for node in ast.walk(found) if isinstance(node, ast.Name)}
    known = {line.strip() for line in file.splitlines()}
    return [
        text
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom) and (text := ast.unparse(node)) not in known
        if used & {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    ]


def _refuse_hints(source: str, present: str) -> None:
    if _LAZY.search(source) and not _LAZY.search(present):
        problem = "a part of the code was left out and only hinted at in a comment; write out every line"
        raise Unusable(problem, "left-out")


def _parsed(code: str) -> ast.Module:
    try:
        with warnings.catch_warnings(action="ignore"):  # what the compiler thinks of an escape is not asked here
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" in line {line}" if line else ""
        said = f"the code in the block is not valid Python: {getattr(error, 'msg', error)}{where}"
        raise Unusable(said, "not-python") from error


def _at_the_margin(code: str) -> str:
    """`code` moved left so that it can be parsed. Only its line numbers are used: texts over several lines move too."""
    lines = code.split("\n")
    first = next((line for line in lines if line.strip()), "")
    margin = len(first) - len(first.lstrip())
    return "\n".join(line[min(margin, len(line) - len(line.lstrip())) :] for line in lines)


def _definition(tree: ast.Module, symbol: str, decorators: Sequence[str]) -> _Definition | None:
    """The definition called `symbol`, wherever the answer put it: alone, in its class, or in the whole file.

    Of several of one name (a property and its setter, overloads) the one with these decorators.
    """
    *parents, name = symbol.split(".")
    outer = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and parents and node.name == parents[-1]]
    for scope in [*outer, tree]:
        found = [
            node
            for node in ast.walk(scope)
            if isinstance(node, _Definition) and node.name == name and node is not scope
        ]
        if found:
            return next((node for node in found if _decorated_with(node) == decorators), found[0])
    return None


def _decorated_with(node: _Definition) -> list[str]:
    return [ast.unparse(decorator) for decorator in node.decorator_list]


def _decorators(present: str) -> list[str]:
    """What the code begins with that is there now; nothing is known of code that does not stand alone."""
    try:
        first = next(iter(_parsed(_at_the_margin(present)).body), None)
    except Unusable:
        return []
    return _decorated_with(first) if isinstance(first, _Definition) else []
