"""Which model `--model` names. Nothing else in the host knows the concrete ones."""

from pathlib import Path

from loopcutter_host.config import Config
from loopcutter_host.errors import BadUsage
from loopcutter_host.model import Model

KINDS = "builtin, ollama:NAME or scripted:FILE"


def choose(config: Config) -> tuple[Model, Model | None]:
    """The model of a run, and the one that is asked when it has nothing left."""
    from loopcutter_host.repair import Builtin

    builtin = Builtin(seconds=config.limits.repair_s)
    kind, _, name = config.model.partition(":")
    match kind, bool(name):
        case "builtin", False:
            return builtin, None
        case "ollama", True:
            return _ollama(name, config), builtin
        case "scripted", True:
            return _scripted(name), builtin
    raise BadUsage(f"there is no model {config.model!r}.", f"Use {KINDS}.")


def _ollama(name: str, config: Config) -> Model:
    from loopcutter_host.chat import Ollama
    from loopcutter_host.dialogue import Dialogue

    return Dialogue(Ollama(name, config.ollama))


def _scripted(file: str) -> Model:
    from loopcutter_host.chat import Scripted
    from loopcutter_host.dialogue import Dialogue

    path = Path(file)
    if not path.is_file():
        raise BadUsage(f"there is no script {file}.", "A script is a YAML file of answers, see docs/architecture.md.")
    return Dialogue(Scripted.load(path))
