"""The runner's messages, checked before a word of them is believed.

The runner shares its process with the code under test, which could write to the channel. A message counts only when it
carries the nonce, is the next in number and has exactly the expected shape; the first that does not ends the run.
"""

import contextlib
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

_LONGEST = 8 << 20
_ALL = 512 << 20

Text = Annotated[str, Field(max_length=20_000)]
Name = Annotated[str, Field(max_length=5_000)]
Seconds = Annotated[float, Field(ge=0, le=1e6)]
Line = Annotated[int, Field(ge=0, le=100_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FrameIn(_Strict):
    """One level of a stack."""

    path: Name
    line: Line
    function: Name
    code: Text
    locals: Annotated[dict[Name, Text], Field(max_length=50)] | None = None


class FailureIn(_Strict):
    """Why a test failed."""

    test: Name
    file: Name
    line: Line
    exception: Name
    message: Text
    frames: Annotated[list[FrameIn], Field(max_length=100)]


class _Envelope(_Strict):
    nonce: str
    sequence: int


class Collected(_Envelope):
    """Tests that will run."""

    kind: Literal["collected"]
    tests: Annotated[list[Name], Field(max_length=1000)]


class Started(_Envelope):
    """A test begins."""

    kind: Literal["start"]
    test: Name


class Bad(_Envelope):
    """A test has gone wrong, told the moment it did: what is remembered of it inside could be changed until its end."""

    kind: Literal["bad"]
    test: Name
    outcome: Literal["failed", "error"]


class Result(_Envelope):
    """A test is over."""

    kind: Literal["result"]
    test: Name
    outcome: Literal["passed", "failed", "error", "skipped"]
    failures: Annotated[list[FailureIn], Field(max_length=10)]


class Stuck(_Envelope):
    """Where the running test is when its time is nearly over."""

    kind: Literal["stuck"]
    failure: FailureIn


class Problem(_Envelope):
    """Something went wrong outside of any test."""

    kind: Literal["problem"]
    test: Name
    failure: FailureIn


class ExecutedLines(_Envelope):
    """The lines of the workspace that a test executed."""

    kind: Literal["lines"]
    test: Name
    lines: dict[Name, list[Line]]


class Note(_Envelope):
    """Something people should know."""

    kind: Literal["note"]
    text: Text


class Baseline(_Envelope):
    """What the unmodified tests came to in a trial."""

    kind: Literal["baseline"]
    status: Name
    detail: Text


class Trying(_Envelope):
    """A candidate is being tried."""

    kind: Literal["trying"]
    key: int


class Later(_Envelope):
    """A candidate is no longer being tried, and will be again."""

    kind: Literal["later"]
    key: int


class Weighed(_Envelope):
    """What candidates weigh, as another one tells; those that wait come in this order, and not if it is nothing."""

    kind: Literal["weighed"]
    keys: list[int]
    weights: list[Annotated[float, Field(ge=0, allow_inf_nan=False)]]


class Tried(_Envelope):
    """What became of a candidate; `cold`: only a run from disk can tell."""

    kind: Literal["tried"]
    key: int
    status: Literal["passed", "failed", "error", "timeout", "invalid", "cold"]
    detail: Text
    how: Literal["warm", "anew", "cold"]
    cpu_s: Seconds


class Confirming(_Envelope):
    """A candidate that has passed: the tests are now run with it from the cold, and what follows speaks of that."""

    kind: Literal["confirming"]
    key: int


class End(_Envelope):
    """The runner has said everything."""

    kind: Literal["end"]
    exit_code: int
    results: Annotated[int, Field(ge=0)]


Message = (
    Collected
    | Started
    | Bad
    | Result
    | Stuck
    | Problem
    | ExecutedLines
    | Note
    | Baseline
    | Trying
    | Later
    | Weighed
    | Tried
    | Confirming
    | End
)

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="kind")])


class Messages:
    """Cuts the stream of bytes into messages and passes the valid ones on."""

    def __init__(self, nonce: str, hear: Callable[[Message], None] | None) -> None:
        self._nonce = nonce
        self._hear = hear
        self._expected = 0
        self._pending = b""
        self._bytes = 0
        self._over = False

    def take(self, data: bytes) -> bool:
        """Whether the runner may go on talking; after an invalid message it may not, and nothing more is heard."""
        self._bytes += len(data)
        *lines, self._pending = (self._pending + data).split(b"\n")
        if self._bytes > _ALL or len(self._pending) > _LONGEST:
            self._over = True
        for line in lines:
            if not self._over:
                self._one(line)
        return not self._over

    def _one(self, line: bytes) -> None:
        message = None
        if len(line) <= _LONGEST:
            with contextlib.suppress(ValidationError):
                message = _MESSAGE.validate_json(line)
        if message is None or message.nonce != self._nonce or message.sequence != self._expected:
            self._over = True
            return
        self._expected += 1
        if self._hear is not None:
            self._hear(message)
