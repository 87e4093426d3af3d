"""Operations on workspaces in a process of their own, which can be killed with all its gits at any moment."""

import multiprocessing
import os
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from loopcutter_snapshots import SnapshotError
from loopcutter_vcs.errors import VcsError
from loopcutter_vcs.housekeeping import Limits
from loopcutter_vcs.kinds import Create, Delete, Edit, Whole
from loopcutter_vcs.workshop import Workshop

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["loopcutter_vcs.workshop"])  # not this module: the server knows no tests

LONGEST = 60.0
"""Seconds an operation may take on a busy machine."""


def attempt(
    store: Path, repository: Path, operation: str, workspace: str, chosen: str, killed_after: float | None
) -> str:
    """Carry out an operation; `done`, `refused: why`, or `killed` when it was not done after some seconds."""
    here, there = _PROCESSES.Pipe()
    arguments = (there, store, repository, operation, workspace, chosen)
    process = _PROCESSES.Process(target=_carry_out, args=arguments)
    process.start()
    there.close()
    try:
        assert here.recv() == "started"
        if here.poll(LONGEST if killed_after is None else killed_after):
            return str(here.recv())
        assert killed_after is not None, f"{operation} takes for ever"
        return "killed"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()
        process.close()
        here.close()


def _carry_out(answer: Connection, store: Path, repository: Path, operation: str, workspace: str, chosen: str) -> None:
    os.setsid()
    answer.send("started")
    try:
        workshop = Workshop(store, {"shop": repository})
        _operate(workshop, operation, workspace, chosen)
        workshop.close()
    except (VcsError, SnapshotError) as error:
        answer.send(f"refused: {error}")
    else:
        answer.send("done")


def _operate(workshop: Workshop, operation: str, workspace: str, chosen: str) -> None:
    match operation:
        case "open" | "open files":
            workshop.open(files=operation == "open files")
        case "edit":
            workshop.find(workspace).edit(_edits(chosen))
        case "checkpoint":
            workshop.find(workspace).checkpoint("by test")
        case "rollback":
            workshop.find(workspace).rollback(chosen)
        case "apply":
            workshop.apply(workspace)
        case "branch":
            workshop.apply(workspace, branch=chosen)
        case "finish":
            workshop.finish(workspace)
        case "gc":
            workshop.collect(Limits(0, 0))
        case "status":
            workshop.status()


def _edits(word: str) -> list[Edit]:
    return [
        Whole("file", "README.md", f"# {word}\n"),
        Create("create", f"new/{word}.txt", f"{word}\n" * 1000),
        Delete("delete", "shop/money.py"),
        Create("create", "shop/money.py", f"MONEY = {word!r}\n"),
    ]
