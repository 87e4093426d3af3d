"""Where the fault is likely to be: Ochiai over the lines that failing and passing tests execute."""

import ast
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from loopcutter_host.model import Failure, Place
from loopcutter_host.repair.source import Function, Source

Coverage = Mapping[str, Mapping[str, Sequence[int]]]
Lines = dict[int, float]
"""Line → suspicion, from 0 to 1."""
Spectrum = dict[str, Lines]
"""Path → its lines."""

_TEST_FOLDERS = {"test", "tests"}


def is_test(path: str) -> bool:
    """Whether a file holds tests or serves them: those are never repaired."""
    place = PurePosixPath(path)
    name = place.name
    if name == "conftest.py" or name.startswith("test_") or name.endswith(("_test.py", "_tests.py")):
        return True
    return name in ("test.py", "tests.py") or not _TEST_FOLDERS.isdisjoint(place.parent.parts)


def spectrum(failures: Sequence[Failure], coverage: Coverage, places: Iterable[Place] = ()) -> Spectrum:
    """The suspicion of every line outside of tests, the most suspicious having 1."""
    suspicion = _ochiai({each.test for each in failures}, coverage)
    if not suspicion:
        for place in places:
            if not is_test(place.path):
                lines = suspicion.setdefault(place.path, {})
                lines |= {line: max(place.score, 0.01) for line in range(place.lines[0], place.lines[1] + 1)}
    for (path, number), factor in _way_to_the_error(failures).items():
        lines = suspicion.setdefault(path, {})
        lines[number] = lines.get(number, 0.5) * factor
    for place in places:
        lines = suspicion.get(place.path, {})
        for line in range(place.lines[0], place.lines[1] + 1):
            if line in lines:
                lines[line] *= 1 + 0.3 * min(max(place.score, 0), 1)
    most = max((score for lines in suspicion.values() for score in lines.values()), default=1) or 1
    return {path: {line: score / most for line, score in lines.items()} for path, lines in suspicion.items()}


def _ochiai(failing: set[str], coverage: Coverage) -> Spectrum:
    failed: dict[tuple[str, int], int] = defaultdict(int)
    passed: dict[tuple[str, int], int] = defaultdict(int)
    for test, files in coverage.items():
        counts = failed if test in failing else passed
        for path, numbers in files.items():
            if not is_test(path):
                for number in numbers:
                    counts[path, number] += 1
    total = sum(1 for test in failing if test in coverage)
    suspicion: Spectrum = {}
    for (path, number), count in failed.items():
        score = count / math.sqrt(total * (count + passed[path, number]))
        suspicion.setdefault(path, {})[number] = score
    return suspicion


def _way_to_the_error(failures: Sequence[Failure]) -> dict[tuple[str, int], float]:
    """A factor for the lines on the way to where it broke, the last of them most, by the share of failures."""
    factors: dict[tuple[str, int], float] = defaultdict(lambda: 1.0)
    for failure in failures:
        frames = [(path, line) for path, line, _ in failure.frames if path.endswith(".py") and not is_test(path)]
        for depth, place in enumerate(reversed(list(dict.fromkeys(frames)))):
            factors[place] += (0.8 if depth == 0 else 0.3) / len(failures)
    return factors


def led_up(source: Source, lines: Lines, failures: Sequence[Failure]) -> Lines:
    """Warmer: the conditions that led to where it broke, and somewhat what else its function did."""
    broke: dict[int, int] = defaultdict(int)
    for failure in failures:
        inside = [line for path, line, _ in failure.frames if path == source.path]
        if inside:
            broke[inside[-1]] += 1
    factors: dict[int, float] = {}
    for node in ast.walk(source.tree) if broke else ():
        line, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0
        share = sum(count for each, count in broke.items() if line < each <= last) / len(failures)
        if share and isinstance(node, ast.If | ast.While):
            factors[line] = max(factors.get(line, 0), 1 + 0.6 * share)
        elif share and isinstance(node, Function):
            for each in range(line, last + 1):
                factors.setdefault(each, 1 + 0.2 * share)
    return {line: score * factors.get(line, 1) for line, score in lines.items()}


def heat(source: Source, lines: Lines) -> Lines:
    """The suspicion of all lines, also of those no tracer reports: continued statements, defaults, constants.

    What a module does on import is charged to whichever test came first, so there it is not the tracer that counts but
    how suspicious the code is that uses what was bound.
    """
    warm: Lines = {}
    named: dict[str, float] = defaultdict(float)
    for function in source.functions:
        body = range(function.body[0].lineno, (function.end_lineno or function.lineno) + 1)
        hottest = max((lines.get(line, 0) for line in body), default=0)
        warm |= {line: max(warm.get(line, 0), 0.3 * hottest) for line in range(function.lineno, body.start)}
        for node in ast.walk(function) if hottest else ():
            if isinstance(node, ast.Name | ast.Attribute):
                word = node.id if isinstance(node, ast.Name) else node.attr
                first = (source.statement(node) or function).lineno
                named[word] = max(named[word], lines.get(node.lineno, 0), lines.get(first, 0))
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.stmt) or isinstance(node, Function | ast.ClassDef):
            continue
        first, last = node.lineno, _header_end(node)
        score = max(lines.get(line, 0) for line in range(first, last + 1))
        if named and source.function(node) is None:
            score = max([0.04 * max(named.values()), *(0.4 * named[word] for word in _binds(node))])
        elif not score and isinstance(node, ast.Expr) and source.block(node)[0] is not node:
            before = source.block(node)[source.block(node).index(node) - 1]
            score = lines.get(before.lineno, 0)  # a lone name is optimised away: no tracer sees it
        if score:
            warm |= {line: max(warm.get(line, 0), score) for line in range(first, last + 1)}
    return warm


def _header_end(node: ast.stmt) -> int:
    """The last line of a statement, or of what stands before its block."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        return max(node.lineno, int(body[0].lineno) - 1)
    return node.end_lineno or node.lineno


def _binds(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
