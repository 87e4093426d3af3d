"""No isolation at all: limits and a clear end, nothing more. Only with ``--unsafe-local``."""

from dataclasses import dataclass

from loopcutter_sandbox.isolation import Job, Launch
from loopcutter_sandbox.report import Isolation
from loopcutter_sandbox.supervised import room, supervised


@dataclass(frozen=True)
class Plain:
    """Runs the project as the user who started the server."""

    name: str = "none"
    isolation: Isolation = "none"
    mounts: bool = False
    gaps: tuple[str, ...] = (
        "WARNING: nothing is isolated; the code reads and writes whatever this user can, and has the network",
        "only each process is limited, not all of them together",
    )

    def wrap(self, job: Job) -> Launch:
        """The job itself, under the supervisor."""
        return supervised(job, job.command(), processes=room(job.limits.processes))
