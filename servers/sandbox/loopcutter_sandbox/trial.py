"""Tries candidate edits: many quickly in warm processes, and the passing ones once more from the cold."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import anyio
import anyio.to_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from loopcutter_sandbox.candidate import Candidate, check, originals
from loopcutter_sandbox.command import Suite
from loopcutter_sandbox.errors import ungrouped
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.message import Baseline, Confirming, End, Later, Message, Note, Tried, Trying, Weighed
from loopcutter_sandbox.report import CandidateResult, CandidateStatus, TestReport, Trial
from loopcutter_sandbox.sandbox import HEARTBEAT_S, Progress, Sandbox, no_progress
from loopcutter_sandbox.workspace import Change, Work

_STARTS = 8
"""How often a trial process that died is started again."""

_COLLECT_S = 20.0
"""How long the project may take to be imported and collected once for all candidates."""

_STOPPED_EARLY = "stopped early: what may never end gets no more time than all the others took"
_DETAIL = 800
_NOTES = 20


async def try_edits(
    sandbox: Sandbox,
    tree: str,
    tests: Iterable[str],
    candidates: Sequence[Candidate],
    *,
    stop_after: int = 1,
    timeout_s: float = 60,
    progress: Progress = no_progress,
) -> Trial:
    """Try `candidates` in their order until `stop_after` of them passed `tests`, the time is over or all were tried."""
    work = await anyio.to_thread.run_sync(sandbox.sessions.work, tree)
    asked = tuple(tests)
    check(candidates, asked)
    sources = await anyio.to_thread.run_sync(originals, sandbox.trees, work.tree or "", candidates)
    started = time.monotonic()
    trial = _Trial(sandbox, work, asked, candidates, sources, stop_after, started + timeout_s)
    async with sandbox.turns:
        with ungrouped(), anyio.move_on_after(timeout_s) as time_left:
            await trial.run(progress)
    if time_left.cancelled_caught:
        trial.note("the time was over before all candidates were tried")
    return trial.outcome(time.monotonic() - started)


@dataclass
class _Trial:
    sandbox: Sandbox
    work: Work
    tests: tuple[str, ...]
    candidates: Sequence[Candidate]
    sources: dict[str, bytes]
    stop_after: int
    deadline: float
    results: dict[int, CandidateResult] = field(default_factory=dict)
    passing: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    weights: dict[int, float] = field(default_factory=dict)
    """Of those that others have weighed."""
    _waiting: set[int] = field(default_factory=set)
    """Those that only a run from the cold can settle."""
    _out: set[int] = field(default_factory=set)
    """Those being tried right now."""
    _slow: set[int] = field(default_factory=set)
    """Those that ran too long so far."""
    _settled: anyio.Event = field(default_factory=anyio.Event)
    """Set when a run from the cold has settled something."""
    _confirming: int = -1
    """The one that the process which tried it is confirming by itself."""
    _enough: Callable[[], None] = lambda: None
    """Ends the trial."""
    _alone: set[int] = field(default_factory=set)
    """Those that were being tried when a trial process died."""
    _order: list[int] = field(default_factory=list)
    """All, in the order in which they are tried."""

    def __post_init__(self) -> None:
        self._order = list(range(len(self.candidates)))

    def note(self, text: str) -> None:
        """Remember what made this trial slower or less certain."""
        if text not in self.notes and len(self.notes) < _NOTES:
            self.notes.append(text)

    async def run(self, progress: Progress) -> None:
        """Warm and cold side by side; what passes warm is confirmed while others are being tried."""
        queue, arriving = anyio.create_memory_object_stream[int](math.inf)
        with arriving:
            async with anyio.create_task_group() as tasks:
                self._enough = tasks.cancel_scope.cancel
                tasks.start_soon(self._confirm_all, arriving)
                tasks.start_soon(self._heartbeat, progress)
                with queue:
                    await self._try_all(queue)

    async def _try_all(self, queue: MemoryObjectSendStream[int]) -> None:
        failures = 0
        while failures < _STARTS and (keys := self._unsettled()):
            over = await self._warm(keys, queue)
            left = set(self._unsettled())
            if not over:
                self._blame(queue)
            elif left <= self._slow:
                break
            else:  # it stopped because enough had passed: perhaps not so from the cold
                await self._until_confirmed()
            failures += not over or len(left) == len(keys)
        for key in set(self._unsettled()) - self._slow:
            self._settle(key, "error", "the process that tries the candidates died again and again")
        for key in sorted(self._slow):
            self._settle(key, "timeout", _STOPPED_EARLY)

    async def _until_confirmed(self) -> None:
        while self._waiting:
            self._settled = anyio.Event()
            await self._settled.wait()

    def _unsettled(self) -> list[int]:
        settled = self.results.keys() | self._waiting
        return [key for key in self._order if key not in settled and self._weight(key) > 0]

    async def _warm(self, keys: list[int], queue: MemoryObjectSendStream[int]) -> bool:
        """Whether one trial process went through all of `keys`; what it says is taken in as it comes."""
        over = False
        self._out.clear()
        self._confirming = -1
        asked, results = self.sandbox.asked(Suite("pytest"), self.tests)

        def hear(message: Message) -> None:
            nonlocal over
            over = over or isinstance(message, (End, Confirming))
            if self._confirming < 0:
                self._hear(message, keys, queue)
            else:
                results.hear(message)

        request = {
            "kind": "trial",
            "tests": list(self.tests),
            "candidates": self._bodies(keys),
            "enough": max(1, self.stop_after - len(self.passing)),
            "start_s": min(_COLLECT_S, self._time_left() / 3),
            "confirmation": asked,
        }
        ended = await self.sandbox.runner.run(self.work, Limits(self._time_left()), request, hear)
        if not over:
            words = ended.shown(ended.stderr.text()).strip().splitlines()
            self.note(f"the trial process ended with exit code {ended.exit_code}{': ' + words[-1] if words else ''}")
        if self._confirming >= 0:
            self._conclude(self._confirming, _verdict(self.sandbox.judged(self.work, results, ended))[0], queue)
        return over

    def _conclude(self, key: int, status: CandidateStatus, queue: MemoryObjectSendStream[int]) -> None:
        """What passed where it was tried has passed; anything else is for a fresh copy to decide."""
        if status != "passed":
            self._confirm(key, queue)
            return
        self._settle(key, "passed", "")
        self._count(key)

    def _count(self, key: int) -> None:
        self.passing.add(key)
        if len(self.passing) >= self.stop_after:
            self._enough()

    def _time_left(self) -> float:
        return max(0.1, self.deadline - time.monotonic())

    def _bodies(self, keys: Sequence[int]) -> list[dict[str, Any]]:
        position = {self.candidates[key].id: place for place, key in enumerate(keys)}
        return [{**self.candidates[key].body(position), "alone": key in self._alone} for key in keys]

    def _hear(self, message: Message, keys: list[int], queue: MemoryObjectSendStream[int]) -> None:
        match message:
            case Trying(key=position) if 0 <= position < len(keys):
                self._out.add(keys[position])
            case Later(key=position) if 0 <= position < len(keys):
                self._out.discard(keys[position])
                self._slow.add(keys[position])
            case Tried(key=position) if 0 <= position < len(keys):
                self._take(keys[position], message, queue)
            case Weighed(keys=positions, weights=weights) if len(positions) == len(weights):
                told = zip(positions, weights, strict=True)
                self._reorder({keys[each]: weight for each, weight in told if 0 <= each < len(keys)})
            case Confirming(key=position) if 0 <= position < len(keys):
                self._out.discard(keys[position])
                self._slow.discard(keys[position])
                self._confirming = keys[position]
            case Note(text=text):
                self.note(text)
            case Baseline(status=status) if status == "passed":
                self.note("the tests pass without any edit")
            case _:
                return

    def _reorder(self, weights: dict[int, float]) -> None:
        self.weights |= weights
        begun = self.results.keys() | self._out | self._slow
        waiting = [key for key in self._order if key not in begun]
        waiting.sort(key=lambda key: (not self.candidates[key].weighs, -self._weight(key)))
        self._order = [*(key for key in self._order if key in begun), *waiting]

    def _weight(self, key: int) -> float:
        return self.weights.get(key, self.candidates[key].weight)

    def _take(self, key: int, tried: Tried, queue: MemoryObjectSendStream[int]) -> None:
        self._out.discard(key)
        self._slow.discard(key)
        if tried.status == "passed" or tried.status == "cold":
            self._confirm(key, queue)
        elif key not in self._waiting:
            self._settle(key, tried.status, tried.detail)

    def _confirm(self, key: int, queue: MemoryObjectSendStream[int]) -> None:
        if self.candidates[key].weighs:
            self._settle(key, "error", "it can weigh nothing where no process stays warm")
        elif key not in self.results and key not in self._waiting:
            self._waiting.add(key)
            queue.send_nowait(key)

    def _settle(self, key: int, status: CandidateStatus, detail: str) -> None:
        self.results[key] = CandidateResult(self.candidates[key].id, status, detail[:_DETAIL])

    def _blame(self, queue: MemoryObjectSendStream[int]) -> None:
        """Who may have ended the trial process: the one that was alone did, several are tried again one by one."""
        if not self._out:  # not even the first was tried: warm processes are impossible here
            for key in self._unsettled():
                self._confirm(key, queue)
        for key in self._out:
            if key in self._alone:
                self._settle(key, "error", "ended the process that tries the candidates")
        self._alone |= self._out

    async def _confirm_all(self, arriving: MemoryObjectReceiveStream[int]) -> None:
        async for key in arriving:
            each = self.candidates[key]
            source = self.sources[each.path]
            edited = source[: each.start] + each.text.encode() + source[each.end :]
            work = replace(self.work, change=Change(each.path, edited))
            report, _ = await self.sandbox.suite(work, Suite("pytest"), self.tests, timeout_s=self._time_left())
            status, detail = _verdict(report)
            self._settle(key, status, detail)
            self._waiting.discard(key)
            self._settled.set()
            if status == "passed":
                self._count(key)
        self._enough()

    async def _heartbeat(self, progress: Progress) -> None:
        while True:
            await anyio.sleep(HEARTBEAT_S)
            done, total = len(self.results), len(self.candidates)
            await progress(done, total, f"{done} of {total} candidates tried, {len(self.passing)} pass")

    def outcome(self, duration_s: float) -> Trial:
        """What has come out; what was too slow until enough had passed is told as such."""
        for key in sorted(self._slow - self.results.keys() - self._waiting):
            self._settle(key, "timeout", _STOPPED_EARLY)
        backend = self.sandbox.runner.backend
        return Trial(
            results=tuple(self.results[key] for key in self._order if key in self.results),
            passing=tuple(self.candidates[key].id for key in sorted(self.passing)),
            tried=len(self.results),
            weights={self.candidates[key].id: weight for key, weight in self.weights.items()},
            duration_s=round(duration_s, 4),
            isolation=backend.isolation,
            gaps=backend.gaps,
            notes=tuple(self.notes),
        )


def _verdict(report: TestReport) -> tuple[CandidateStatus, str]:
    """What a run from the cold says; a test that is skipped has not passed."""
    if report.status == "passed" and not report.skipped:
        return "passed", ""
    if report.status == "passed":
        return "failed", f"{report.skipped[0]}: skipped"
    detail: str = report.status
    if report.failures:
        first = report.failures[0]
        detail = f"{first.test}: {first.exception}: {first.message}"
    if report.status == "failed" or report.status == "timeout":
        return report.status, detail
    return "error", detail
