"""Template repair: the model that needs no weights."""

from loopcutter_host.repair.builtin import Builtin

__all__ = ["Builtin"]
