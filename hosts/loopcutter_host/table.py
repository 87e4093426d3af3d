"""The table of states: what a run does, what each step can end in, and what follows."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """What the run is doing."""

    READ = "read"
    REPRODUCE = "reproduce"
    """No test fails: write one that shows the bug."""
    REPAIR = "repair"
    """Before a language model is asked: template repair, for a minute at most."""
    PLAN = "plan"
    EDIT = "edit"
    SAMPLE = "sample"
    """After a rollback: several edits at once, and the tests choose."""
    TEST = "test"
    REFLECT = "reflect"


class Signal(StrEnum):
    """How a step ended."""

    UNDERSTOOD = "understood"
    REPAIRABLE = "repairable"
    """Understood, and template repair is to try first."""
    NOTHING_FAILS = "nothing-fails"
    PLANNED = "planned"
    SEVERAL = "several"
    """Planned, and several edits are to be drawn."""
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
    PLANNED = "planned"
    """A dry run came to an edit, which was not tested."""


Table = Mapping[tuple[State, Signal], State | End]

TABLE: Table = {
    (State.READ, Signal.UNDERSTOOD): State.PLAN,
    (State.READ, Signal.REPAIRABLE): State.REPAIR,
    (State.READ, Signal.NOTHING_FAILS): State.REPRODUCE,
    (State.REPRODUCE, Signal.UNDERSTOOD): State.PLAN,
    (State.REPRODUCE, Signal.REPAIRABLE): State.REPAIR,
    (State.REPRODUCE, Signal.NOTHING_FAILS): End.NOT_REPRODUCED,
    (State.REPAIR, Signal.EDITED): State.TEST,
    (State.REPAIR, Signal.REFUSED): State.PLAN,
    (State.REPAIR, Signal.NOTHING): State.PLAN,
    (State.PLAN, Signal.PLANNED): State.EDIT,
    (State.PLAN, Signal.SEVERAL): State.SAMPLE,
    (State.PLAN, Signal.NO_PLAN): State.REFLECT,
    (State.EDIT, Signal.EDITED): State.TEST,
    (State.EDIT, Signal.REFUSED): State.REFLECT,
    (State.EDIT, Signal.NOTHING): State.REFLECT,
    (State.EDIT, Signal.REPLAN): State.PLAN,
    (State.EDIT, Signal.GIVE_UP): End.GAVE_UP,
    (State.SAMPLE, Signal.GREEN): End.FIXED,
    (State.SAMPLE, Signal.RED): State.REFLECT,
    (State.SAMPLE, Signal.REPLAN): State.PLAN,
    (State.SAMPLE, Signal.GIVE_UP): End.GAVE_UP,
    (State.TEST, Signal.GREEN): End.FIXED,
    (State.TEST, Signal.RED): State.REFLECT,
    (State.REFLECT, Signal.AGAIN): State.EDIT,
    (State.REFLECT, Signal.REPLAN): State.PLAN,
    (State.REFLECT, Signal.GIVE_UP): End.GAVE_UP,
}
"""What follows what. The guard stands above it: its rollback leads to `plan` from anywhere, its stop ends the run."""

DRY_RUN: Table = {
    **TABLE,
    (State.REPAIR, Signal.EDITED): End.PLANNED,
    (State.EDIT, Signal.EDITED): End.PLANNED,
}
"""The table of a run that only shows what it would try first."""
