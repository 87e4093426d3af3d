"""Which candidate is next, and how long it may run: first all for a moment, then what is slow, in proportion.

Most candidates of a bug end at once, and of those that don't most never end. The order is the caller's, until a
candidate that weighs others has told what they are worth.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

from .children import Allowance
from .link import Task

MEMORY = 1 << 30
"""Bytes that the process of one candidate may use."""
_FEW = 2
"""So few candidates get all rounds, whatever the others took."""
_WEIGHING = 2
"""The round in which a candidate that weighs others is tried first: it does more than run the tests."""
_TOLD = re.compile(r"weights (\d+) (\S+) \.")


@dataclass(frozen=True)
class _Round:
    """How long a candidate may run when it is tried for the first, second, … time."""

    cpu_s: float
    """CPU seconds that anything gets."""
    times: float
    """The same, in multiples of what the unmodified tests need."""
    wall_s: float
    share: float = 0
    """CPU seconds that this round may take together, as a share of those of the first round …"""
    least_s: float = 0
    """… or at least these: most of what is slow never ends, and may not cost more than all that is not."""


_ROUNDS = (
    _Round(0.02, 5, 1.5),
    _Round(0.1, 10, 2.5, 0.5, 0.4),
    _Round(0.5, 15, 4, 0.4, 0.5),
    _Round(2.0, 50, 8, 0.4),
)


@dataclass
class Cost:
    """What the unmodified tests need; the allowances are multiples of it."""

    cpu_s: float = 0.01
    wall_s: float = 0.05
    start_s: float = 3.0

    def allowance(self, turn: int, anew: bool) -> Allowance:
        """What a candidate gets in one round; `anew`: in a process of its own, which imports the project first."""
        limit = _ROUNDS[turn]
        most = min(limit.times * self.cpu_s, 3 * self.cpu_s + 0.3) if turn == 0 else limit.times * self.cpu_s
        cpu = max(limit.cpu_s, most)
        if anew:
            cpu += 2 * self.start_s + 0.5
        return Allowance(cpu, max(limit.wall_s, 4 * cpu, 2 * limit.times * self.wall_s), MEMORY)


class Rounds:
    """The candidates that wait, by the number of times they were tried."""

    def __init__(self, bodies: list[dict[str, Any]]) -> None:
        self.cost = Cost()
        self.all_anew = False
        """Whether there is no warm process."""
        self._weighed: dict[int, list[int]] = {key: body["weighs"] for key, body in enumerate(bodies) if body["weighs"]}
        self._weights = {key: float(body["weight"]) for key, body in enumerate(bodies)}
        self._turns = dict.fromkeys(self._weighed, _WEIGHING)
        self._queue = deque(Task(key, alone=body["alone"]) for key, body in enumerate(bodies))
        self._slow: tuple[deque[Task], ...] = tuple(deque() for _ in _ROUNDS)
        """For each round, those that the round before was too short for; nothing waits for the first."""
        self._spent = [0.0 for _ in _ROUNDS]
        self._few = len(bodies) <= _FEW

    def next(self) -> Task | None:
        """The one to try now; a later round begins when the one before is over."""
        queue = self._waiting()
        return queue[0] if queue is not None else None

    def begin(self, task: Task) -> Allowance:
        """Take out the next one: what it may use up, which counts as spent until it is known what it took."""
        self.drop(task)
        allowance = self._allowance(task)
        self._spent[self._turn(task)] += allowance.cpu_s
        return allowance

    def drop(self, task: Task) -> None:
        """Take out the next one without trying it."""
        queue = self._waiting()
        assert queue is not None
        assert queue[0] is task
        queue.popleft()

    def end(self, task: Task, cpu_s: float) -> None:
        """It has taken so many CPU seconds."""
        self._spent[self._turn(task)] += cpu_s - self._allowance(task).cpu_s

    def anew(self, task: Task) -> None:
        """Try it next, in a process of its own."""
        self._queue.appendleft(replace(task, anew=True))

    def alone(self, task: Task) -> None:
        """Try it after all others of the first round, with nothing else beside it."""
        self._queue.append(replace(task, alone=True))

    def again(self, task: Task) -> bool:
        """Its time was too short: whether it comes again with more."""
        turn = self._turn(task) + 1
        if turn == len(_ROUNDS):
            return False
        self._turns[task.key] = turn
        self._slow[turn].append(task)
        return True

    def weighs(self, task: Task) -> bool:
        """Whether it is there to weigh others, which wait for it."""
        return task.key in self._weighed

    def weigh(self, task: Task, detail: str) -> dict[int, float]:
        """What those weigh now that `task` weighs, by what it tells: the rest of the first round goes on by that.

        What is told to weigh nothing is not tried. Nothing is returned where nothing was told.
        """
        weighed = self._weighed[task.key]
        factors = told(detail, len(weighed))
        if factors is None:
            return {}
        for key, factor in zip(weighed, factors):
            self._weights[key] = self._weights.get(key, 1.0) * factor
        waiting = sorted(self._queue, key=lambda each: (each.key not in self._weighed, -self._weights[each.key]))
        self._queue = deque(each for each in waiting if self._weights[each.key] > 0)
        return {key: self._weights[key] for key in weighed}

    def _waiting(self) -> deque[Task] | None:
        if self._queue:
            return self._queue
        for turn, limit in enumerate(_ROUNDS):
            if self._slow[turn]:
                cost = self._allowance(self._slow[turn][0]).cpu_s
                most = max(limit.least_s, limit.share * self._spent[0])
                if self._few or self._spent[turn] + cost <= most:
                    return self._slow[turn]
        return None

    def _allowance(self, task: Task) -> Allowance:
        return self.cost.allowance(self._turn(task), task.anew or self.all_anew)

    def _turn(self, task: Task) -> int:
        return self._turns.get(task.key, 0)


def told(detail: str, count: int) -> list[float] | None:
    """The factors in a message: `weights COUNT TEXT .`, a byte for each, packed by zlib and written in base 85.

    A byte `b` stands for two to the power of `(b - 128) / 8`, 0 for nothing; those
    that had no room keep what they weigh.
    """
    match = _TOLD.search(detail)
    if match is None or not 0 < int(match.group(1)[:9]) <= count:
        return None
    wanted = int(match.group(1))
    try:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(base64.b85decode(match.group(2)), wanted + 1)
    except (ValueError, binascii.Error, zlib.error):
        return None
    if len(data) != wanted:
        return None
    return [2.0 ** ((byte - 128) / 8) if byte else 0.0 for byte in data] + [1.0] * (count - wanted)
