"""Remembers answers: who tries again asks about the same tree the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

KEPT = 32
"""Answers remembered, the last ones. The largest, contexts of 200,000 tokens, have some 800 kB."""
_Answer = TypeVar("_Answer")


class Answered:
    """The last answers by what was asked. Safe to use from several threads, as long as nobody changes an answer."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def of(self, question: Hashable, find: Callable[[], _Answer]) -> _Answer:
        """The answer to a question, which must name all that the answer rests on."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                known: _Answer = self._answers[question]
                return known
        answer = find()
        with self._lock:
            self._answers[question] = answer
            while len(self._answers) > self._kept:
                self._answers.popitem(last=False)
        return answer
