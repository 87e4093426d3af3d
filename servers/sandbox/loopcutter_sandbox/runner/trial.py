"""Tries candidate edits: hands each to the warm process, or to a fork of this one, which never imports the project."""

from __future__ import annotations

import gc
import os
import time
from typing import Any

from .candidate import Candidate
from .channel import Channel, readable
from .children import Allowance, Children
from .confirmation import Confirmation
from .link import UNEDITED, Task, WarmLink
from .rounds import MEMORY, Rounds

_AT_ONCE = 2
_WARM_STARTS = 5


class Trial:
    """Goes through the candidates in their order."""

    def __init__(self, request: dict[str, Any], channel: Channel) -> None:
        self._request = request
        self._channel = channel
        bodies = request["candidates"]
        self._candidates = [Candidate.read(body) for body in bodies]
        self._sources = {candidate.path: _read(request["root"], candidate.path) for candidate in self._candidates}
        self._rounds = Rounds(bodies)
        self._passes_left: int = request["enough"]
        self._confirmation = Confirmation(request)
        self._last: tuple[int, dict[str, Any]] | None = None
        """The candidate with which enough have passed, and what there is to say of it."""
        self._children = Children()
        self._anew: dict[int, Task] = {}
        self._warm: WarmLink | None = None
        self._starts = 0

    def run(self) -> int:
        """Try them until enough have passed: whether those pass from the cold is known before others are tried.

        What is slow is tried again after all others, for as long as that is in proportion. The exit code.
        """
        self._start_warm()
        while self._hand_out() or self._busy():
            if self._busy():
                self._take_in()
        self._children.kill()
        self._drop_warm()
        return self._end()

    def _end(self) -> int:
        """Have the last one that passed run from the cold, if this process is still like a new one."""
        if self._last is not None:
            key, said = self._last
            candidate = self._candidates[key]
            if self._confirmation.possible(candidate):
                self._channel.send("confirming", key=key)
                return self._confirmation.run(candidate, self._sources[candidate.path], self._channel)
            self._channel.send("tried", **said)
        self._channel.send("end", exit_code=0, results=0)
        return 0

    def _busy(self) -> int:
        return len(self._children) + (len(self._warm.tasks) if self._warm is not None else 0)

    def _start_warm(self) -> None:
        """Start a warm process and measure the unmodified tests in it; without one every candidate is tried anew."""
        self._starts += 1
        self._rounds.all_anew = False
        deadline = time.monotonic() + self._request["start_s"]
        self._warm = WarmLink(self._request, self._sources, self._confirmation.open_up)
        self._children.private = [self._warm.fileno()]
        ready = self._warm.message(deadline)
        if ready is None or "ready" not in ready:
            self._give_up((ready or {}).get("unfit", "the project could not be imported in time"))
            return
        self._rounds.cost.start_s = _number(ready["ready"])
        if self._starts > 1:
            return
        if ready.get("note"):
            self._channel.send("note", text=readable(ready["note"], 800))
        seconds = self._request["start_s"] / 2
        self._warm.order(Task(UNEDITED), Allowance(seconds / 4, seconds, MEMORY))
        answer = self._warm.message(time.monotonic() + seconds + 5)
        if answer is None:
            self._give_up("the unmodified tests end the process")
            return
        self._warm.tasks.clear()
        status = readable(answer.get("status"), 20)
        if status != "timeout":
            self._rounds.cost.cpu_s = _number(answer.get("cpu_s"))
            self._rounds.cost.wall_s = _number(answer.get("wall_s"))
        self._channel.send("baseline", status=status, detail=readable(answer.get("detail"), 800))

    def _give_up(self, reason: object) -> None:
        assert self._warm is not None
        self._drop_warm()
        self._channel.send("note", text=readable(f"every candidate is tried in a new process: {reason}", 800))

    def _drop_warm(self) -> None:
        if self._warm is not None:
            self._children.private = []
            self._warm.close()
            self._warm = None
            self._rounds.all_anew = True

    def _hand_out(self) -> bool:
        """Fill the places that are free; False when nothing is left to hand out."""
        while (task := self._next()) is not None and self._busy() < _AT_ONCE:
            out = self._out()
            alone = task.alone or any(each.alone for each in out)
            to_wait_for = any(map(self._rounds.weighs, out)) and not self._rounds.weighs(task)
            if (alone and out) or to_wait_for:
                break
            if self._cold(task):
                self._rounds.drop(task)
                self._channel.send("tried", key=task.key, status="cold", detail="", how="cold", cpu_s=0.0)
                continue
            self._channel.send("trying", key=task.key)
            self._try(task, self._rounds.begin(task))
        return task is not None

    def _next(self) -> Task | None:
        return self._rounds.next() if self._passes_left > 0 else None

    def _out(self) -> list[Task]:
        return [*self._anew.values(), *(self._warm.tasks.values() if self._warm is not None else ())]

    def _cold(self, task: Task) -> bool:
        """Whether only a run from disk can tell: pytest reads test files by itself, data files are read by anyone."""
        path = self._candidates[task.key].path
        name = os.path.basename(path)
        tests = {test.split("::")[0] for test in self._request["tests"]}
        stem = name[:-3]
        return (
            not name.endswith(".py")
            or name == "conftest.py"
            or path in tests
            or stem.startswith("test_")
            or stem.endswith("_test")
        )

    def _try(self, task: Task, allowance: Allowance) -> None:
        candidate = self._candidates[task.key]
        if self._warm is not None and not task.anew:
            self._warm.order(task, allowance)
            return
        from . import judge

        self._anew[task.key] = task
        source = self._sources[candidate.path]
        tests = self._request["candidates"][task.key]["tests"] or self._request["tests"]

        def work() -> tuple[str, str]:
            self._confirmation.open_up()
            return judge.anew({**self._request, "tests": tests}, candidate, source)

        self._children.start(task.key, allowance, work)

    def _take_in(self) -> None:
        answers, ready = self._children.wait([self._warm.fileno()] if self._warm is not None else [])
        for answer in answers:
            self._settle(self._anew.pop(answer.key), answer.status, answer.detail, answer.cpu_s, "anew")
        if not ready or self._warm is None:
            return
        messages = self._warm.read()
        if messages is None:
            self._warm_died()
            return
        for message in messages:
            task = self._warm.tasks.pop(message.get("key"), None)  # type: ignore[arg-type]
            if task is not None:
                status, detail = readable(message.get("status"), 20), readable(message.get("detail"), 800)
                self._settle(task, status, detail, _number(message.get("cpu_s")), "warm")

    def _settle(self, task: Task, status: str, detail: str, cpu: float, how: str) -> None:
        self._rounds.end(task, cpu)
        if status == "elsewhere":
            self._channel.send("later", key=task.key)
            self._rounds.anew(task)
            return
        if status == "timeout" and self._rounds.again(task):
            self._channel.send("later", key=task.key)
            return
        if self._rounds.weighs(task):
            status, detail = self._weighed(task, status, detail)
        self._passes_left -= status == "passed"
        said = {"key": task.key, "status": status, "detail": detail, "how": how, "cpu_s": cpu}
        if status == "passed" and self._passes_left == 0:
            self._last = task.key, said
        else:
            self._channel.send("tried", **said)

    def _weighed(self, task: Task, status: str, detail: str) -> tuple[str, str]:
        """Have the others in the order it tells; it is no repair, whatever the tests say of it."""
        weights = self._rounds.weigh(task, detail) if status == "failed" else {}
        if weights:
            self._channel.send("weighed", keys=list(weights), weights=list(weights.values()))
        return ("failed", "weighed nothing") if status == "passed" else (status, detail)

    def _warm_died(self) -> None:
        """Whoever was being tried may have killed it: try them again one by one, and only then say who."""
        assert self._warm is not None
        suspects = list(self._warm.tasks.values())
        self._drop_warm()
        for task in suspects:
            if task.alone:
                text = "ended the process that ran it"
                self._channel.send("tried", key=task.key, status="error", detail=text, how="warm", cpu_s=0.0)
            else:
                self._channel.send("later", key=task.key)
                self._rounds.alone(task)
        if self._starts < _WARM_STARTS:
            self._start_warm()


def _read(root: str, path: str) -> bytes:
    with open(os.path.join(root, path), "rb") as file:
        return file.read()


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 <= value < 1e6 else 0.0


def run(request: dict[str, Any], channel: Channel) -> int:
    """Try the candidates of `request`."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    from _pytest.config import get_config

    get_config()  # imports pytest's own plugins, so that no fork has to
    gc.freeze()  # nor look through them: what is frozen is neither collected nor searched
    gc.enable()
    return Trial(request, channel).run()
