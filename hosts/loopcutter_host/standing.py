"""How good a state of the workspace is, so that the best one is kept whatever comes after it."""

from dataclasses import dataclass

from loopcutter_host.evidence import Comparison


@dataclass(frozen=True)
class Checkpoint:
    """A state of the workspace that vcs can restore."""

    id: str
    tree: str


@dataclass(frozen=True)
class Standing:
    """One state that was tested."""

    checkpoint: Checkpoint
    comparison: Comparison
    green: int
    """Tests that pass."""
    size: int
    """Lines added and removed since the base."""
    attempt: int = 0
    """Which attempt led to it; 0 for the base."""
    why: str = ""
    """Its patch in words."""

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """No regression first, then more of the wanted tests, more tests, a smaller patch. Higher is better."""
        return not self.comparison.regressions, len(self.comparison.mended), self.green, -self.size

    @property
    def verified(self) -> bool:
        """Whether it is a fix."""
        return self.comparison.verified
