"""Carries out operations on workspaces, each in a process of its own that can be killed at any moment.

A program, started by `mortal.py`: an order a line on standard input, an answer a line on standard output. It loads the
package once and forks for every order, so that an operation costs what it costs in a server that is running already.
"""

import ctypes
import json
import os
import select
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

import git  # noqa: F401  # what operations load when they need it, loaded once
from mortal import KEPT
from pydantic import TypeAdapter

from loopcutter_snapshots import SnapshotError
from loopcutter_vcs.errors import VcsError
from loopcutter_vcs.housekeeping import Limits
from loopcutter_vcs.kinds import Edit
from loopcutter_vcs.publishing import Remotes
from loopcutter_vcs.workshop import Workshop
from loopcutter_vcs.workspace import Workspace

_LONGEST = 60.0
"""Seconds an operation may take on a busy machine."""

_PR_SET_CHILD_SUBREAPER = 36

_LASTING = {
    *("chmod", "close", "commit", "execute", "executescript", "fchmod", "fchown", "flock", "flush", "fork_exec"),
    *("fsync", "kill", "killpg", "link", "mkdir", "open", "posix_spawn", "rename", "replace", "rmdir", "symlink"),
    *("truncate", "unlink", "utime", "write", "writelines", "__exit__"),
}
"""Names of the functions, implemented in C, that leave something behind: on disk, in a lock, as another process."""


def main() -> None:
    """Serve until standard input ends."""
    adopts = _adopt_orphans()
    for line in sys.stdin:
        order = json.loads(line)
        answer = {"adopts": adopts} if order["operation"] == "settle" and _settled() else _in_a_fork(order)
        print(json.dumps(answer), flush=True)


def _adopt_orphans() -> bool:
    """Become the parent of gits whose server is killed, so that their end can be waited for; only Linux can do that."""
    return sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1) == 0


def _settled() -> bool:
    """Wait for the gits that killed servers have left running."""
    with suppress(ChildProcessError):
        while True:
            os.wait()
    return True


def _in_a_fork(order: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _live(order, writing)
    _leads_its_gits(child)
    os.close(writing)
    seconds = order.get("seconds")
    with os.fdopen(reading, "rb") as answer:
        ready, _, _ = select.select([answer], [], [], _LONGEST if seconds is None else seconds)
        if not ready and seconds is None:
            said = json.dumps({"status": "takes for ever"}).encode()
        else:
            said = answer.read() if ready else b""
        if not ready:
            _kill(child, alone=order["alone"])
    os.waitpid(child, 0)
    if not order["alone"]:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-child, 0)
    return {"status": "killed", **json.loads(said or b"{}"), "seconds": time.monotonic() - started}


def _kill(process: int, *, alone: bool) -> None:
    """`kill -9`, also of all its gits unless they are left to go on."""
    (os.kill if alone else os.killpg)(process, signal.SIGKILL)


def _leads_its_gits(process: int) -> None:
    """A group of its own; parent and child both see to it, whoever comes first."""
    with suppress(PermissionError, ProcessLookupError):
        os.setpgid(process, process)


def _live(order: dict[str, Any], writing: int) -> None:
    """What happens in the fork; it does not return."""
    _leads_its_gits(0)
    counted = _Counted(order.get("call"), alone=order["alone"])
    try:
        threading.setprofile(counted)
        sys.setprofile(counted)
        result = _carried_out(order)
        sys.setprofile(None)
        answer = {"status": "done", "result": result, "calls": counted.number}
    except (VcsError, SnapshotError) as error:
        sys.setprofile(None)
        answer = {"status": "refused", "said": str(error)}
    except BaseException:
        sys.setprofile(None)
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        sys.stderr.flush()
        answer = {"status": "failed"}
    os.write(writing, json.dumps(answer).encode("utf-8", "surrogateescape"))
    os._exit(0)


class _Counted:
    """Counts calls that leave something behind, and dies just before the one it is told."""

    def __init__(self, last: int | None, *, alone: bool) -> None:
        self.number = 0
        self._last = last
        self._alone = alone

    def __call__(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ in _LASTING:
            self.number += 1
            if self.number == self._last:
                _kill(os.getpid(), alone=self._alone)


def _carried_out(order: dict[str, Any]) -> Any:
    workshop = Workshop(Path(order["store"]), {"shop": Path(order["repository"])})
    try:
        return _operate(workshop, order)
    finally:
        workshop.close()


def _operate(workshop: Workshop, order: dict[str, Any]) -> Any:
    workspace, key = order["workspace"], order["key"]
    match order["operation"]:
        case "open":
            return asdict(workshop.open(files=order["files"], key=key))
        case "edit":
            edits = TypeAdapter(list[Edit]).validate_python(order["edits"])
            return asdict(workshop.find(workspace).edit(edits, key))
        case "checkpoint":
            found = workshop.find(workspace)
            _by_hand(found, order)
            return asdict(found.checkpoint("by test", key=key))
        case "rollback":
            found = workshop.find(workspace)
            _by_hand(found, order)
            answer = asdict(found.rollback(order["checkpoint"], key))
            ignored = found.worktree.files.root / KEPT
            return {**answer, "kept": ignored.exists()}
        case "restore":
            return _restored(workshop.find(workspace), order["checkpoints"])
        case "publish":
            remotes = Remotes({"sandbox": order["remote"]}, order["token"])
            return asdict(workshop.publish(workspace, remotes, "sandbox", key=key))
        case "apply":
            return asdict(workshop.apply(workspace, branch=order["branch"], key=key))
        case "finish":
            return workshop.finish(workspace)
        case "gc":
            return asdict(workshop.collect(Limits(0, 0)))
        case "status":
            return asdict(workshop.status())
    raise AssertionError(order)


def _by_hand(workspace: Workspace, order: dict[str, Any]) -> None:
    """Change files of a workspace as somebody does who knows nothing of it: path → content, none to delete it.

    A path that ends in a slash is an empty folder.
    """
    if not order["by_hand"]:
        return
    folder = workspace.lay_out()
    for path, content in order["by_hand"].items():
        file = folder / path
        if content is None:
            if file.is_symlink() or not file.is_dir():
                file.unlink(missing_ok=True)
        elif path.endswith("/"):
            file.mkdir(exist_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, newline="")


def _restored(workspace: Workspace, checkpoints: list[str]) -> dict[str, dict[str, list[str]]]:
    """Go back to each checkpoint; what stands in the folder then, as path → mode and content in hexadecimal."""
    folder, found = workspace.lay_out(), {}
    for checkpoint in checkpoints:
        workspace.rollback(checkpoint)
        found[checkpoint] = {os.fsencode(path.relative_to(folder)).hex(): _file(path) for path in _files(folder)}
    return found


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir() or not any(path.iterdir())]


def _file(path: Path) -> list[str]:
    if path.is_symlink():
        return ["120000", os.fsencode(path.readlink()).hex()]
    if path.is_dir():
        return ["40000", ""]
    return ["100755" if path.stat().st_mode & 0o100 else "100644", path.read_bytes().hex()]


if __name__ == "__main__":
    main()
