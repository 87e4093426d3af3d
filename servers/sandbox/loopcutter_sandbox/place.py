"""What the inside of every sandbox has in common: its environment, and the system's folders it may read."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from loopcutter_sandbox.interpreter import Interpreter

WORKSPACE = "/workspace"
"""Where the tree is mounted, or, where nothing can be mounted, what its path is replaced by in what people read."""

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/opt/homebrew")

SETTINGS = (
    "/etc/alternatives",
    "/etc/debian_version",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/os-release",
    "/etc/pki",
    "/etc/protocols",
    "/etc/services",
    "/etc/ssl",
    "/etc/timezone",
)
"""The parts of /etc that programs read and that hold no secret."""


SURROUNDINGS: Mapping[str, str] = {
    "USER": "sandbox",
    "LOGNAME": "sandbox",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "dumb",
    "COLUMNS": "120",
    "NO_COLOR": "1",
    "CI": "true",
    # The order of sets and dictionaries must not decide about a test: the same tree gives the same answer.
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LOOPCUTTER_SANDBOX": "1",
}
"""What every run finds in its environment, whatever isolates it."""


def environment(interpreter: Interpreter, home: str, temporary: str) -> dict[str, str]:
    """The whole environment of a run: built from nothing, the same every time."""
    folders = [str(Path(interpreter.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    return {
        "PATH": os.pathsep.join(dict.fromkeys(folders)),
        "HOME": home,
        "TMPDIR": temporary,
        **SURROUNDINGS,
    }


def existing(paths: tuple[str, ...]) -> list[Path]:
    """Those that are there."""
    return [Path(path) for path in paths if Path(path).exists()]


def unused_user() -> int:
    """A user id of one run alone: no process and no file belongs to it."""
    return 600_000_000 + secrets.randbelow(90_000_000)


def give(folder: Path, user: int) -> None:
    """Make `user` the owner of everything in `folder`."""
    os.chown(folder, user, user)
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(place, name), user, user, follow_symlinks=False)
