"""Isolation by bubblewrap: name spaces of its own, a read-only system, no network, nothing left when it ends."""

import functools
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from loopcutter_sandbox.errors import Unusable
from loopcutter_sandbox.isolation import Job, Launch
from loopcutter_sandbox.place import SETTINGS, SYSTEM, WORKSPACE, environment, existing, give, unused_user
from loopcutter_sandbox.report import Isolation
from loopcutter_sandbox.supervised import supervised
from loopcutter_sandbox.supervisor.usage import counts_processes

_TEMPORARY = "/tmp"
_HOME = "/tmp/home"
_RUNNER = "/runner"
_SHARED_MEMORY = 64 << 20
_OWN_COUNTS = (5, 14)  # since this kernel a user name space counts processes by itself

_GAPS = ("the host's kernel is shared",)
_WATCHED_DISK = "the workspace lies on the host's disk: the sum of its files is limited only by looking again and again"
_USERS = "a run can make user name spaces of its own"
_NO_COUNT = "the number of processes is not limited"
_NO_SIZE = "the temporary folder is not limited in size"


@dataclass(frozen=True)
class Bubblewrap:
    """Bubblewrap, with a user name space or, started by root, without one and as a user that nobody else is.

    Root can be given neither a bound on processes nor files it may not read: so root's runs change to another user,
    which needs no user name space. Where root may not do that (in many containers) the name space is the second choice.
    """

    user_namespace: bool
    mounts: bool = True
    name: str = "bubblewrap"
    isolation: Isolation = "namespace"

    @staticmethod
    def variants() -> "list[Bubblewrap]":
        """What may work here, the strongest first."""
        namespaces = (False, True) if os.geteuid() == 0 else (True,)
        return [Bubblewrap(own, mounts) for mounts in (True, False) for own in namespaces]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What it does not hold back."""
        no_count = self._processes(1) is None and not counts_processes()
        no_size = "--size" not in _options()
        disk = () if self.mounts else (_WATCHED_DISK,)
        users = () if self.user_namespace and "--disable-userns" in _options() else (_USERS,)
        return (*_GAPS, *users, *disk, *((_NO_COUNT,) if no_count else ()), *((_NO_SIZE,) if no_size else ()))

    def wrap(self, job: Job) -> Launch:
        """The `bwrap` command line."""
        program = shutil.which("bwrap")
        if program is None:
            raise Unusable(
                "bubblewrap is not installed; install it with your system's packages: apt install bubblewrap"
            )
        user = None
        if not self.user_namespace:
            user = unused_user()
            if not self.mounts:
                give(job.folder.workspace, user)
        arguments = [
            program,
            *self._namespaces(),
            *_system(job),
            *_identity(job, os.getuid() if user is None else user),
            *("--bind", str(job.folder.workspace), WORKSPACE, "--chdir", WORKSPACE),
            *("--remount-ro", "/dev", "--remount-ro", "/", "--"),
            *job.command(_RUNNER),
        ]
        return supervised(
            job,
            arguments,
            user=user,
            processes=self._processes(job.limits.processes),
            root=WORKSPACE,
            variables=environment(job.interpreter, _HOME, _TEMPORARY),
            owner=user,
        )

    def _processes(self, limit: int) -> int | None:
        if not self.user_namespace:
            return limit
        release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
        return None if os.geteuid() == 0 or release < _OWN_COUNTS else limit

    def _namespaces(self) -> list[str]:
        options = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        options += ["--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        if self.user_namespace:
            options.append("--unshare-user")
            if "--disable-userns" in _options():
                options.append("--disable-userns")
        else:
            options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        return options


def _system(job: Job) -> list[str]:
    """The file system but for the workspace."""
    options: list[str] = []
    for text in SYSTEM:
        path = Path(text)
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), text]
        elif path.exists():
            options += [*_parents(path), "--ro-bind", text, text]
    for path in existing(SETTINGS):
        options += [*_parents(path), "--ro-bind", str(path), str(path)]
    size = ["--size", str(job.limits.temporary_bytes)] if "--size" in _options() else []
    shared = ["--size", str(_SHARED_MEMORY)] if "--size" in _options() else []
    options += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", *shared, "--tmpfs", "/dev/shm"]
    options += ["--perms", "1777", *size, "--tmpfs", _TEMPORARY, "--perms", "0777", "--dir", _HOME]
    options += ["--ro-bind", str(job.runner), _RUNNER]
    for folder in job.interpreter.folders:
        if not any(folder.is_relative_to(system) for system in ("/usr", "/nix/store")):
            options += [*_parents(folder), "--ro-bind", str(folder), str(folder)]
    return options


def _parents(path: Path) -> list[str]:
    """Make the folders above `path`: bubblewrap's own are closed to everyone but the user it was started by."""
    options: list[str] = []
    for parent in reversed(path.parents):
        if parent not in (Path("/"), Path(_TEMPORARY)) and not parent.is_relative_to("/usr"):
            options += ["--perms", "0755", "--dir", str(parent)]
    return options


def _identity(job: Job, user: int) -> list[str]:
    """Who the run is, for programs that look it up."""
    options = []
    for name, line in (("passwd", f"sandbox:x:{user}:{user}::{_HOME}:/bin/sh\n"), ("group", f"sandbox:x:{user}:\n")):
        file = job.folder.base / name
        file.write_text(line)
        file.chmod(0o644)
        options += ["--ro-bind", str(file), f"/etc/{name}"]
    return options


@functools.cache
def _options() -> str:
    """What this bubblewrap calls its options: older ones lack some."""
    try:
        return subprocess.run(["bwrap", "--help"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
