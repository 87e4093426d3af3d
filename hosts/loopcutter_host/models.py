"""Which model `--model` names. Nothing else in the host knows the concrete ones."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopcutter_host.config import Config, ModelServer
from loopcutter_host.errors import BadUsage
from loopcutter_host.model import Model

if TYPE_CHECKING:
    from loopcutter_host.chat import Chat
    from loopcutter_host.dialogue import Exchange

KINDS = "builtin, ollama:NAME, openai:NAME or scripted:FILE"

Listener = Callable[["Exchange"], None]
Hearer = Callable[[str], None]

_WAITS = ("connect_s", "first_token_s", "gap_s", "answer_s", "retries")


def _deaf(text: str) -> None:
    """Hears nothing of an answer while it comes."""


@asynccontextmanager
async def models(config: Config, listen: Listener, hear: Hearer = _deaf) -> AsyncIterator[tuple[Model, Model | None]]:
    """The model of a run, and the one that is asked when it has nothing left.

    `listen` is told every question and its answer, `hear` every part of an answer as it comes.
    """
    from loopcutter_host.repair import Builtin

    builtin = Builtin(seconds=config.limits.repair_s)
    if config.model == "builtin":
        yield builtin, None
        return
    last_resort = builtin if config.repair else None
    from loopcutter_host.dialogue import Dialogue

    async with AsyncExitStack() as opened:
        chat, server = await _chat(config, opened)
        form = server.edit_format if server else "auto"
        yield Dialogue(chat, None if form == "auto" else form, listen=listen, hear=hear), last_resort


async def _chat(config: Config, opened: AsyncExitStack) -> "tuple[Chat, ModelServer | None]":
    """The language model, to be closed with `opened`, and the settings of its server."""
    kind, _, name = config.model.partition(":")
    match kind, bool(name):
        case "ollama", True:
            from loopcutter_host.chat.ollama import Ollama, OllamaSettings

            ollama = Ollama(name, OllamaSettings(**_settings(config.ollama)))
            return await opened.enter_async_context(ollama), config.ollama
        case "openai", True:
            from loopcutter_host.chat.openai import OpenAI, OpenAISettings

            openai = OpenAI(name, OpenAISettings(**_settings(config.openai)))
            return await opened.enter_async_context(openai), config.openai
        case "scripted", True:
            from loopcutter_host.chat.scripted import Scripted

            return Scripted.load(Path(name)), None
    raise BadUsage(f"there is no model {config.model!r}.", f"Use {KINDS}.")


def _settings(server: ModelServer) -> dict[str, Any]:
    from loopcutter_host.chat.wire import Waits

    values = server.model_dump(exclude={"edit_format"})
    waits = Waits(**{name: values.pop(name) for name in _WAITS})
    return {**values, "waits": waits}
