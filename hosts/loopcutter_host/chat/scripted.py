"""A scripted agent: answers read from a file, for demonstrations and tests. No model is behind it.

The file is YAML:

    name: stubborn            # shown as `scripted:stubborn`; default: the file's name
    window: 32768             # tokens it pretends to take in
    plan:                     # one list a step: plan, edit, reflect; and, if wanted, test and reproduce
      - json: {hypothesis: the sum ignores the quantity, targets: [{path: shop/cart.py, symbol: Cart.total}]}
    edit:
      - "a plain string is the whole answer, fences included"
      - text: the same, with more around it
        thinking: what a thinking model would think
        calls: [{name: search, arguments: {query: total}}]
    reflect:
      - json: {lesson: the sum still ignores the quantity, next: edit}

A step's last answer is given again for ever, which is how an agent that never learns is written down. A script without
a list for `test` reads nothing out of a failing test; one without a list for `reproduce` writes no test.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from loopcutter_host.chat.errors import ScriptError
from loopcutter_host.chat.protocol import Capacity, Message, Piece, Schema, ToolCall, ToolSpec, prompt_tokens
from loopcutter_host.chat.tokens import tokens

_STEP = re.compile(r"\bstep: (plan|edit|test|reproduce|reflect)\b")


def step_of(messages: Sequence[Message]) -> str:
    """Which step a prompt is for: every system prompt says so in its first line. Empty when none does."""
    match = next((_STEP.search(message.text) for message in messages if message.role == "system"), None)
    return match[1] if match else ""


SILENT_READING = '{"expected": "", "actual": "", "line": "", "hypothesis": "nothing is said about it"}'
"""What is read out of a failing test by a script that has nothing to say about it."""


class _Call(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    arguments: dict[str, Any] = {}


class Turn(BaseModel):
    """One answer of a script."""

    model_config = ConfigDict(extra="forbid")
    text: str = ""
    thinking: str = ""
    calls: list[_Call] = []

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        if isinstance(value, str):
            return {"text": value}
        if isinstance(value, dict) and "json" in value:
            return {**{key: part for key, part in value.items() if key != "json"}, "text": json.dumps(value["json"])}
        return value


class Script(BaseModel):
    """The answers of a scripted agent."""

    model_config = ConfigDict(extra="forbid")
    name: str = "script"
    window: int = Field(default=32768, ge=1024)
    plan: list[Turn] = []
    edit: list[Turn] = []
    reflect: list[Turn] = []
    test: list[Turn] = [Turn(text=SILENT_READING)]
    reproduce: list[Turn] = [Turn(text="No test comes to mind.")]


class Scripted:
    """Implements `Chat` by reading from a script."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._given: Counter[str] = Counter()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a script from a file. Raises `ScriptError`."""
        try:
            content = yaml.safe_load(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ScriptError(f"the script {path} can't be read: {error}.", "Give the path of a YAML file.") from error
        if not isinstance(content, dict):
            raise ScriptError(f"the script {path} holds no answers.", "Write one list a step: plan, edit, reflect.")
        try:
            return cls(Script.model_validate({"name": path.stem, **content}))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(step) for step in first["loc"])
            raise ScriptError(f"the script {path} is wrong at {where}: {first['msg']}.", "Mend that entry.") from error

    @property
    def name(self) -> str:
        """Says that it is a script."""
        return f"scripted:{self._script.name}"

    def skip(self, given: Mapping[str, int]) -> None:
        """So many answers of each step were given by an earlier process."""
        self._given.update(given)

    async def capacity(self) -> Capacity:
        """As the script says; tools are taken, so that a script can call them."""
        return Capacity(window=self._script.window, reply=self._script.window // 4, tools=True)

    async def count(self, text: str) -> int:
        """Estimated."""
        return tokens(text)

    async def answer(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None,
        tools: Sequence[ToolSpec] = (),
        temperature: float | None = None,
    ) -> AsyncGenerator[Piece, None]:
        """The next answer of the step that the prompt is for, line by line."""
        turn = self._next(step_of(messages))
        if turn.thinking:
            yield Piece(thinking=turn.thinking)
        for line in turn.text.splitlines(keepends=True):
            yield Piece(text=line)
            await asyncio.sleep(0)  # a stream lets others run between its pieces
        yield Piece(
            calls=tuple(ToolCall(call.name, call.arguments) for call in turn.calls),
            done_reason="stop",
            prompt_tokens=await prompt_tokens(self, messages, tools),
            answer_tokens=tokens(turn.text + turn.thinking),
        )

    def _next(self, step: str) -> Turn:
        turns: list[Turn] = getattr(self._script, step, []) if step else []
        if not turns:
            raise ScriptError(
                f"{self.name} has no answer for the step {step or 'without a name'!r}.", "Add a list under that name."
            )
        turn = turns[min(self._given[step], len(turns) - 1)]
        self._given[step] += 1
        return turn
