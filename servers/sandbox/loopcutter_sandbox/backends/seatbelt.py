"""Isolation by macOS's sandbox-exec.

Written from its documentation and from what others do with it, and never tried: no macOS machine was at hand. The real
probe decides whether it is used.
"""

import os
import shutil
from dataclasses import dataclass

from loopcutter_sandbox.errors import Unusable
from loopcutter_sandbox.isolation import Job, Launch
from loopcutter_sandbox.report import Isolation
from loopcutter_sandbox.supervised import supervised


@dataclass(frozen=True)
class Seatbelt:
    """A profile that allows reading outside of the users' folders, writing to the workspace, and no network."""

    name: str = "seatbelt"
    isolation: Isolation = "seatbelt"
    mounts: bool = False
    gaps: tuple[str, ...] = (
        "files outside of the users' folders can be read",
        "memory, processes and disk are not limited together; a process that leaves its group can outlive the run",
        "process numbers and the kernel are shared",
    )

    def wrap(self, job: Job) -> Launch:
        """`sandbox-exec` with the profile of this job."""
        program = shutil.which("sandbox-exec")
        if program is None:
            raise Unusable("sandbox-exec is missing; it comes with macOS")
        return supervised(job, [program, "-p", _profile(job), *job.command()])


def _profile(job: Job) -> str:
    def beneath(*paths: object) -> str:
        return " ".join(f'(subpath "{os.path.realpath(str(path))}")' for path in paths)

    folder = job.folder
    own = beneath(folder.workspace, folder.temporary, folder.home)
    readable = beneath(*job.interpreter.folders, job.runner)
    return "\n".join(
        (
            "(version 1)",
            "(deny default)",
            "(allow process-fork process-exec sysctl-read mach-lookup)",
            "(allow signal (target same-sandbox))",
            "(allow file-read*)",
            '(deny file-read* (subpath "/Users") (subpath "/private/var/root"))',
            f"(allow file-read* {readable} {own})",
            f'(allow file-write* {own} (literal "/dev/null"))',
        )
    )
