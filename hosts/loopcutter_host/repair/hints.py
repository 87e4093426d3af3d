"""What the failures themselves say: names and literals in their messages, and the kind of error."""

import ast
import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loopcutter_host.model import Failure

_SHOWN = 0.25
"""A literal, or a difference between two texts, counts if so many of the failures that compare some show it."""
_WORD = re.compile(r"['\"`]([A-Za-z_]\w*)['\"`]|\b(?:Did you mean:?|argument:?) '?([A-Za-z_]\w*)")
_COMPARED = re.compile(r"(?:assert|AssertionError:?)\s+(.+?)\s+(?:==|!=)\s+(.+)")
_UNLIKE = re.compile(r"^(?:AssertionError:? ?)?(.{1,300}?) (?:is not|!=) (.{1,300}?)(?: : .*)?$")
_MADE_BY = {bool: "bool", int: "int", float: "float", str: "str", list: "list", tuple: "tuple", set: "set"}
_LAZY = re.compile(
    r"<(?:generator object|map object|filter object|zip object|\w+_?iterator)|dict_(?:keys|values|items)\("
)
_BYTES = re.compile(r"\bencod|\bdecod|bytes-like|\bbytes\b")
_BOOSTS: dict[str, dict[str, float]] = {
    "IndexError": {"off-by-one": 2, "slice": 2, "comparison": 1.5, "guard": 1.5},
    "KeyError": {"constant": 2, "name": 1.5, "attribute": 1.5, "guard": 1.5},
    "NameError": {"name": 2},
    "UnboundLocalError": {"statement": 2, "initial-value": 2, "name": 2},
    "AttributeError": {"attribute": 1.5, "guard": 1.2, "return": 1.2, "call": 1.2},
    "TypeError": {"call": 1.6, "argument": 1.5, "guard": 1.2, "return": 1.2, "await": 3, "text": 1.5},
    "ZeroDivisionError": {"guard": 3, "initial-value": 2, "off-by-one": 1.5},
    "RecursionError": {"condition": 2, "argument": 2, "off-by-one": 2, "guard": 2, "name": 1.5},
    "Timeout": {"off-by-one": 1.5, "condition": 1.3, "arithmetic": 1.3, "statement": 1.3, "expression": 1.2},
    "UnicodeDecodeError": {"text": 4},
    "UnicodeEncodeError": {"text": 4},
    "Failed": {"exception": 2, "condition": 1.5, "comparison": 1.5},
}


@dataclass(frozen=True)
class Hints:
    """What to prefer, because a failure mentions it."""

    names: frozenset[str] = frozenset()
    """Identifiers quoted in messages: `'Cart' object has no attribute 'itms'. Did you mean: 'items'?`"""
    raised: frozenset[str] = frozenset()
    """The kinds of exceptions that tests ended with."""
    literals: tuple[object, ...] = ()
    """Values that assertions compared."""
    rewrites: tuple[tuple[str, str], ...] = ()
    """Pairs of short strings in which the got and the wanted text differ, both ways."""
    conversions: frozenset[str] = frozenset()
    """Functions that make what was wanted out of what came: `bool` when a test got None and wanted False."""
    boosts: tuple[tuple[str, float], ...] = ()
    """Template → factor."""

    def boost(self, template: str) -> float:
        """How much likelier the kind of error makes a template."""
        return dict(self.boosts).get(template, 1.0)


def hints(failures: Sequence[Failure]) -> Hints:
    """What the failures say, taken together."""
    names: set[str] = set()
    literals: Counter[object] = Counter()
    rewrites: Counter[tuple[str, str]] = Counter()
    compared = texts = 0
    boosts: dict[str, float] = {}
    conversions: set[str] = set()
    for failure in failures:
        names |= {one or two for one, two in _WORD.findall(failure.message)}
        for template, factor in _BOOSTS.get(failure.exception.rsplit(".", 1)[-1], {}).items():
            boosts[template] = max(factor, boosts.get(template, 1.0))
        conversions.update(_conversions(failure.message))
        if _BYTES.search(failure.message):
            boosts["text"] = 8
        for left, right in _compared(failure.message):
            shown = [each for each in (left, right) if isinstance(each, str | int | float)]
            literals.update(list(dict.fromkeys(shown)))
            compared += 1
            if isinstance(left, str) and isinstance(right, str):
                rewrites.update(list(dict.fromkeys(_rewrites(left, right))))
                texts += 1
            if type(left) is type(right) is int and abs(left - right) == 1:
                boosts["off-by-one"] = max(1.5, boosts.get("off-by-one", 1.0))
                boosts["comparison"] = max(1.3, boosts.get("comparison", 1.0))
    raised = {failure.exception.rsplit(".", 1)[-1] for failure in failures} - {"AssertionError", "Failed"}
    return Hints(
        frozenset(names),
        frozenset(raised),
        tuple(each for each, count in literals.items() if count >= compared * _SHOWN),
        tuple(each for each, count in rewrites.items() if count >= texts * _SHOWN),
        frozenset(conversions),
        tuple(sorted(boosts.items())),
    )


def _compared(message: str) -> Iterable[tuple[object, object]]:
    for match in _COMPARED.finditer(message):
        yield from _evaluated(match.groups())


def _evaluated(pair: Sequence[str]) -> Iterable[tuple[object, object]]:
    """The two values, if both are literals."""
    try:
        one, other = (ast.literal_eval(text.strip()) for text in pair)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return
    yield one, other


def _conversions(message: str) -> Iterable[str]:
    """What turns one of two unlike things into one of the other's type. Which of them was wanted is not known."""
    pairs = list(_compared(message))
    if (match := _UNLIKE.match(message.strip().split("\n")[0])) is not None:
        pairs += _evaluated(match.groups())
    for one, other in pairs:
        if type(one) is not type(other):
            yield from (_MADE_BY[type(each)] for each in (one, other) if type(each) in _MADE_BY)
        elif isinstance(one, int | float) and isinstance(other, int | float) and one == -other != 0:
            yield "abs"
    if _LAZY.search(message):
        yield from ("list", "sorted")


def _rewrites(left: str, right: str) -> Iterable[tuple[str, str]]:
    if len(left) > 500 or len(right) > 500:
        return
    for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal" and max(b - a, d - c) <= 20:
            yield left[a:b], right[c:d]
            yield right[c:d], left[a:b]
