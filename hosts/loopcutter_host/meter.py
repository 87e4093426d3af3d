"""What a run may spend, and what it has spent: minutes, tokens, test runs. Each limit ends the run with a sentence."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from loopcutter_host.chat.tokens import tokens
from loopcutter_host.config import Limits
from loopcutter_host.errors import NotSolved

_LETTERS = 4
"""Characters of a token, about, while an answer comes; most servers send them one by one."""


@dataclass(frozen=True)
class Spent:
    """What a run has used up, earlier lives of its host included."""

    seconds: float = 0.0
    """While it was at work; the time it was held or waited for a person does not count."""
    tokens: int = 0
    """Of prompts and answers together, as the model's server counts them, else estimated."""
    test_runs: int = 0
    """Test runs, and batches of candidates that template repair had tried."""


class Meter:
    """Counts what a run spends and ends it, by raising `NotSolved`, where a limit is reached."""

    def __init__(
        self, limits: Limits, before: Spent | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        before = before or Spent()
        self._limits = limits
        self._clock = clock
        self._seconds, self._tokens, self._test_runs = before.seconds, before.tokens, before.test_runs
        self._streamed = 0
        self._since: float | None = clock()
        """When the time that counts began; None while it stands still."""
        self._timeout: asyncio.Timeout | None = None

    @property
    def spent(self) -> Spent:
        running = 0.0 if self._since is None else self._clock() - self._since
        return Spent(self._seconds + running, self._tokens + self._streamed, self._test_runs)

    def count_test_run(self) -> None:
        """One more test run is about to be made."""
        limit = self._limits.test_runs
        if limit is not None and self._test_runs >= limit:
            raise NotSolved(f"the limit of {limit} test run{'s' * (limit != 1)} is reached")
        self._test_runs += 1

    def begin_answer(self, prompt: str) -> None:
        """A model is about to be asked."""
        self._check_tokens()
        self._streamed = tokens(prompt)

    def hear(self, text: str) -> None:
        """A part of an answer came; it is cut where the tokens end."""
        self._streamed += max(len(text) // _LETTERS, 1) if text else 0
        self._check_tokens()

    def end_answer(self, counted: int) -> None:
        """An answer is over: what the server counted takes the place of the estimate, where there is such a count."""
        self._tokens += counted or self._streamed
        self._streamed = 0

    def _check_tokens(self) -> None:
        limit = self._limits.tokens
        if limit is not None and self._tokens + self._streamed >= limit:
            raise NotSolved(f"the limit of {limit} tokens is reached")

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """The time inside does not count: the run is held, or waits for a person."""
        if self._since is None:
            yield
            return
        self._seconds += self._clock() - self._since
        self._since = None
        self._set_alarm()
        try:
            yield
        finally:
            self._since = self._clock()
            self._set_alarm()

    @asynccontextmanager
    async def limited_time(self) -> AsyncIterator[None]:
        """Whatever is under way inside is cancelled when the minutes are over."""
        try:
            async with asyncio.timeout(None) as self._timeout:
                self._set_alarm()
                yield
        except TimeoutError as error:
            if self._timeout is None or not self._timeout.expired():
                raise
            raise NotSolved(f"the limit of {self._limits.minutes:g} minutes is reached") from error
        finally:
            self._timeout = None

    def _set_alarm(self) -> None:
        if self._timeout is None or self._timeout.expired():
            return
        left = self._limits.minutes * 60 - self.spent.seconds
        self._timeout.reschedule(None if self._since is None else asyncio.get_running_loop().time() + max(left, 0))
