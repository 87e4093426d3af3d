"""What runs on this machine, seen from outside."""

from pathlib import Path


def marked(token: str) -> list[int]:
    """The processes whose command line carries `token`, zombies left out."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and token.encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found
