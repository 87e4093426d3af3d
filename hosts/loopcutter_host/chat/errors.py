"""What can go wrong when talking to a model, as branches of the host's own tree.

Missing                     the run can't go on: exit code 4
└── Unavailable
    ├── Unreachable         nothing answers at the address
    ├── ModelMissing        the server does not have this model
    ├── Refused             the server does not take the request as it is
    └── ContextTooSmall     the server gave the model less room than was asked for
BadUsage
└── ScriptError             a script of answers that can't be used
ModelFailed                 the run goes on without this answer
├── ServerFailed            the server or its model runner broke, however often it was asked
├── TooSlow                 waited longer than allowed
├── PromptTooLong           refused before sending: it would have been cut silently
└── NoUsableAnswer          nothing that could be read, even after repairs
Flaw                        one answer; the model is asked again
├── AnswerCut               the stream ended before the answer did
└── Unusable                it can't be read; the reason is told to the model
"""

from collections.abc import Sequence

from loopcutter_host.errors import BadUsage, Missing, ModelFailed


class Unavailable(Missing):
    """This model can't be had at all."""


class Unreachable(Unavailable):
    """Nothing answers at the address."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"no Ollama server answers at {url} ({reason}).",
            "Start it with 'ollama serve', or set OLLAMA_HOST to where it runs.",
        )


class ModelMissing(Unavailable):
    """The server does not have this model."""

    def __init__(self, model: str, url: str) -> None:
        super().__init__(f"the server at {url} has no model {model!r}.", f"Get it there with 'ollama pull {model}'.")


class Refused(Unavailable):
    """The server does not take the request as it is."""


class ContextTooSmall(Unavailable):
    """The server gave the model less room than was asked for."""

    def __init__(self, model: str, asked: int, given: int) -> None:
        super().__init__(
            f"the server runs {model} with a window of {given} tokens instead of {asked}, so it would cut prompts.",
            f"Set ollama.num_ctx to {given}, or take a smaller model that leaves more memory.",
        )


class ScriptError(BadUsage):
    """A script of answers that can't be used."""


class ServerFailed(ModelFailed):
    """The server or its model runner broke, however often it was asked."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"the model server at {url} failed: {reason}. See its log; a smaller model or ollama.num_ctx may fit."
        )


class TooSlow(ModelFailed):
    """Waited longer than allowed."""

    def __init__(self, url: str, waited_for: str, seconds: float) -> None:
        super().__init__(
            f"waited {seconds:g} s for {waited_for} from {url}. "
            "Take a smaller model, or raise first_token_s, gap_s and answer_s under 'ollama'."
        )


class PromptTooLong(ModelFailed):
    """Refused before sending: the server would have cut it silently."""

    def __init__(self, tokens: int, room: int) -> None:
        super().__init__(f"the prompt has about {tokens} tokens and only {room} fit. Raise ollama.num_ctx.")


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


class AnswerCut(Flaw):
    """The stream ended before the answer did."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"the answer from {url} broke off: {reason}")


class Unusable(Flaw):
    """An answer that can't be read. The message is written for the model that gave it."""
