"""How much a run may use."""

import math
import os
from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds of one run; those of memory, files and CPU time hold for each process, unless said otherwise."""

    wall_s: float
    memory_bytes: int = 8192 * MEBIBYTE
    """Address space, not memory in use: interpreters and libraries reserve far more than they touch."""
    total_bytes: int = 2048 * MEBIBYTE
    """Memory in use by all processes together, files in memory included."""
    workspace_bytes: int = 512 * MEBIBYTE
    """What a run may add to its workspace."""
    workspace_files: int = 100_000
    """How many files it may add or change, where the backend can tell."""
    file_bytes: int = 256 * MEBIBYTE
    open_files: int = 1024
    processes: int = 256
    temporary_bytes: int = 512 * MEBIBYTE
    """What fits into the temporary folder, where the backend can tell."""
    output_bytes: int = 64 * MEBIBYTE
    """Printed more than this, the run is killed."""

    def kept(self) -> dict[str, int]:
        """What is kept of a run's changes at most: more is an error, and nothing is kept."""
        return {"most_bytes": min(self.workspace_bytes, 256 * MEBIBYTE), "most_files": 20_000}

    def resources(self, processes: int | None) -> dict[str, int]:
        """The resource limits by name; `processes` is None where they can't be counted for one run alone."""
        limits = {
            "RLIMIT_CORE": 0,
            "RLIMIT_CPU": math.ceil(self.wall_s) * (os.cpu_count() or 1) + 5,
            "RLIMIT_AS": self.memory_bytes,
            "RLIMIT_FSIZE": self.file_bytes,
            "RLIMIT_NOFILE": self.open_files,
        }
        if processes is not None:
            limits["RLIMIT_NPROC"] = processes
        return limits
