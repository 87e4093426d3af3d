"""The progress ledger: what was seen before, so that a step that shows nothing new is known for one."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from loopcutter_loopguard.intent import Query
from loopcutter_loopguard.scrub import skeleton
from loopcutter_loopguard.step import Step
from loopcutter_loopguard.workspace import Bounded

LINES = 60_000
VISITS = 24
"""Step numbers kept for one thing that was seen."""

_NEUTRAL = ("user", "condense", "prose", "wait")


@dataclass(frozen=True)
class Seen:
    """How far a step repeats what was there before."""

    same: tuple[int, ...] = ()
    """Earlier steps with the same call and the same answer in the same state."""
    refused: tuple[int, ...] = ()
    """Earlier steps that were refused in the same words, in the same state and by the same tool."""
    retested: tuple[int, ...] = ()
    """Earlier test runs in the same state with the same results, however they were called."""
    vain: tuple[int, ...] = ()
    """Earlier searches for the same words that found nothing and looked there too."""
    stale: bool = False
    """Whether it brought nothing new."""


@dataclass
class Ledger:
    """Remembers calls with their answers, refusals, results, searches and lines. Bounded."""

    _marks: Bounded[Hashable, deque[int]] = field(default_factory=Bounded)
    _scopes: Bounded[tuple[int, int, frozenset[str]], list[tuple[frozenset[str], int]]] = field(default_factory=Bounded)
    _lines: dict[int, None] = field(default_factory=dict)
    _era: int = 0

    def note(self, step: Step, changed: bool, fresh: bool) -> Seen:
        """Take a step in; says what of it was there before."""
        answer = step.answer
        assert answer is not None
        if step.action.kind == "user":
            self.turn()  # what the user asks for again is no repetition
        here = step.before
        same = self._mark((self._era, here, step.action.key, answer.key), step.number)
        complaint = answer.complaint
        if step.action.kind not in ("run", "test"):
            complaint = skeleton(complaint)
        refused = self._mark((self._era, here, step.action.topic, complaint), step.number) if complaint else ()
        retested: tuple[int, ...] = ()
        if answer.tests is not None:
            results = (frozenset(answer.tests.passed), answer.failing, answer.signature)
            retested = self._mark((self._era, here, hash(results)), step.number)
        vain = self._searched(here, step.action.query, step.number) if step.action.query and answer.empty else ()
        new_lines = self._learn(answer.lines)
        seen = Seen(same, refused, retested, vain)
        if step.action.kind in _NEUTRAL or step.action.seconds or answer.going_on or answer.transient:
            return seen
        stale = bool(same or (refused and step.action.kind != "trial") or retested or vain)
        if changed:
            stale = not fresh
        elif step.action.kind == "read" and answer.ok and not new_lines and (step.action.spans or not answer.short):
            stale = bool(answer.lines)
        return Seen(same, refused, retested, vain, stale)

    def turn(self) -> None:
        """From here on everything may be asked once more."""
        self._era += 1

    def forget_lines(self) -> None:
        """What was read is gone from the reader's memory: reading it again is no waste."""
        self._lines.clear()

    def searched(self, state: int, query: Query) -> tuple[int, ...]:
        """Steps at which the same words were looked for in vain, there or in a wider place."""
        done = self._scopes.get((self._era, state, query.words), [])
        return tuple(step for scopes, step in done if _covers(scopes, query.scopes))

    def _mark(self, key: Hashable, number: int) -> tuple[int, ...]:
        steps = self._marks.get(key)
        if steps is None:
            steps = self._marks[key] = deque(maxlen=VISITS)
        before = tuple(steps)
        steps.append(number)
        return before

    def _searched(self, state: int, query: Query, number: int) -> tuple[int, ...]:
        before = self.searched(state, query)
        done = self._scopes.setdefault((self._era, state, query.words), [])
        done.append((query.scopes, number))
        del done[:-VISITS]
        return before

    def _learn(self, lines: frozenset[int]) -> int:
        new = [line for line in lines if line not in self._lines]
        self._lines.update(dict.fromkeys(new))
        while len(self._lines) > LINES:
            del self._lines[next(iter(self._lines))]
        return len(new)


def _covers(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    """Whether whoever looks in `wide` looks in `narrow` too."""
    return all(any(scope in ("", one) or one.startswith(f"{scope}/") for scope in wide) for one in narrow)
