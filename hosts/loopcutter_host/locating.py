"""Where to look: the places retrieval suspects, ranked anew by which lines failing tests run and passing ones don't."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loopcutter_host.connections import demand
from loopcutter_host.model import Attempt, Failure, Place
from loopcutter_host.repair.spectrum import spectrum
from loopcutter_host.stacktrace import Placed, in_words, placed, traces
from loopcutter_host.toolbox import Toolbox, use

Suspicion = Mapping[str, Mapping[int, float]]
"""Path → line → how suspicious, 0 to 1."""

MOST = 15
_HOT_FILES = 5
"""Of the hottest files the functions are looked up; others count only where retrieval named a place in them."""
_HOT = 0.5
"""From this suspicion on, a function that retrieval did not name is listed all the same."""
_TRACES = 4


@dataclass(frozen=True)
class Located:
    """What retrieval suspects."""

    places: tuple[Place, ...]
    """Most suspicious first."""
    paths: tuple[str, ...]
    """Up to fifty files, for a model to choose among, best first."""


async def locate(
    tools: Toolbox,
    tree: str,
    issue: str,
    failures: Sequence[Failure] = (),
    limit: int = MOST,
    tried: Sequence[str] = (),
) -> Located:
    """What retrieval suspects for an issue and its failing tests.

    `tried` (paths, or `path::symbol` for all that is in it) is not named again.
    """
    further = {"tried": sorted(tried)} if tried else {}
    told = failures_told(failures)
    found = demand(
        await use(tools, "retrieval", "locate", tree=tree, issue=issue, failures=told, limit=limit, **further)
    )
    places = tuple(
        Place(item["path"], item["symbol"], (item["lines"][0], item["lines"][1]), item["score"], str(item["why"]))
        for item in found["places"]
    )
    return Located(places, tuple(found.get("paths") or ()))


def failures_told(failures: Sequence[Failure]) -> list[dict[str, Any]]:
    """The first failures as retrieval takes them."""
    return [
        {
            "test": failure.test,
            "exception": failure.exception,
            "message": failure.message[:500],
            "frames": [{"path": path, "line": line, "function": name} for path, line, name in failure.frames],
        }
        for failure in failures[:5]
    ]


def suspicion(failures: Sequence[Failure], coverage: Mapping[str, Any], places: Sequence[Place]) -> Suspicion:
    """Ochiai over the covered lines; empty when no coverage is known, since then it would only repeat the places."""
    return spectrum(failures, coverage, places) if coverage else {}


async def ranked(tools: Toolbox, tree: str, places: Sequence[Place], hot: Suspicion) -> tuple[Place, ...]:
    """`places` and the hottest functions, the most suspicious first."""
    if not hot:
        return tuple(places)
    known = {(place.path, place.symbol) for place in places}
    hottest = sorted(hot, key=lambda path: (-max(hot[path].values()), path))[:_HOT_FILES]
    further = [place for path in hottest for place in await _functions(tools, tree, path, hot[path])]
    more = [place for place in further if (place.path, place.symbol) not in known and place.score >= _HOT]
    scored = [(heat(place, hot) + 1 / (1 + rank), place) for rank, place in enumerate(places)]
    scored += [(heat(place, hot), place) for place in more]
    best = sorted(scored, key=lambda pair: -pair[0])[:MOST]
    return tuple(_explained(place, score, heat(place, hot)) for score, place in best)


def heat(place: Place, hot: Suspicion) -> float:
    """How suspicious the hottest line of a place is; 0 when no failing test runs it."""
    lines = hot.get(place.path, {})
    return max((score for line, score in lines.items() if place.lines[0] <= line <= place.lines[1]), default=0.0)


def _explained(place: Place, score: float, heat: float) -> Place:
    if not heat:
        return replace(place, score=score)
    told = f"failing tests run it more than passing ones ({heat:.2f})"
    return replace(place, score=score, why=f"{place.why}; {told}" if place.why else told)


async def _functions(tools: Toolbox, tree: str, path: str, lines: Mapping[int, float]) -> list[Place]:
    """The functions of a file that the hot lines stand in, each with its hottest line's score."""
    if not path.endswith(".py"):
        return []
    read = await use(tools, "retrieval", "read", tree=tree, path=path, start=1, end=0)
    try:
        module = ast.parse(str(read.data.get("text", "")) if read.ok else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: dict[str, Place] = {}
    for line, score in sorted(lines.items(), key=lambda pair: -pair[1]):
        name, first, last = _around(module, line)
        if name:
            found.setdefault(name, Place(path, name, (first, last), score, ""))
    return list(found.values())


def _around(module: ast.Module, line: int) -> tuple[str, int, int]:
    """(dotted name, first line, last line) of the innermost function around a line; an empty name outside of any."""
    names: list[str] = []
    first = last = 0
    scope: ast.AST = module
    is_function = False
    while True:
        inner = next(
            (
                node
                for node in ast.iter_child_nodes(scope)
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and node.lineno <= line <= (node.end_lineno or node.lineno)
            ),
            None,
        )
        if inner is None or is_function:
            return (".".join(names) if is_function else ""), first, last
        names.append(inner.name)
        first, last, scope = inner.lineno, inner.end_lineno or inner.lineno, inner
        is_function = not isinstance(inner, ast.ClassDef)


def issue_traces(issue: str, places: Sequence[Place]) -> tuple[Placed, ...]:
    """The stack traces of an issue, in terms of the files that retrieval found for it."""
    paths = {place.path for place in places}
    return tuple(placed(trace, paths) for trace in traces(issue)[-_TRACES:])


def traces_in_words(found: Sequence[Placed]) -> str:
    """The same as a model is told."""
    return "\n\n".join("\n".join(in_words(each.trace, each.outside)) for each in found)


def untouched(places: Sequence[Place], attempts: Sequence[Attempt]) -> tuple[Place, ...]:
    """The places that no attempt has changed anything in, or wanted to."""
    touched = {symbol for attempt in attempts for symbol in attempt.symbols}
    return tuple(place for place in places if not any(_same(place, symbol) for symbol in touched))


def _same(place: Place, touched: str) -> bool:
    """Whether a `path::symbol` means this place, its class or something inside it."""
    path, _, symbol = touched.partition("::")
    if path != place.path:
        return False
    if not symbol or not place.symbol:
        return symbol == place.symbol
    return f"{symbol}.".startswith(f"{place.symbol}.") or f"{place.symbol}.".startswith(f"{symbol}.")
