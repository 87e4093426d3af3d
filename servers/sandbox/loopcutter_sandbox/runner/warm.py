"""A process that has imported the project and collected the tests; each candidate is tried in a fork of it."""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import threading
import time
from typing import Any

import pytest

from . import judge
from .candidate import Candidate, Source, Unit
from .children import Allowance, Children
from .direct import Direct, direct
from .enter import make_importable
from .link import UNEDITED
from .naming import Wanted
from .overlay import lay_over
from .reporter import Reporter
from .suite import ADDOPTS, WITHOUT_ADDOPTS, refused
from .swap import Executed, Live, carry_out


class Warm:
    """Takes over pytest's run loop and serves the orders that come over `connection`."""

    def __init__(self, connection: socket.socket, request: dict[str, Any], sources: dict[str, bytes]) -> None:
        self._connection = connection
        self._request = request
        self._data = sources
        self._sources: dict[str, Source] = {}
        self._candidates = [Candidate.read(body) for body in request["candidates"]]
        self._root: str = request["root"]
        self._reporter = Reporter(judge.silent, self._root, request["tests"])
        self._executed = Executed(self._root)
        self._children = Children([connection.fileno()])
        self._loaded: set[str] = set()
        self._live: Live | None = None
        self._direct: list[Direct | None] = []
        """For each test, how to call it without pytest."""
        self._note = ""

    def run(self) -> None:
        """Import, collect, serve; returns only when this project can't be kept warm."""
        gc.disable()  # until all is frozen
        make_importable(self._request)
        self._executed.start()
        arguments = judge.arguments(self._request)
        # A copy: pytest puts the project's addopts into the list it is given.
        if refused(int(pytest.main(list(arguments), plugins=[self._reporter, self])), self._reporter):
            self._reporter = Reporter(judge.silent, self._root, self._request["tests"])
            self._note = ADDOPTS
            pytest.main([*arguments, *WITHOUT_ADDOPTS], plugins=[self._reporter, self])
        self._executed.stop()
        self._say(unfit=judge.of_run(self._reporter)[1])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        """Collection is over: serve, unless something in it speaks against it."""
        self._executed.stop()
        reason = self._unfit(session)
        if reason:
            self._say(unfit=reason)
            return True
        names = {os.path.basename(candidate.path) for candidate in self._candidates}  # real paths take their time
        files = [file for file in map(_file, list(sys.modules.values())) if file and os.path.basename(file) in names]
        self._loaded = set(map(os.path.realpath, files))
        self._live = Live(self._root, self._executed.keys)
        asked = {test: place for place, test in enumerate(self._request["tests"])}
        session.items.sort(key=lambda item: asked.get(item.nodeid, len(asked)))  # those first that decide most
        for item in session.items:
            judge.spare(item)
        self._direct = [direct(item) for item in session.items]
        gc.enable()
        gc.collect()
        gc.freeze()
        self._say(ready=time.process_time(), note=self._note)
        self._serve(session)
        return True

    def _unfit(self, session: Any) -> str:
        if self._reporter.problems or session.testsfailed:
            return judge.of_run(self._reporter)[1]
        wanted = Wanted(self._request["tests"])
        for item in session.items:
            wanted.meet(item.nodeid)
        if wanted.missing():
            return f"{wanted.missing()[0]} was not collected"
        if threading.active_count() > 1:
            return "the project starts threads when it is imported, and a fork would lose them"
        return ""

    def _say(self, **message: Any) -> None:
        self._connection.sendall(json.dumps(message).encode("ascii") + b"\n")

    def _serve(self, session: Any) -> None:
        pending = b""
        while True:
            answers, ready = self._children.wait([self._connection.fileno()])
            for answer in answers:
                self._say(**answer.__dict__)
            if not ready:
                continue
            data = self._connection.recv(65536)
            if not data:
                self._children.kill()
                os._exit(0)
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                self._start(session, json.loads(line))

    def _start(self, session: Any, order: dict[str, Any]) -> None:
        key = order["key"]
        candidate = None if key == UNEDITED else self._candidates[key]
        if candidate is not None and candidate.path not in self._sources:
            self._sources[candidate.path] = Source(self._data[candidate.path])
        unit = self._unit(candidate) if candidate is not None else None
        allowance = Allowance(order["cpu_s"], order["wall_s"], order["memory_bytes"])
        asked = self._request["candidates"][key]["tests"] if candidate is not None else []
        self._children.start(key, allowance, lambda: self._try(self._chosen(session, asked), candidate, unit))

    def _unit(self, candidate: Candidate) -> Unit | None:
        """What is looked for here and not in the fork, where each page that is touched is copied first."""
        path = os.path.join(self._root, candidate.path)
        unit = self._sources[candidate.path].unit(candidate) if path in self._loaded else None
        if unit is not None and self._live is not None:
            self._live.expect(path, unit)
        return unit

    def _chosen(self, session: Any, asked: list[str]) -> list[tuple[Any, Direct | None]]:
        """The tests to run, each with how to call it: all, or those that a candidate is tried with, in their order."""
        tests = list(zip(session.items, self._direct))
        if not asked:
            return tests
        by_name = {item.nodeid: (item, call) for item, call in tests}
        return [by_name[name] for name in asked if name in by_name]

    def _try(
        self, tests: list[tuple[Any, Direct | None]], candidate: Candidate | None, unit: Unit | None
    ) -> tuple[str, str]:
        refusal = self._put_in_force(candidate, unit) if candidate is not None else None
        if refusal is not None:
            return refusal
        by_pytest = [item for item, call in tests if call is None]
        following = dict(zip(by_pytest, [*by_pytest[1:], None]))
        worst = None
        for item, call in tests:
            verdict = self._by_pytest(item, following[item]) if call is None else judge.of_call(call())
            if verdict is not None and candidate is not None:
                return verdict
            worst = worst or verdict
        return worst or ("passed", "")

    def _by_pytest(self, item: Any, following: Any) -> tuple[str, str] | None:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return judge.of_test(item.nodeid, self._reporter.results[item.nodeid])

    def _put_in_force(self, candidate: Candidate, unit: Unit | None) -> tuple[str, str] | None:
        assert self._live is not None
        path = os.path.join(self._root, candidate.path)
        if unit is not None:
            try:
                plan = self._live.plan(path, unit)
            except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
                plan = None  # by itself it can't be compiled: whether the whole file can is asked below
            if plan:
                carry_out(plan)
                return None
        edited = candidate.apply(self._data[candidate.path])
        reason = judge.invalid(edited, path)
        if reason is not None:
            return "invalid", reason
        if path in self._loaded:
            return "elsewhere", ""
        lay_over(path, edited)
        return None


def _file(module: Any) -> str | None:
    try:
        file = module.__file__
    except Exception:  # a lazy module may do anything when it is looked at
        return None
    return file if isinstance(file, str) else None
