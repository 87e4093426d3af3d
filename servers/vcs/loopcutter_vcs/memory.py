"""What the last survey of a repository found, so that the next one only looks at what changed since.

Nothing here is believed unless both indexes are still the ones it was written for: an index ends in a checksum of all
it holds, so whoever changed one of them, and whoever was killed half-way, is noticed.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_CHECKSUM = 20


@dataclass(frozen=True)
class Memory:
    """The result of a survey, and how our index and the user's differ."""

    rules: str
    """Fingerprint of the rules by which secrets were left out. With others, our index is worth nothing."""
    theirs: str
    """Checksum of the user's index."""
    ours: str
    tree: str
    extra: tuple[str, ...]
    """Files in our index that are not in the user's: untracked ones."""
    absent: tuple[str, ...]
    """Files in the user's index that are not in ours: deleted, secret, too large."""
    submodules: tuple[str, ...]
    empty: tuple[str, ...]
    """The empty folders of `tree`."""

    @classmethod
    def load(cls, file: Path) -> "Memory | None":
        """What is remembered in `file`; nothing if that is missing or damaged."""
        try:
            read: dict[str, Any] = json.loads(file.read_bytes())
            facts: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in read.items()}
            return cls(**facts)
        except (FileNotFoundError, ValueError, TypeError, AttributeError):
            return None

    def save(self, file: Path) -> None:
        """Remember it in `file`."""
        unfinished = file.with_name(f"{file.name}.{secrets.token_hex(6)}")
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.replace(file)


def checksum(index: Path) -> str | None:
    """What differs whenever `index` holds something else; None when that can't be told."""
    try:
        with index.open("rb") as opened:
            opened.seek(-_CHECKSUM, 2)
            found = opened.read()
    except FileNotFoundError:
        return "none"
    except OSError:  # too short to be one
        return None
    return found.hex() if any(found) else None  # git may be told to save itself the checksum
