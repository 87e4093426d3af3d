"""Who started a container, and whether that process is still alive: what tells a leftover from a stranger's work."""

import contextlib
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "loopcutter.sandbox"
OWNER = f"{_PREFIX}.owner"
"""The label that all containers of the sandbox carry."""


@dataclass(frozen=True)
class Owner:
    """One server process, as the labels of its containers spell it."""

    machine: str
    boot: str
    process: str
    """Process number, when it started, and the name space in which that number holds."""
    run: str
    """This server among all that ever had this number."""

    @staticmethod
    def me() -> "Owner":
        """This process."""
        return Owner(socket.gethostname(), _boot(), _spelled(os.getpid()), secrets.token_hex(8))

    def labels(self) -> dict[str, str]:
        """The labels of a container of this server; each container is one attempt."""
        return {
            OWNER: self.process,
            f"{_PREFIX}.machine": self.machine,
            f"{_PREFIX}.boot": self.boot,
            f"{_PREFIX}.run": self.run,
            f"{_PREFIX}.attempt": secrets.token_hex(8),
        }

    @property
    def mine(self) -> str:
        """The label by which the containers of this server alone are found."""
        return f"{_PREFIX}.run={self.run}"

    def outlived(self, labels: Mapping[str, str]) -> bool:
        """Whether the server that set `labels` is certainly no more. In doubt it lives: others share the engine."""
        if labels.get(f"{_PREFIX}.machine") != self.machine:
            return False
        if labels.get(f"{_PREFIX}.boot") != self.boot:
            return True
        process = labels.get(OWNER, "")
        pid, _, rest = process.partition(":")
        if not pid.isdigit() or rest.rpartition(":")[2] != self.process.rpartition(":")[2]:
            return False
        return _spelled(int(pid)) != process


def _boot() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return "unknown"


def _spelled(pid: int) -> str:
    """The process as `number:start:namespace`; without a start when there is no such process (any more)."""
    started = ""
    with contextlib.suppress(OSError, IndexError):
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    space = ""
    with contextlib.suppress(OSError):
        space = str(Path("/proc/self/ns/pid").readlink())
    return f"{pid}:{started}:{space.strip('pid:[]')}"
