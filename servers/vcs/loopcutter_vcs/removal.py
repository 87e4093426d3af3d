"""Clears up what an attempt did to files of ours: removes them, or takes back who may do what with them."""

import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def remove_all(path: Path) -> None:
    """Remove a file, or a folder with everything in it. What can't be removed stays."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        open_folders(path)
        shutil.rmtree(path, ignore_errors=True)


def open_folders(path: Path) -> None:
    """Let us write to a folder and to all below it again, if that was forbidden."""
    with suppress(OSError):
        if path.stat().st_mode & stat.S_IRWXU != stat.S_IRWXU:
            path.chmod(stat.S_IRWXU)
        with os.scandir(path) as entries:
            below = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        for folder in below:
            open_folders(folder)


def reset_permissions(root: Path, files: Iterable[str]) -> None:
    """Give `files` below `root`, and the folders they are in, the permissions of new ones.

    Git only looks at whether a file can be executed, and does not see other changes made within one second.
    """
    probe = root.with_name("probe")
    probe.unlink(missing_ok=True)
    opened = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o777)
    new = stat.S_IMODE(os.fstat(opened).st_mode)
    os.close(opened)
    probe.unlink()
    folders = {""}
    for path in files:
        status = os.lstat(f"{root}/{path}")
        wanted = new if status.st_mode & 0o100 else new & 0o666
        if stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) != wanted:
            os.chmod(f"{root}/{path}", wanted)  # noqa: PTH101  # thousands of paths
        folder = path.rpartition("/")[0]
        while folder not in folders:
            folders.add(folder)
            if stat.S_IMODE(os.lstat(f"{root}/{folder}").st_mode) != new:
                (root / folder).chmod(new)
            folder = folder.rpartition("/")[0]
