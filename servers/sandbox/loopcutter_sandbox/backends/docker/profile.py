"""What every container is allowed: as little as tests can run with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from loopcutter_sandbox.limits import MEBIBYTE, Limits
from loopcutter_sandbox.place import SURROUNDINGS, WORKSPACE

USER: Final = 10001
HOME: Final = "/tmp/home"
PLACE: Final = "/loopcutter"
"""Where the runner lies in an image."""


@dataclass(frozen=True)
class Profile:
    """The bounds of one container. What is not named here can't be done."""

    limits: Limits
    cpus: float = 2.0
    workspace_files: int = 200_000
    temporary_files: int = 100_000
    shared_bytes: int = 64 * MEBIBYTE
    runtime: str = ""
    """Another runtime that the engine knows, `runsc` for gVisor, say; the engine's default when empty."""

    def environment(self) -> dict[str, str]:
        """The environment of a run, over what the image itself sets; nothing of the host's is in it."""
        return {"HOME": HOME, "TMPDIR": "/tmp", **SURROUNDINGS, "PYTHONUNBUFFERED": ""}

    def container(self, image: str, labels: Mapping[str, str]) -> dict[str, Any]:
        """The container as the engine's API wants it described.

        There is no init of the engine's: it would hold the same streams as the keeper, and the code that runs here
        could open them through /proc. The keeper is process 1 itself, and buries orphans.
        """
        return {
            "Image": image,
            "Entrypoint": ["python3", "-s", "-B", f"{PLACE}/keeper/start.py"],
            "Cmd": [],
            "User": f"{USER}:{USER}",
            "WorkingDir": WORKSPACE,
            "Hostname": "sandbox",
            "Env": [f"{name}={value}" for name, value in self.environment().items()],
            "Labels": dict(labels),
            "OpenStdin": True,
            "StdinOnce": True,
            "AttachStdin": True,
            "AttachStdout": True,
            "AttachStderr": True,
            "Tty": False,
            "NetworkDisabled": True,
            "HostConfig": self._host(),
        }

    def _host(self) -> dict[str, Any]:
        owned = f"uid={USER},gid={USER},mode=0755"
        files = "rw,exec,nosuid,nodev"
        return {
            "AutoRemove": True,
            "NetworkMode": "none",
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"],
            "ReadonlyRootfs": True,
            "Privileged": False,
            "Tmpfs": {
                WORKSPACE: f"{files},size={self.limits.workspace_bytes},nr_inodes={self.workspace_files},{owned}",
                "/tmp": f"{files},size={self.limits.temporary_bytes},nr_inodes={self.temporary_files},mode=1777",
            },
            "ShmSize": self.shared_bytes,
            "PidsLimit": self.limits.processes,
            "Memory": self.limits.total_bytes,
            "MemorySwap": self.limits.total_bytes,
            "NanoCpus": int(self.cpus * 1e9),
            "Ulimits": [
                {"Name": "nofile", "Soft": self.limits.open_files, "Hard": self.limits.open_files},
                {"Name": "fsize", "Soft": self.limits.file_bytes, "Hard": self.limits.file_bytes},
                {"Name": "core", "Soft": 0, "Hard": 0},
            ],
            "Init": False,
            "IpcMode": "private",
            "LogConfig": {"Type": "none"},
            **({"Runtime": self.runtime} if self.runtime else {}),
        }
