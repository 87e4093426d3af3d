"""Assembles what a model needs to see of a tree to mend a fault, within a budget of tokens.

The most suspicious symbols come whole. What follows is chosen by what it is worth: how likely the fault is there, for
the room it takes; its long docstrings are shortened. What surrounds all these follows as signatures with the beginning
of their docstrings. A line is shown once, with its number, whatever it is part of; and what had no room is named.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from loopcutter_retrieval.body import FRAMES, Bodies, Body
from loopcutter_retrieval.budget import Budget, tokens
from loopcutter_retrieval.graph import surroundings
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.page import Lines, Page
from loopcutter_retrieval.place import Context
from loopcutter_retrieval.rank import Ranking

_BODIES = 0.92
"""The part of the budget that bodies may use."""
_NOTE = 0.04
"""The part that is kept for telling what is left out."""
_LEAST_NOTE, _MOST_NOTE = 40, 300
_FRAME, _MOST_FRAME = 0.1, 500
"""The part, and the tokens, that the own lines of one class or module may use: they are seldom where the fault is."""
_SHARE = 0.5
"""The part that one function may use; a longer one is cut there, so that it doesn't push out all others."""
_FIRST = 3
"""So many come before all others, whatever room they take, and with their whole docstrings."""
_DEARNESS = 0.5
"""How much the room counts that a body takes: 0 would be not at all; with 1 the short ones would fill the page."""
_TESTS = 3
_AFTER = 5
"""Failing tests are shown after so many places."""
_MOST_CANDIDATES = 400


def assemble(ranking: Ranking, read: Callable[[str], Lines], budget: Budget) -> Context:
    """The context of an issue's ranking. `read` gives the lines of a content by its hash."""
    return _Assembler(ranking, read, budget).assemble()


