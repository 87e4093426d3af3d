"""Assembles what a model needs to see of a tree to mend a fault, within a budget of tokens.

The bodies of the most suspicious symbols come whole, best first, until most of the budget is used up. What surrounds
them follows as signatures with the beginning of their docstrings. A line is shown once, with its number, whatever it
is part of; and what had no room is named.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from loopcutter_retrieval.budget import tokens
from loopcutter_retrieval.graph import surroundings
from loopcutter_retrieval.index import Definition
from loopcutter_retrieval.place import Context
from loopcutter_retrieval.rank import Ranking
from loopcutter_retrieval.signature import header_start, signature_end

_BODIES = 0.85
"""The part of the budget that bodies may use."""
_NOTE = 0.1
"""The part, of a small budget, that is kept for telling what is left out."""
_MOST_NOTE = 300
_FRAME, _MOST_FRAME = 0.1, 500
"""The part, and the tokens, that the own lines of one class or module may use: they are seldom where the fault is."""
_LONGEST = 120
"""Lines of one function; a longer one is cut there, so that it doesn't push out five others."""
_NUMBERED = 10
_TESTS = 3
_AFTER = 5
"""Failing tests are shown after so many places."""
_GAP = "     …\n"
_FRAMES = ("module", "class")

Lines = list[str]


@dataclass
class _Page:
    """The lines of one file that are shown."""

    path: str
    lines: Lines
    tokens: Callable[[str], int]
    shown: set[int] = field(default_factory=set)

    def cost(self, wanted: Iterable[int]) -> int:
        """What these lines add, at most."""
        new = sorted(set(wanted) - self.shown)
        starts = [line for at, line in enumerate(new) if not at or new[at - 1] != line - 1]
        head = 0 if self.shown else self.tokens(self._head()) + 1  # an empty line before it
        first = set(starts)
        gaps = (len(starts) + 1) * self.tokens(_GAP)
        return head + sum(self.tokens(self._line(at, at in first)) for at in new) + gaps

    def text(self) -> str:
        found, last = [self._head()], 0
        for at in sorted(self.shown):
            found += [*self._gap(last, at), self._line(at, at == 1 or at != last + 1)]
            last = at
        return "".join([*found, *self._gap(last, len(self.lines) + 1)])

    def _gap(self, last: int, next_: int) -> Iterator[str]:
        """A mark where something is left out; empty lines are nothing."""
        if any(line.strip() for line in self.lines[last : next_ - 1]):
            yield _GAP

    def _head(self) -> str:
        return f"## {self.path}\n"

    def _line(self, at: int, first: bool) -> str:
        """Numbered if it is the first of several or a round one: numbers are dear."""
        number = at if first or at % _NUMBERED == 0 else ""
        return f"{number:>5} {self.lines[at - 1]}\n"


def assemble(
    ranking: Ranking, read: Callable[[str], Lines], budget: int, count: Callable[[str], int] = tokens
) -> Context:
    """The context of an issue's ranking. `read` gives the lines of a content by its hash, `count` a text's tokens."""
    return _Assembler(ranking, read, budget, count).assemble()


