"""Runs the tests once, by pytest or, where the interpreter has none, by unittest."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

from . import failure, lines
from .alarm import set_alarm
from .channel import Channel, readable
from .enter import make_importable

if TYPE_CHECKING:
    from .reporter import Reporter

ADDOPTS = "pytest refused the project's own addopts; they were left out"
WITHOUT_ADDOPTS = ("-o", "addopts=")


def run(request: dict[str, Any], channel: Channel) -> int:
    """Run what `request` asks for; the exit code is for people, the messages are what counts."""
    make_importable(request)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    if request["framework"] == "unittest" or importlib.util.find_spec("pytest") is None:
        from . import unittest_suite

        code, results = unittest_suite.run(request, channel)
    else:
        code, results = _pytest(request, channel)
    channel.send("end", exit_code=code, results=results)
    return code


def options(request: dict[str, Any]) -> list[str]:
    """What pytest is told besides what to run."""
    from . import plugins

    return [
        "-p",
        "no:cacheprovider",
        f"--rootdir={request['root']}",
        "--color=no",
        "--continue-on-collection-errors",
        "--tb=short",
        *(["-x"] if request.get("stop") else []),
        *plugins.chosen(request["root"], request["plugins"]),
    ]


def files(wanted: list[str]) -> list[str]:
    """The files that hold the demanded tests, those that exist, each once."""
    return [path for path in dict.fromkeys(test.split("::")[0] for test in wanted) if os.path.exists(path)]


def refused(code: int, reporter: Reporter) -> bool:
    """Whether pytest stopped at its options, before it looked at any test: `addopts` name a plugin that is not here."""
    return code == 4 and not reporter.started and not reporter.problems


def _pytest(request: dict[str, Any], channel: Channel) -> tuple[int, int]:
    gc.disable()  # while pytest is imported there is nothing to collect; a session switches it on again
    import pytest

    session = _Session(request, channel)
    if request["tests"] and not session.arguments:
        code = 4  # none of the demanded files exists: running everything else instead would be an odd answer
    else:
        code = session.run()
        if refused(code, session.reporter):
            channel.send("note", text=ADDOPTS)
            session = _Session(request, channel)
            code = session.run(*WITHOUT_ADDOPTS)
        if code == int(pytest.ExitCode.USAGE_ERROR) and not session.reporter.problems:
            text = "pytest refused its arguments or the project's configuration; its own words are in stderr"
            session.reporter.error("pytest", failure.simple("pytest", "UsageError", text))
    for test in session.reporter.wanted.missing():
        message = "no test of this name ran: it does not exist here, or could not be collected"
        described = failure.simple(test, "TestNotFound", message, readable(test.split("::")[0]))
        session.reporter.error(test, described)
    return code, len(session.reporter.results)


class _Session:
    """One session of pytest with our plugins; without canaries nobody asks for evidence either."""

    def __init__(self, request: dict[str, Any], channel: Channel) -> None:
        from .evidence import Evidence
        from .reporter import Manner, Reporter

        root, wanted, canaries = request["root"], request["tests"], tuple(request.get("canaries", ()))
        manner = Manner(
            request.get("locals", False),
            frozenset(request.get("first", ())),
            request.get("test_timeout_s", 0),
            bool(canaries),
        )
        self._request = request
        self.arguments = request["arguments"] or files(wanted)
        recorder = lines.recorder(root) if request["coverage"] else None
        self.reporter = Reporter(channel.send, root, wanted, recorder, manner)
        self._plugins = [self.reporter, *([Evidence(self.reporter, root, files(wanted), canaries)] if canaries else ())]

    def run(self, *more: str) -> int:
        """Its exit code, with options besides those that are always given."""
        import pytest

        sys.argv = ["pytest", *self.arguments]
        gc.freeze()  # what was imported so far stays: neither pytest nor the project's tests need look through it again
        gc.enable()
        set_alarm(self._request["ends"], lambda frame: self.reporter.stuck(frame))
        try:
            return int(pytest.main([*options(self._request), *more, *self.arguments], plugins=self._plugins))
        except BaseException as error:  # a conftest.py that calls sys.exit gets through pytest.main
            self.reporter.error("pytest", failure.describe("pytest", error, self._request["root"]))
            return 3
