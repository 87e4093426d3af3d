"""How a backend without a process name space starts a run: under a supervisor that kills whatever is left of it."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loopcutter_sandbox.isolation import Job, Launch
from loopcutter_sandbox.place import environment

_SCRIPT = Path(__file__).parent / "supervise.py"


def supervised(
    job: Job,
    arguments: Sequence[str],
    *,
    landlock: dict[str, Any] | None = None,
    user: int | None = None,
    processes: int | None = None,
) -> Launch:
    """Start `arguments` on the workspace where it lies, with a temporary folder and a home beside it."""
    specification = {"parent": os.getpid(), "arguments": list(arguments), "landlock": landlock}
    return Launch(
        arguments=[sys.executable, "-I", "-S", str(_SCRIPT), json.dumps(specification)],
        environment=environment(job.interpreter, str(job.folder.home), str(job.folder.temporary)),
        root=os.path.realpath(job.folder.workspace),
        user=user,
        processes=processes,
        stop=signal.SIGTERM,
    )


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
