"""What can go wrong when talking to a model, as branches of the host's own tree.

Missing                     the run can't go on: exit code 4
└── Unavailable
    ├── Unreachable         nothing answers at the address
    ├── ModelMissing        the server does not have this model
    ├── ModelTooLarge       the machine has not the memory for it
    ├── Refused             the server does not take the request as it is
    └── ContextTooSmall     the server gave the model less room than any prompt needs
BadUsage
└── ScriptError             a script of answers that can't be used
ModelFailed                 the run goes on without this answer
├── ServerFailed            the server or its model runner broke, however often it was asked
├── TooSlow                 waited longer than allowed
├── PromptTooLong           refused before sending, or by the server: never cut silently
├── NothingToRead           there is no failure to ask about
└── NoUsableAnswer          nothing that could be read, even after repairs
Flaw                        one answer; the model is asked again
├── AnswerCut               the stream ended before the answer did
└── Unusable                it can't be read; the reason is told to the model
"""

from collections.abc import Sequence
from typing import Literal

from loopcutter_host.errors import BadUsage, Missing, ModelFailed

FlawKind = Literal[
    "empty",
    "no-json",
    "wrong-json",
    "unknown-place",
    "tool",
    "no-code",
    "cut-code",
    "not-python",
    "other-code",
    "left-out",
    "broken-block",
    "edits-tests",
    "broke-off",
    "too-long",
    "too-slow",
    "server",
]
"""What can be wrong with an answer, as it is counted in the run log."""


class Unavailable(Missing):
    """This model can't be had at all."""


class Unreachable(Unavailable):
    """Nothing answers at the address."""

    def __init__(self, url: str, reason: str, remedy: str) -> None:
        super().__init__(f"no model server answers at {url} ({reason}).", remedy)


class ModelMissing(Unavailable):
    """The server does not have this model."""

    def __init__(self, model: str, url: str, remedy: str) -> None:
        super().__init__(f"the server at {url} has no model {model!r}.", remedy)


class ModelTooLarge(Unavailable):
    """The machine has not the memory for it."""

    def __init__(self, model: str, url: str, said: str) -> None:
        super().__init__(
            f"{model} does not fit into the memory of the machine at {url}: {said}.",
            "Take a smaller model or quantisation, close what else uses memory, or lower num_ctx.",
        )


class Refused(Unavailable):
    """The server does not take the request as it is."""


class ContextTooSmall(Unavailable):
    """The server gave the model less room than any prompt needs."""

    def __init__(self, model: str, asked: int, given: int) -> None:
        super().__init__(
            f"the server runs {model} with a window of {given} tokens instead of {asked}, which no prompt fits into.",
            "Take a smaller model that leaves more memory.",
        )


class ScriptError(BadUsage):
    """A script of answers that can't be used."""


class ServerFailed(ModelFailed):
    """The server or its model runner broke, however often it was asked."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"the model server at {url} failed: {reason}. See its log; a smaller model or num_ctx may fit."
        )


class TooSlow(ModelFailed):
    """Waited longer than allowed."""

    def __init__(self, url: str, waited_for: str, seconds: float) -> None:
        super().__init__(
            f"waited {seconds:g} s for {waited_for} from {url}. "
            "Take a smaller model, or raise first_token_s, gap_s and answer_s in its section of the settings."
        )


class PromptTooLong(ModelFailed):
    """It would have been cut silently, or the server said that it does not fit."""

    def __init__(self, tokens: int, room: int, *, by_server: bool = False, window: int = 0) -> None:
        super().__init__(f"the prompt has about {tokens} tokens and only {room} fit. Raise num_ctx.")
        self.tokens = tokens
        self.by_server = by_server
        """The estimate was wrong; with what was learnt from it a shorter prompt can be made."""
        self.window = window
        """The window that the server named; 0 when it named none."""


class NothingToRead(ModelFailed):
    """There is no failure to ask about."""

    def __init__(self) -> None:
        super().__init__("no test fails, so there is nothing to read out of one.")


class NoUsableAnswer(ModelFailed):
    """Nothing that could be read, even after repairs."""

    def __init__(self, model: str, step: str, problems: Sequence[str], came: str) -> None:
        super().__init__(
            f"{model} was asked {len(problems)} times at the step {step!r} and gave nothing usable "
            f"(last: {problems[-1] if problems else 'nothing came'}). Another model may do better."
        )
        self.step = step
        self.problems = tuple(problems)
        """Why each answer could not be used."""
        self.came = came
        """The text of the last answer."""


class Flaw(Exception):
    """Something is wrong with one answer; the model is asked again."""

    kind: FlawKind


class AnswerCut(Flaw):
    """The stream ended before the answer did."""

    kind: FlawKind = "broke-off"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"the answer from {url} broke off: {reason}")


class Unusable(Flaw):
    """An answer that can't be read. The message is written for the model that gave it."""

    def __init__(self, problem: str, kind: FlawKind) -> None:
        super().__init__(problem)
        self.kind = kind