class _Assembler:
    def __init__(
        self, ranking: Ranking, read: Callable[[str], Lines], budget: int, count: Callable[[str], int]
    ) -> None:
        self._tokens = count
        self._ranking = ranking
        self._corpus = ranking.corpus
        self._index = ranking.named.resolver.index
        self._read = read
        self._budget = budget
        self._note = min(int(budget * _NOTE), _MOST_NOTE)
        self._used = 0
        self._pages: dict[int, _Page] = {}
        self._inside: dict[int, list[Definition]] = {}
        self._whole: dict[int, str] = {}
        self._cut: dict[int, str] = {}
        self._signatures: dict[int, str] = {}
        self._left_out: dict[int, str] = {}

    def assemble(self) -> Context:
        candidates = self._candidates()
        for symbol, one in candidates.items():
            self._show_body(symbol, one)
        for symbol, one in [*self._definitions(self._left_out).items(), *self._around()]:
            self._show_signature(symbol, one)
        text = "\n".join(page.text() for page in self._pages.values())
        text += self._told(self._budget - self._tokens(text) - 1)
        return Context(
            text,
            self._tokens(text),
            tuple(self._whole.values()),
            tuple(self._cut.values()),
            tuple(self._signatures.values()),
            tuple(self._left_out.values()),
        )

    def _candidates(self) -> Mapping[int, Definition]:
        """What may be shown whole, most suspicious first; of tests only those that fail."""
        best = self._ranking.suspects.best(min(20 + self._budget // 100, 200))
        code = [symbol for symbol in best if self._role(symbol) in ("", "tooling")]
        return self._definitions([*code[:_AFTER], *self._ranking.named.tests[:_TESTS], *code[_AFTER:]])

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

    def _show_body(self, symbol: int, one: Definition) -> None:
        page = self._page(symbol)
        body = self._body(symbol, one, page)
        cost = page.cost(body)
        room = int(self._budget * _BODIES) - self._used
        if one.kind in _FRAMES:
            room = min(room, int(self._budget * _FRAME), _MOST_FRAME)
        if cost > room:
            name = self._name(symbol, one)
            self._left_out[symbol] = f"{name} lines {one.first}-{one.last}, about {cost} tokens"
        else:
            self._show(symbol, page, body, cost)
            shown = self._whole if one.last - one.first < _LONGEST or one.kind in _FRAMES else self._cut
            shown[symbol] = self._name(symbol, one)

    def _show_signature(self, symbol: int, one: Definition) -> None:
        page = self._page(symbol)
        if one.kind == "module" or one.first in page.shown:
            return
        body = [
            *self._headers(symbol, one, page),
            *range(one.first, signature_end(page.lines, one.first, one.last) + 1),
        ]
        cost = page.cost(body)
        if cost <= self._budget - self._note - self._used:
            self._show(symbol, page, body, cost)
            self._signatures[symbol] = self._name(symbol, one)

    def _show(self, symbol: int, page: _Page, lines: Iterable[int], cost: int) -> None:
        self._pages[int(self._corpus.file_of[symbol])] = page
        page.shown.update(lines)
        self._used += cost

    def _page(self, symbol: int) -> _Page:
        number = int(self._corpus.file_of[symbol])
        file = self._corpus.files[number]
        return self._pages.get(number) or _Page(file.path, self._read(file.blob), self._tokens)

    def _body(self, symbol: int, one: Definition, page: _Page) -> list[int]:
        """The lines of a function, as many as may be; of a class and of a file those that no definition within has."""
        last = min(one.last, len(page.lines))
        own = set(range(one.first, last + 1 if one.kind in _FRAMES else min(last, one.first + _LONGEST - 1) + 1))
        if one.kind in _FRAMES:
            for other in self._defined_beside(symbol):
                if other.number > one.number and one.first <= other.first and other.last <= one.last:
                    own -= set(range(other.first, other.last + 1))
            own = {at for at in own if page.lines[at - 1].strip()}
        return [*self._headers(symbol, one, page), *sorted(own)]

    def _headers(self, symbol: int, one: Definition, page: _Page) -> Iterator[int]:
        """The lines that open the classes around a symbol."""
        for other in self._defined_beside(symbol):
            if (
                other.kind == "class"
                and one.name.startswith(f"{other.name}.")
                and other.first <= one.first <= other.last
            ):
                yield header_start(page.lines, other.first, other.last)

    def _defined_beside(self, symbol: int) -> list[Definition]:
        content = self._corpus.files[int(self._corpus.file_of[symbol])].content
        if content not in self._inside:
            self._inside[content] = self._index.defined_in(content)
        return self._inside[content]

    def _name(self, symbol: int, one: Definition) -> str:
        path = self._corpus.files[int(self._corpus.file_of[symbol])].path
        return f"{path}::{one.name}" if one.name else path

    def _told(self, room: int) -> str:
        """A line about what had no room, as long as there is room for it."""
        names = list(self._left_out.values())
        told = "\nLeft out for lack of room: "
        shown = 0
        for name in names:
            more = f"; {len(names) - shown - 1} more"
            if self._tokens(told + name + "; " + more) > room:
                break
            told += name + "; "
            shown += 1
        if not names:
            return ""
        return (told.removesuffix("; ") if shown == len(names) else f"{told}{len(names) - shown} more") + "\n"
