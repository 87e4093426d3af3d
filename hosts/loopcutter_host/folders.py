"""Where the host keeps what outlives a run, and where it looks for settings."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """The user's folders, by the XDG base directory specification."""

    state: Path
    """Run log, checkpoints, indexes: `$LOOPCUTTER_STATE`, else `$XDG_STATE_HOME/loopcutter`."""
    config: Path
    """`$XDG_CONFIG_HOME/loopcutter`."""

    @classmethod
    def of_user(cls) -> "Folders":
        home = Path.home()
        state = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state") / "loopcutter"
        config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "loopcutter"
        return cls(Path(os.environ.get("LOOPCUTTER_STATE") or state), config)

    @property
    def run_log(self) -> Path:
        return self.state / "runs.sqlite"

    @property
    def locks(self) -> Path:
        """One lock file for each run that lives; see `lease.py`."""
        return self.state / "locks"

    @property
    def journals(self) -> Path:
        """What runs that did not end yet can be taken up from; see `journal.py`."""
        return self.state / "journals"

    def journal(self, run: str) -> Path:
        return self.journals / f"{run}.jsonl"

    def store(self, server: str) -> Path:
        """What the embedded server of this name keeps from one run to the next."""
        return self.state / server
