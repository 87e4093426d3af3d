"""The table of states: what a run does, what each step can end in, and what follows."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """What the run is doing."""

    READ = "read"
    PLAN = "plan"
    EDIT = "edit"
    TEST = "test"
    REFLECT = "reflect"


class Signal(StrEnum):
    """How a step ended."""

    UNDERSTOOD = "understood"
    NOTHING_FAILS = "nothing-fails"
    PLANNED = "planned"
    NO_PLAN = "no-plan"
    EDITED = "edited"
    REFUSED = "refused"
    """By the guard or by vcs; the workspace is as it was."""
    NOTHING = "nothing"
    """The model has nothing to propose here."""
    GREEN = "green"
    RED = "red"
    AGAIN = "again"
    REPLAN = "replan"
    GIVE_UP = "give-up"


class End(StrEnum):
    """How a run ended."""

    FIXED = "fixed"
    """Every test it is about passes, and none that passed before is broken."""
    NOT_REPRODUCED = "not-reproduced"
    GAVE_UP = "gave-up"
    STOPPED = "stopped"
    """By the guard: every approach of the ladder was tried."""


TABLE: Mapping[tuple[State, Signal], State | End] = {
    (State.READ, Signal.UNDERSTOOD): State.PLAN,
    (State.READ, Signal.NOTHING_FAILS): End.NOT_REPRODUCED,
    (State.PLAN, Signal.PLANNED): State.EDIT,
    (State.PLAN, Signal.NO_PLAN): State.REFLECT,
    (State.EDIT, Signal.EDITED): State.TEST,
    (State.EDIT, Signal.REFUSED): State.REFLECT,
    (State.EDIT, Signal.NOTHING): State.REFLECT,
    (State.TEST, Signal.GREEN): End.FIXED,
    (State.TEST, Signal.RED): State.REFLECT,
    (State.REFLECT, Signal.AGAIN): State.EDIT,
    (State.REFLECT, Signal.REPLAN): State.PLAN,
    (State.REFLECT, Signal.GIVE_UP): End.GAVE_UP,
}
"""What follows what. The guard stands above it: its rollback leads to `plan` from anywhere, its stop ends the run."""
