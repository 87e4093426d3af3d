"""Which model `--model` names. Nothing else in the host knows the concrete ones."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopcutter_host.config import Config, ModelServer
from loopcutter_host.errors import BadUsage
from loopcutter_host.model import Model

if TYPE_CHECKING:
    from loopcutter_host.chat import Chat
    from loopcutter_host.dialogue import Exchange

PREPASS_S = 60.0
"""Wall time that template repair may take at most before a language model is asked."""

KINDS = "builtin, ollama:NAME, openai:NAME or scripted:FILE"

Listener = Callable[["Exchange"], None]
Hearer = Callable[[str], None]

_WAITS = ("connect_s", "first_token_s", "gap_s", "answer_s", "retries")


@dataclass(frozen=True)
class Lineup:
    """The models of a run."""

    first: Model
    """Whose turn it is at the beginning."""
    fallback: Model | None = None
    """Who is asked when nothing else is left: template repair."""
    second: Model | None = None
    """Another language model, for when the first can't be moved to another approach."""
    prepass: Model | None = None
    """Who may make one attempt before the first is asked: template repair."""


def _deaf(text: str) -> None:
    """Hears nothing of an answer while it comes."""


def _bare(chat: "Chat") -> "Chat":
    return chat


@asynccontextmanager
async def models(
    config: Config, listen: Listener, hear: Hearer = _deaf, wrap: Callable[["Chat"], "Chat"] = _bare
) -> AsyncIterator[Lineup]:
    """The models of a run, to be closed when it is over.

    `listen` is told every question and its answer, `hear` every part of an answer as it comes; `wrap` may put
    something in front of a language model, a meter for instance.
    """
    from loopcutter_host.repair import Builtin

    builtin = Builtin(seconds=config.limits.repair_s)
    if config.model == "builtin":
        yield Lineup(builtin)
        return
    from loopcutter_host.dialogue import Dialogue

    async with AsyncExitStack() as opened:
        speaking = []
        for name in filter(None, (config.model, config.second_model)):
            chat, server = await _chat(name, config, opened)
            if server:
                await chat.capacity()  # a model that can't be had is told of before anything is done
            form = server.edit_format if server else "auto"
            speaking.append(Dialogue(wrap(chat), None if form == "auto" else form, listen=listen, hear=hear))
        # A script is played as it was written: nobody gets in before it.
        early = config.repair_prepass and not config.model.startswith("scripted:")
        prepass = Builtin(seconds=min(PREPASS_S, config.limits.repair_s)) if early else None
        yield Lineup(speaking[0], builtin if config.repair else None, next(iter(speaking[1:]), None), prepass)


async def _chat(model: str, config: Config, opened: AsyncExitStack) -> "tuple[Chat, ModelServer | None]":
    """The language model of that name, to be closed with `opened`, and the settings of its server."""
    kind, _, name = model.partition(":")
    match kind, bool(name):
        case "ollama", True:
            from loopcutter_host.chat.ollama import Ollama, OllamaSettings

            ollama = aclosing(Ollama(name, OllamaSettings(**_settings(config.ollama))))
            return await opened.enter_async_context(ollama), config.ollama
        case "openai", True:
            from loopcutter_host.chat.openai import OpenAI, OpenAISettings

            openai = aclosing(OpenAI(name, OpenAISettings(**_settings(config.openai))))
            return await opened.enter_async_context(openai), config.openai
        case "scripted", True:
            from loopcutter_host.chat.scripted import Scripted

            return Scripted.load(Path(name)), None
    raise BadUsage(f"there is no model {model!r}.", f"Use {KINDS}.")


def _settings(server: ModelServer) -> dict[str, Any]:
    from loopcutter_host.chat.wire import Waits

    values = server.model_dump(exclude={"edit_format"})
    waits = Waits(**{name: values.pop(name) for name in _WAITS})
    return {**values, "waits": waits}
