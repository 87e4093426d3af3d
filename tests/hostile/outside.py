"""What lies outside of a sandbox in these tests, and what has become of it."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outside:
    """A folder, sockets and a secret of the host."""

    folder: Path
    name: str
    """Of this test alone."""
    tcp: socket.socket
    udp: socket.socket

    @property
    def token(self) -> str:
        """Marks the command lines of processes."""
        return f"token{self.name}"

    def words(self, workspaces: Path) -> dict[str, str]:
        """What the behaviours' places in braces stand for."""
        return {
            "{token}": self.token,
            "{hosttoken}": Path(f"/proc/{os.getpid()}/cmdline").read_bytes().split(b"\0")[-2].decode()[-60:],
            "{outside}": str(self.folder),
            "{secret}": f"secret{self.name}",
            "{port}": str(self.tcp.getsockname()[1]),
            "{udp}": str(self.udp.getsockname()[1]),
            "{abstract}": f"loopcutter-{self.name}",
            "{pid}": str(os.getpid()),
            "{folder}": str(workspaces),
        }

    def harm(self) -> list[str]:
        """What is not as it was."""
        found = [path.name for path in self.folder.iterdir() if path.name not in ("secret", "socket")]
        if (self.folder / "secret").read_text() != f"secret{self.name}":
            found.append("the secret was changed")
        if Path("/etc/loopcutter").exists() or Path("/loopcutter").exists():
            found.append("the system was changed")
        return found + [f"process {pid}" for pid in self.processes()]

    def processes(self) -> list[int]:
        """Those whose command line carries the token."""
        found = []
        for process in Path("/proc").iterdir():
            try:
                if process.name.isdigit() and self.token.encode() in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
            except OSError:  # it has ended
                continue
        return found

    def received(self) -> bool:
        """Whether a packet has come."""
        self.udp.setblocking(False)
        try:
            return bool(self.udp.recv(100))
        except BlockingIOError:
            return False
