"""A state of a workspace that can be returned to."""

import secrets
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Checkpoint:
    """A state of a workspace that can be returned to."""

    id: str
    tree: str
    """Hash of all the files; it names this state on every machine."""
    label: str
    created: float
    """Seconds since 1970."""
    parent: str | None
    """The checkpoint the workspace stood on before."""


def checkpoint(tree: str, label: str, parent: Checkpoint | None) -> Checkpoint:
    """A new checkpoint of `tree`, taken now."""
    return Checkpoint(f"c{secrets.token_hex(8)}", tree, label, time.time(), parent.id if parent else None)