class _Assembler:
    def __init__(self, ranking: Ranking, read: Callable[[str], Lines], budget: Budget) -> None:
        self._ranking = ranking
        self._corpus = ranking.corpus
        self._index = ranking.named.resolver.index
        self._budget = budget
        self._room = budget.room
        self._bodies = Bodies(self._corpus, self._index, read)
        self._used = 0
        self._pages: dict[str, Page] = {}
        self._whole: dict[int, str] = {}
        self._cut: dict[int, str] = {}
        self._signatures: dict[int, str] = {}
        self._left_out: dict[int, str] = {}

    def assemble(self) -> Context:
        suspicion = self._ranking.suspects.best(min(40 + self._room // 60, _MOST_CANDIDATES))
        code = [symbol for symbol in suspicion if self._role(symbol) in ("", "tooling")]
        tests = self._ranking.named.tests[:_TESTS]
        candidates = self._definitions([*code[:_AFTER], *tests, *code[_AFTER:]])
        whole = {*code[:_FIRST], *tests}
        most = int(self._room * _SHARE)
        bodies = {symbol: self._bodies.body(symbol, one, symbol in whole, most) for symbol, one in candidates.items()}
        ordered = self._by_worth(code, suspicion, bodies)
        for symbol in [*ordered[:_AFTER], *tests, *ordered[_AFTER:]]:
            self._show_body(symbol, candidates[symbol], bodies[symbol])
        for symbol in list(self._cut):
            self._show_rest(symbol, candidates[symbol], symbol in whole)
        left_out = {symbol: one for symbol, one in candidates.items() if symbol in self._left_out}
        for symbol, one in [*left_out.items(), *self._around()]:
            self._show_signature(symbol, one)
        return self._told(list(candidates))

    def _by_worth(self, code: Sequence[int], suspicion: Mapping[int, float], bodies: Mapping[int, Body]) -> list[int]:
        """The first ones as they are; then what is likeliest for the room it takes.

        e to the power of a symbol's score is how likely it is the one: so the weights were learnt.
        """
        top = max(suspicion.values(), default=0.0)
        worth = {
            symbol: math.exp(suspicion[symbol] - top)
            / max(self._bodies.page(symbol).cost(bodies[symbol].lines), 1) ** _DEARNESS
            for symbol in code[_FIRST:]
        }
        return [*code[:_FIRST], *sorted(worth, key=lambda symbol: -worth[symbol])]

    def _definitions(self, symbols: Iterable[int]) -> dict[int, Definition]:
        wanted = list(dict.fromkeys(symbols))
        return dict(zip(wanted, self._index.definitions(map(self._corpus.place, wanted)), strict=True))

    def _around(self) -> Iterator[tuple[int, Definition]]:
        """What the shown bodies call and inherit, and who calls them; the surest first."""
        graph = surroundings(self._ranking.named.resolver, [*self._whole, *self._cut])
        sure: dict[int, float] = {}
        for user, used, facts in graph.edges(data=True):
            for near in {user, used} - self._whole.keys() - self._cut.keys():
                sure[near] = max(sure.get(near, 0.0), facts["sure"])
        code = [symbol for symbol in sure if self._role(symbol) in ("", "tooling")]
        yield from self._definitions(sorted(code, key=lambda symbol: (-sure[symbol], symbol))).items()

    def _role(self, symbol: int) -> str:
        return self._corpus.files[int(self._corpus.file_of[symbol])].aside

    def _show_body(self, symbol: int, one: Definition, body: Body) -> None:
        cost = self._bodies.page(symbol).cost(body.lines)
        room = int(self._room * _BODIES) - self._used
        if one.kind in FRAMES:
            room = min(room, int(self._room * _FRAME), _MOST_FRAME)
        name = self._name(symbol, one)
        if cost > room:
            self._left_out[symbol] = f"{name} lines {one.first}-{one.last}, about {cost} tokens"
        else:
            self._show(symbol, body.lines, cost)
            (self._cut if body.cut else self._whole)[symbol] = name

    def _show_rest(self, symbol: int, one: Definition, docstring: bool) -> None:
        """Of what was cut, if there is room for it after all."""
        body = self._bodies.body(symbol, one, docstring, self._room)
        cost = self._bodies.page(symbol).cost(body.lines)
        if not body.cut and cost <= int(self._room * _BODIES) - self._used:
            self._show(symbol, body.lines, cost)
            self._whole[symbol] = self._cut.pop(symbol)

    def _show_signature(self, symbol: int, one: Definition) -> None:
        page = self._bodies.page(symbol)
        if one.kind == "module" or one.first in page.shown:
            return
        lines = self._bodies.signature(symbol, one)
        cost = page.cost(lines)
        note = min(max(int(self._room * _NOTE), _LEAST_NOTE), _MOST_NOTE)
        if cost <= self._room - note - self._used:
            self._show(symbol, lines, cost)
            self._signatures[symbol] = self._name(symbol, one)

    def _show(self, symbol: int, lines: Iterable[int], cost: int) -> None:
        page = self._bodies.page(symbol)
        self._pages[page.path] = page
        page.shown.update(lines)
        self._used += cost

    def _name(self, symbol: int, one: Definition) -> str:
        path = self._corpus.files[int(self._corpus.file_of[symbol])].path
        return f"{path}::{one.name}" if one.name else path

    def _told(self, candidates: Sequence[int]) -> Context:
        """All that is shown, the file of the most suspicious symbol first."""
        by_suspicion = dict.fromkeys(self._bodies.page(symbol).path for symbol in candidates)
        paths = [path for path in dict.fromkeys([*by_suspicion, *self._pages]) if path in self._pages]
        left_out = [self._left_out[symbol] for symbol in candidates if symbol in self._left_out]
        text = "\n".join(self._pages[path].text() for path in paths)
        text += self._note(left_out, self._room - tokens(text) - 1)
        return Context(
            text,
            self._budget.spent(tokens(text)),
            tuple(self._whole[symbol] for symbol in candidates if symbol in self._whole),
            tuple(self._cut[symbol] for symbol in candidates if symbol in self._cut),
            tuple(self._signatures.values()),
            tuple(left_out),
        )

    def _note(self, names: Sequence[str], room: int) -> str:
        """A line about what had no room, as long as there is room for it."""
        told = "\nLeft out for lack of room: "
        shown = 0
        for name in names:
            more = f"; {len(names) - shown - 1} more"
            if tokens(told + name + "; " + more) > room:
                break
            told += name + "; "
            shown += 1
        if not names:
            return ""
        return (told.removesuffix("; ") if shown == len(names) else f"{told}{len(names) - shown} more") + "\n"
