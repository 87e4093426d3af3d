"""Which model `--model` names. Nothing else in the host knows the concrete ones."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from loopcutter_host.config import Config
from loopcutter_host.errors import BadUsage
from loopcutter_host.model import Model

if TYPE_CHECKING:
    from loopcutter_host.dialogue import Exchange

KINDS = "builtin, ollama:NAME or scripted:FILE"

Listener = Callable[["Exchange"], None]


@asynccontextmanager
async def models(config: Config, listen: Listener) -> AsyncIterator[tuple[Model, Model | None]]:
    """The model of a run, and the one that is asked when it has nothing left; `listen` hears what is said to it."""
    from loopcutter_host.repair import Builtin

    builtin = Builtin(seconds=config.limits.repair_s)
    kind, _, name = config.model.partition(":")
    match kind, bool(name):
        case "builtin", False:
            yield builtin, None
        case "ollama", True:
            async with _ollama(name, config, listen) as dialogue:
                yield dialogue, builtin
        case "scripted", True:
            yield _scripted(Path(name), listen), builtin
        case _:
            raise BadUsage(f"there is no model {config.model!r}.", f"Use {KINDS}.")


@asynccontextmanager
async def _ollama(name: str, config: Config, listen: Listener) -> AsyncIterator[Model]:
    from loopcutter_host.chat.ollama import Ollama, OllamaSettings
    from loopcutter_host.dialogue import Dialogue

    async with Ollama(name, OllamaSettings(**config.ollama.model_dump())) as chat:
        yield Dialogue(chat, listen=listen)


def _scripted(path: Path, listen: Listener) -> Model:
    from loopcutter_host.chat.scripted import Scripted
    from loopcutter_host.dialogue import Dialogue

    return Dialogue(Scripted.load(path), listen=listen)
