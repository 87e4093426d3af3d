"""Starts what the specification in its first argument names, waits for its end or its limits, and clears up.

When a run ends, or whoever started it does, nothing that it started survives. The specification is JSON::

    parent      the process that must stay alive
    arguments   what to start
    landlock    rules to restrict it by, or null
    mounts      arguments of `mounts.lay_over`, or null
    memory      bytes for all processes together
    processes   their number
    disk        bytes in `folders`, which lie on a disk of the host's, or null
    verdict     a descriptor that is told how it ended: {"memory", "disk", "failure"} in a line
    keep        the bounds of `packing.pack`, whose words follow that line, or null
"""

from __future__ import annotations

import os
import sys

from . import ending
from .usage import Usage
from .words import line, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from typing import Any
else:
    import _signal as signal  # the same without the enumerations, which take longer to import than all the rest

_LOOK_S = 0.05
_SIGNALS = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def main() -> None:
    """Carry out the specification."""
    specification = read(sys.argv[1])
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    if sys.platform == "linux":
        ending.outlive_nobody(specification["parent"])
    verdict = specification["verdict"]
    os.set_inheritable(verdict, False)
    usage = Usage(specification["memory"], specification["processes"])
    try:
        if specification["mounts"] is not None:
            from .mounts import lay_over

            lay_over(**specification["mounts"])
    except OSError as error:
        usage.close()
        os.write(verdict, line(memory=False, disk=False, failure=str(error)))
        os.write(2, f"the workspace could not be mounted: {error}\n".encode())
        os._exit(125)
    child = os.fork()
    if child == 0:
        _become(specification, usage)
    ending.let_go(verdict)
    code, full = _watch(child, usage, specification)
    usage.close()
    os.write(verdict, line(memory=usage.over, disk=full, failure=""))
    if specification["keep"] is not None:
        from .packing import pack

        with open(verdict, "wb", closefd=False) as file:
            pack(f"{specification['mounts']['place']}/layer/upper", file.write, **specification["keep"])
    os._exit(code)


def _become(specification: dict[str, Any], usage: Usage) -> None:
    try:
        usage.enter()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        os.setsid()
        if sys.platform == "linux":
            ending.die_with_parent()
        if specification["landlock"] is not None:
            from .confine import confine

            confine(specification["landlock"])
        os.execv(specification["arguments"][0], specification["arguments"])
    except BaseException as error:
        os.write(2, f"the sandbox could not be entered: {error}\n".encode())
    finally:
        os._exit(126)


def _watch(child: int, usage: Usage, specification: dict[str, Any]) -> tuple[int, bool]:
    """The exit code, once nothing is left, and whether the disk was full."""
    disk = ending.Disk(specification["folders"], specification["disk"])
    watched = usage.watched or disk.watched
    while True:
        number = signal.sigtimedwait(_SIGNALS, _LOOK_S) if watched else signal.sigwaitinfo(_SIGNALS)
        ended = None
        if number is None:
            over = (usage.watched and usage.look(ending.descendants())) or (disk.watched and disk.look())
            if not over:
                continue
        elif number.si_signo == signal.SIGCHLD:
            ended = ending.reap(child)
            if ended is None:
                continue
        ending.kill_all(child)
        full = disk.full or (specification["mounts"] is not None and ending.is_full(specification["mounts"]["place"]))
        if ended is None:
            return (128 + signal.SIGKILL if number is None else 128 + signal.SIGTERM), full
        return (128 + os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)), full
