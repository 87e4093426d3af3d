"""How a backend starts a run on this machine: under a supervisor that lays out the workspace and ends all there is."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from loopcutter_sandbox.isolation import Job, Launch
from loopcutter_sandbox.place import environment

_SCRIPT = Path(__file__).parent / "supervisor" / "start.py"


def supervised(
    job: Job,
    arguments: Sequence[str],
    *,
    landlock: dict[str, Any] | None = None,
    user: int | None = None,
    processes: int | None = None,
    root: str | None = None,
    variables: Mapping[str, str] | None = None,
    owner: int | None = None,
) -> Launch:
    """Start `arguments` on the workspace where it lies, with a temporary folder and a home beside it.

    `root` is the workspace as the run sees it, `variables` its environment, where these differ from what lies here;
    `owner` the user whose the files of the workspace are to seem.
    """
    folder, limits = job.folder, job.limits
    specification = {
        "parent": os.getpid(),
        "arguments": list(arguments),
        "landlock": landlock,
        "mounts": _mounts(job, owner),
        "memory": limits.total_bytes,
        "processes": limits.processes,
        "folders": [str(part) for part in (folder.workspace, folder.temporary, folder.home)],
        "disk": limits.workspace_bytes if folder.layers is None else None,
        "verdict": job.verdict,
        "keep": limits.kept() if folder.keep and folder.layers is not None else None,
    }
    return Launch(
        arguments=[sys.executable, "-I", "-S", str(_SCRIPT), json.dumps(specification)],
        environment=variables or environment(job.interpreter, str(folder.home), str(folder.temporary)),
        root=root or os.path.realpath(folder.workspace),
        user=user,
        processes=processes,
        stop=signal.SIGTERM,
    )


def _mounts(job: Job, owner: int | None) -> dict[str, Any] | None:
    folder = job.folder
    if folder.layers is None:
        return None
    source = folder.base.parent
    return {
        "source": str(source),
        "layers": [str(layer.relative_to(source)) for layer in folder.layers],
        "place": str(folder.base),
        "user": owner,
        "size": job.limits.workspace_bytes,
        "files": job.limits.workspace_files,
    }


def room(limit: int) -> int | None:
    """A bound on processes that counts all of this user's: those running now, and `limit` more.

    None for root, who is never bound, and where the running ones can't be counted.
    """
    user = os.geteuid()
    if user == 0 or not Path("/proc/self/task").is_dir():
        return None
    running = 0
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended
                if process.stat().st_uid == user:
                    running += len(list((process / "task").iterdir()))
    return running + limit
