"""The ways of isolating, strongest first."""

import sys

from loopcutter_sandbox.backends.bubblewrap import Bubblewrap
from loopcutter_sandbox.backends.docker import DEFAULT_IMAGE, Docker
from loopcutter_sandbox.backends.landlock import Landlock
from loopcutter_sandbox.backends.plain import Plain
from loopcutter_sandbox.backends.seatbelt import Seatbelt
from loopcutter_sandbox.isolation import Isolating

__all__ = ["DEFAULT_IMAGE", "Bubblewrap", "Docker", "Landlock", "Plain", "Seatbelt", "for_this_system"]


def for_this_system(*, unsafe: bool = False, docker: Docker | None = None) -> tuple[Isolating, ...]:
    """What can be tried here, in the order of strength; no isolation at all only when it was asked for."""
    backends: list[Isolating] = [docker if docker is not None else Docker()]
    if sys.platform == "linux":
        backends += [*Bubblewrap.variants(), *Landlock.variants()]
    if sys.platform == "darwin":
        backends.append(Seatbelt())
    return (*backends, *((Plain(),) if unsafe else ()))
