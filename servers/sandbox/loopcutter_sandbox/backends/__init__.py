"""The ways of isolating, strongest first."""

import sys

from loopcutter_sandbox.backends.bubblewrap import Bubblewrap
from loopcutter_sandbox.backends.landlock import Landlock
from loopcutter_sandbox.backends.plain import Plain
from loopcutter_sandbox.backends.seatbelt import Seatbelt
from loopcutter_sandbox.isolation import Backend

__all__ = ["Bubblewrap", "Landlock", "Plain", "Seatbelt", "for_this_system"]


def for_this_system(*, unsafe: bool = False) -> tuple[Backend, ...]:
    """What can be tried here, in the order of strength; no isolation at all only when it was asked for."""
    backends: list[Backend] = []
    if sys.platform == "linux":
        backends += [*Bubblewrap.variants(), *Landlock.variants()]
    if sys.platform == "darwin":
        backends.append(Seatbelt())
    return (*backends, *((Plain(),) if unsafe else ()))
