"""Lets a language model plan, edit and reflect: the host asks small questions, the model fills one slot an answer."""

from loopcutter_host.dialogue.dialogue import Dialogue
from loopcutter_host.dialogue.question import Exchange

__all__ = ["Dialogue", "Exchange"]
