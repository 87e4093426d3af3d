"""What is asked at a step, and what came of it: the two ends of a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.errors import FlawKind
from loopcutter_host.chat.protocol import Message, Schema
from loopcutter_host.dialogue.budget import Part
from loopcutter_host.prompts import Prompt


@dataclass(frozen=True)
class Question:
    """What is asked at a step."""

    step: str
    system: Prompt
    parts: Sequence[Part]
    schema: Schema | None = None
    temperature: float | None = None


@dataclass(frozen=True)
class Exchange:
    """One question and its answer, for the log."""

    step: str
    messages: tuple[Message, ...]
    answer: Answer
    left_out: tuple[str, ...]
    """What did not fit into the prompt, one line a part."""
    seconds: float
    prompt: str = ""
    """Which words were used: the file of the system prompt and its version."""
    estimate: int = 0
    """Tokens that the prompt was thought to have; `answer.prompt_tokens` is what the server counted."""
    flaw: FlawKind | None = None
    """What was wrong with the answer; None when it could be used."""
    problem: str = ""
    """The same in words."""
