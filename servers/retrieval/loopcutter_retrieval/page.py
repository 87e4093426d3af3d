"""A page of a context: the lines of one file that are shown, and what they cost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from loopcutter_retrieval.budget import tokens

_NUMBERED = 10
_GAP = "     …\n"

Lines = list[str]


@dataclass
class Page:
    """The lines of one file that are shown."""

    path: str
    lines: Lines
    shown: set[int] = field(default_factory=set)
    _costs: dict[tuple[int, bool], int] = field(default_factory=dict)

    def cost(self, wanted: Iterable[int]) -> int:
        """What these lines add, at most."""
        new = set(wanted) - self.shown
        if not new:
            return 0
        head = 0 if self.shown else tokens(self._head()) + 1  # an empty line before it
        both = self.shown | new
        marks = len(list(self._gaps(both))) - (len(list(self._gaps(self.shown))) if self.shown else 0)
        return head + sum(self._cost(at, at - 1 not in both) for at in new) + marks * tokens(_GAP)

    def affordable(self, wanted: Iterable[int], room: int) -> list[int]:
        """The first of these lines, as many as cost no more than that."""
        found: list[int] = []
        for at in wanted:
            room -= self._cost(at, False)
            if room < 0:
                break
            found.append(at)
        return found

    def text(self) -> str:
        """All that is shown, under the path, with a mark where lines are left out."""
        after = set(self._gaps(self.shown))
        found = [self._head(), _GAP if 0 in after else ""]
        for at in sorted(self.shown):
            found += [self._line(at, at - 1 not in self.shown), _GAP if at in after else ""]
        return "".join(found)

    def _gaps(self, shown: set[int]) -> Iterator[int]:
        """The lines after which something is left out, 0 for what is before the first; empty lines are nothing."""
        last = 0
        for at in (*sorted(shown), len(self.lines) + 1):
            if at != last + 1 and any(line.strip() for line in self.lines[last : at - 1]):
                yield last
            last = at

    def _head(self) -> str:
        return f"## {self.path}\n"

    def _cost(self, at: int, first: bool) -> int:
        if (at, first) not in self._costs:
            self._costs[at, first] = tokens(self._line(at, first))
        return self._costs[at, first]

    def _line(self, at: int, first: bool) -> str:
        """Numbered if it is the first of several or a round one: numbers are dear."""
        number = at if first or at % _NUMBERED == 0 else ""
        return f"{number:>5} {self.lines[at - 1]}\n"
