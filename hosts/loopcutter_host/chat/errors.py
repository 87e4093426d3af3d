"""What can go wrong when talking to a model.

ChatError
├── Unavailable          no answer can be had now, for a reason outside the prompt
│   ├── Unreachable      nothing answers at the address
│   ├── ModelMissing     the server does not have this model
│   ├── Refused          the server does not take the request as it is
│   ├── ServerFailed     the server or its model runner broke
│   └── TooSlow          waited longer than allowed
├── PromptTooLong        refused before sending: it would have been cut silently
├── ContextTooSmall      the server gave the model less room than was asked for
├── AnswerCut            the stream ended before the answer did
├── Unusable             an answer that can't be read; the reason is told to the model
├── ModelFailed          no usable answer, even after repairs
└── ScriptError          a script of answers that can't be used
"""

from collections.abc import Sequence


class ChatError(Exception):
    """What every error of this package is."""


class Unavailable(ChatError):
    """No answer can be had from this model now."""


class Unreachable(Unavailable):
    """Nothing answers at the address."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            f"no Ollama server answers at {host} ({reason}). "
            "Start it with `ollama serve`, or set OLLAMA_HOST to where it runs."
        )


class ModelMissing(Unavailable):
    """The server does not have this model."""

    def __init__(self, model: str, host: str) -> None:
        super().__init__(f"the server at {host} has no model {model!r}. Get it there with `ollama pull {model}`.")


class Refused(Unavailable):
    """The server does not take the request as it is."""


class ServerFailed(Unavailable):
    """The server or its model runner broke; asking again may help."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            f"the model server at {host} failed: {reason}. "
            "See its log (`journalctl -u ollama` or the window of `ollama serve`); a smaller model or window may fit."
        )


class TooSlow(Unavailable):
    """Waited longer than allowed."""

    def __init__(self, host: str, waited_for: str, seconds: float) -> None:
        super().__init__(
            f"waited {seconds:g} s for {waited_for} from {host}. "
            "Choose a smaller model or window, or allow more time for slow hardware."
        )


class PromptTooLong(ChatError):
    """Refused before sending: the server would have cut it silently."""

    def __init__(self, tokens: int, room: int) -> None:
        super().__init__(
            f"the prompt has about {tokens} tokens and only {room} fit. Give the model a larger window (num_ctx)."
        )


class ContextTooSmall(ChatError):
    """The server gave the model less room than was asked for."""

    def __init__(self, model: str, asked: int, given: int) -> None:
        super().__init__(
            f"the server runs {model} with a window of {given} tokens, {asked} were asked for, so prompts are cut. "
            f"Set the window to at most {given}, or choose a model or machine that can hold more."
        )


class AnswerCut(ChatError):
    """The stream ended before the answer did."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            f"the answer from {host} broke off ({reason}). Ask again; if it repeats, see the server's log."
        )


class Unusable(ChatError):
    """An answer that can't be read. The message is written for the model that gave it."""


class ModelFailed(ChatError):
    """The model gave no usable answer, even after repairs."""

    def __init__(self, model: str, step: str, problems: Sequence[str], came: str) -> None:
        last = problems[-1] if problems else "no answer"
        super().__init__(
            f"{model} gave no usable answer at the step {step!r} in {len(problems)} tries (last: {last}). "
            "Try a larger model, or another edit format."
        )
        self.step = step
        self.problems = tuple(problems)
        """Why each try could not be used."""
        self.came = came
        """The text of the last answer."""


class ScriptError(ChatError):
    """A script of answers that can't be used."""
