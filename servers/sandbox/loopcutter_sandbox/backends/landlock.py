"""Isolation by Landlock: no system package, no privilege, only a kernel that has it."""

import os
from dataclasses import dataclass
from pathlib import Path

from loopcutter_sandbox.errors import Unusable
from loopcutter_sandbox.isolation import Job, Launch
from loopcutter_sandbox.place import SETTINGS, SYSTEM, existing
from loopcutter_sandbox.report import Isolation
from loopcutter_sandbox.supervised import room, supervised
from loopcutter_sandbox.supervisor.usage import counts_processes

_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_SYSTEM_FACTS = ("/proc", "/sys/devices/system/cpu")
"""Of other processes no more than names and command lines: the rest falls under Landlock's bar against tracing."""
_UDP = 10
_SCOPES = 6
_TCP = 4

_NO_COUNT = "it runs as root, so the number of processes is not limited"
_GAPS = (
    "a run can make user name spaces of its own, and sockets in folders of the host can be connected to",
    "memory and disk of all processes together are limited only by looking again and again",
    "the host's kernel and host name are shared; names and command lines of other processes can be read",
    "no TCP at all, not even to itself, and no shared memory: tests that need them fail",
)


@dataclass(frozen=True)
class Landlock:
    """Landlock rules for the file system, the network and signals, under a supervisor that ends every process."""

    abi: int
    name: str = "landlock"
    isolation: Isolation = "landlock"
    mounts: bool = False

    @staticmethod
    def variants() -> "list[Landlock]":
        """The one there is, if `landlockpy` is installed."""
        try:
            import landlockpy
        except ImportError:
            return [Landlock(-1)]
        return [Landlock(landlockpy.abi_version())]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What it does not hold back; newer kernels have fewer."""
        return (
            *_GAPS,
            *(() if self.abi >= _UDP else ("UDP is not blocked",)),
            *(() if self.abi >= _SCOPES else ("signals to other processes of this user are not blocked",)),
            *(() if self.abi >= _TCP else ("TCP is not blocked",)),
            *((_NO_COUNT,) if os.geteuid() == 0 and not counts_processes() else ()),
        )

    def wrap(self, job: Job) -> Launch:
        """The supervisor, told what the run may touch."""
        if self.abi < 0:
            raise Unusable("landlockpy is not installed; install it with: pip install 'loopcutter[sandbox]'")
        if self.abi == 0:
            raise Unusable("this kernel has no Landlock; a kernel of at least 5.13 with it enabled is needed")
        import landlockpy

        readable = [
            *existing(SYSTEM),
            *existing(SETTINGS),
            *existing(_SYSTEM_FACTS),
            job.runner,
            *job.interpreter.folders,
        ]
        rules = {
            "library": str(Path(landlockpy.__file__).parent.parent),
            "readable": [str(path) for path in (*readable, *existing(("/etc/passwd", "/etc/group")))],
            "writable": [str(path) for path in (job.folder.workspace, job.folder.temporary, job.folder.home)],
            "devices": [str(path) for path in existing(_DEVICES)],
        }
        return supervised(job, job.command(), landlock=rules, processes=room(job.limits.processes))
