"""Template repair: the model that needs no weights."""

from loopcutter_host.repair.builtin import Builtin
from loopcutter_host.repair.prepass import PREPASS_S, Prepass

__all__ = ["PREPASS_S", "Builtin", "Prepass"]
