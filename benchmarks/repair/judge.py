"""Runs inside the project under test: its suite with the lines each test executes, and candidates in forked children.

Speaks JSON, one object a line: `{"do": "suite"}` or `{"do": "try", "tests": […], "candidates": […], …}`.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

import pytest

_QUIET = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:timeout", "--rootdir", ".", "-c", os.devnull]


class Watch:
    """A pytest plugin: outcomes, failures with their frames, and the lines of the project every test runs through."""

    def __init__(self, folder):
        self.folder = str(folder) + os.sep
        self.passed, self.failures, self.coverage, self.broken = [], [], {}, False
        self._lines = {}
        self._known = {}

    def _trace(self, frame, event, argument):
        name = frame.f_code.co_filename
        path = self._known.get(name)
        if path is None:
            inside = name.startswith(self.folder)
            path = self._known[name] = name[len(self.folder) :] if inside else ""
        if not path:
            return None
        lines = self._lines.setdefault(path, set())
        lines.add(frame.f_lineno)

        def each(frame, event, argument):
            if event == "line":
                lines.add(frame.f_lineno)
            return each

        return each

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self._lines = {}
        sys.settrace(self._trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.coverage[item.nodeid] = {path: sorted(lines) for path, lines in self._lines.items()}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if report.failed:
            self.failures.append(self._failure(item, call.excinfo))
        elif report.when == "call" and report.passed:
            self.passed.append(item.nodeid)
        return report

    def pytest_collectreport(self, report):
        self.broken |= report.failed

    def _failure(self, item, error):
        frames = [
            (str(entry.path)[len(self.folder) :], entry.lineno + 1, entry.name)
            for entry in error.traceback
            if str(entry.path).startswith(self.folder)
        ]
        last = frames[-1] if frames else ("", 0, "")
        message = str(error.value)[:2000]
        return {
            "test": item.nodeid,
            "exception": error.typename,
            "message": message,
            "file": last[0],
            "line": last[1],
            "frames": frames,
        }


def suite(folder, command):
    """Everything once, traced."""
    watch = Watch(folder)
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        pytest.main([*_QUIET, *command["tests"]], plugins=[watch])
    return {
        "passed": watch.passed,
        "failures": watch.failures,
        "coverage": watch.coverage,
        "broken": watch.broken,
    }


def attempt(tests, seconds):
    """The tests in a forked child; `passed`, `failed` or `timeout`."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        signal.setitimer(signal.ITIMER_PROF, seconds)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        code = 1
        with contextlib.suppress(BaseException):
            code = int(pytest.main([*_QUIET, "-x", "--assert=plain", *tests]))
        os._exit(code)
    deadline = time.monotonic() + 6 * seconds + 2
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "timeout"
        time.sleep(0.002)
    if os.WIFSIGNALED(status):
        return "timeout"
    return "passed" if os.WEXITSTATUS(status) == 0 else "failed"


def trial(folder, command):
    """Candidates one by one, until enough pass or the time is over."""
    tests, started, moment = command["tests"], time.monotonic(), 1
    before = time.monotonic()
    attempt(tests, 60)
    limit = max(1.0, 3 * (time.monotonic() - before) + 0.5)
    results, passing = [], []
    for candidate in command["candidates"]:
        if len(passing) >= command["stop_after"] or time.monotonic() - started > command["timeout_s"]:
            break
        file = folder / candidate["path"]
        original, times = file.read_bytes(), file.stat()
        file.write_bytes(original[: candidate["start"]] + candidate["text"].encode() + original[candidate["end"] :])
        moment += 1
        os.utime(file, (moment, moment))  # no compiled file on disk is of that age
        status = attempt(tests, limit)
        file.write_bytes(original)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        results.append({"id": candidate["id"], "status": status})
        if status == "passed":
            passing.append(candidate["id"])
    return {"results": results, "passing": passing, "tried": len(results)}


def main():
    """Answer commands until standard input ends."""
    folder = Path.cwd()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        command = json.loads(line)
        answer = suite(folder, command) if command["do"] == "suite" else trial(folder, command)
        answer["cpu_s"] = sum(os.times()[:4])
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        if command["do"] == "suite":
            break  # it has imported the project, so it can't fork clean children any more


if __name__ == "__main__":
    main()
