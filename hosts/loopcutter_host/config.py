"""The settings of a run: what they are, and where each value came from.

Order: command line > environment (`LOOPCUTTER_LIMITS_ATTEMPTS`) > `loopcutter.yaml` in the repository, else in the
user's configuration folder > default. An unknown key is an error that names the nearest known one.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loopcutter_host.errors import BadConfiguration

FILE_NAME = "loopcutter.yaml"


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(Section):
    attempts: int = Field(default=12, ge=1, le=1000)
    """Edits tried before the run gives up."""
    samples: int = Field(default=3, ge=1, le=8)
    """Edits drawn at once when a rollback forced a fresh start; the tests choose among them."""
    minutes: float = Field(default=30, gt=0)
    """Time of the whole run, without the time it is held or waits for a person."""
    tokens: int | None = Field(default=None, ge=1)
    """Tokens of all prompts and answers together; unset: no limit."""
    test_runs: int | None = Field(default=None, ge=1)
    """Test runs, a batch of candidates of template repair counted as one; unset: no limit."""
    test_timeout_s: float = Field(default=120, gt=0)
    """Wall time of one test run."""
    repair_s: float = Field(default=120, gt=0)
    """Wall time that template repair may spend on one attempt."""


class Sandbox(Section):
    python: str = ""
    """Interpreter that runs the tests; empty: the repository's `.venv`, else our own."""
    image: str = ""
    """Image on this machine whose containers run the tests, e.g. `python:3.12`; empty: no containers are used."""
    minimum: Literal["container", "namespace", "landlock", "none"] = "landlock"
    """The weakest isolation accepted."""
    unsafe_local: bool = False
    """Run without isolation where none works. Never do this with a repository you don't trust."""


class ModelServer(Section):
    """What holds for every server of language models."""

    num_ctx: int = Field(default=16_384, ge=2_048)
    """Context in tokens, prompt and answer together; one value for the whole run."""
    temperature: float = Field(default=0.2, ge=0, le=2)
    edit_format: Literal["auto", "function", "file", "blocks"] = "auto"
    """How code is asked for: a whole function, a whole short file, search/replace blocks; auto: by the model's size."""
    ca: str = ""
    """File with the certificate that signed the server's; empty: the system's own."""
    connect_s: float = Field(default=5, gt=0)
    first_token_s: float = Field(default=300, gt=0)
    gap_s: float = Field(default=60, gt=0)
    answer_s: float = Field(default=900, gt=0)
    retries: int = Field(default=2, ge=0, le=20)


class Ollama(ModelServer):
    url: str = ""
    """Empty: `$OLLAMA_HOST`, else http://127.0.0.1:11434."""
    num_predict: int = Field(default=4_096, ge=256)
    """Tokens an answer may have."""
    keep_alive: str = "30m"
    """How long the model stays loaded after an answer."""
    think: bool | Literal["low", "medium", "high", "max"] | None = None
    """Whether a model that can think does so first; unset: as it does by itself."""


class OpenAI(ModelServer):
    url: str = ""
    """Where the server is, `/v1` included; empty: http://127.0.0.1:8080/v1. Key: `$LOOPCUTTER_OPENAI_API_KEY`."""
    max_tokens: int = Field(default=4_096, ge=256)
    """Tokens an answer may have."""
    tools: bool = False
    """Offer tools while planning; only for servers that were started for it."""


class Guard(Section):
    enabled: bool = True
    kind: Literal["full", "exact"] = "full"
    """`exact` stops a run at the third identical call in a row, and sees nothing else: for comparison."""
    ladder: tuple[str, ...] = (
        "fresh-context",
        "next-place",
        "reproduce-first",
        "other-granularity",
        "template-repair",
    )
    """Approaches forced after a rollback, one after the other, as far as the models of a run can take them."""
    policy: dict[str, Any] = Field(default_factory=dict)
    """Thresholds for loopguard, as in its `policy.yaml`."""


class Config(Section):
    model: str = "builtin"
    """`builtin`, `ollama:NAME`, `openai:NAME` or `scripted:FILE`."""
    second_model: str = ""
    """Another language model, asked when the first can't be moved to another approach; empty: none."""
    keep_test: bool = False
    """Whether a test that was written to show the bug is part of the patch."""
    allow_test_edits: bool = False
    """Whether a fix may change tests. Their verdict is worth less then, and the report says so."""
    test: str = ""
    """Command that shows the bug; empty: the whole pytest suite."""
    repair: bool = True
    """Whether template repair is asked when a model has nothing left, or when the guard forces it."""
    repair_prepass: bool = True
    """Whether template repair has a minute to itself before a language model is asked (never before a script)."""
    manifest: str = ""
    """File that says on which machines the servers are; empty: started here for the run."""
    limits: Limits = Limits()
    sandbox: Sandbox = Sandbox()
    ollama: Ollama = Ollama()
    openai: OpenAI = OpenAI()
    guard: Guard = Guard()


@dataclass(frozen=True)
class Loaded:
    """The settings and, for each dotted key, where its value came from."""

    config: Config
    origins: Mapping[str, str]

    def rows(self) -> Iterator[tuple[str, Any, str]]:
        """(dotted key, value, origin) of every setting."""
        for key, value in _flat(self.config.model_dump()):
            yield key, value, self.origins.get(key, "default")


def load(
    command_line: Mapping[str, Any],
    *,
    repository: Path | None,
    user_folder: Path,
    environment: Mapping[str, str] = os.environ,
) -> Loaded:
    """Put the settings together. `command_line` maps dotted keys to values; None means not given."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    known = dict(_flat(Config().model_dump()))
    for key, value, origin in [
        *_from_file(_file(repository, user_folder)),
        *_from_environment(known, environment),
        *((key, value, "command line") for key, value in command_line.items() if value is not None),
    ]:
        if key not in known and not key.startswith("guard.policy."):
            nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
            hint = f"Did you mean {nearest[0]!r}?" if nearest else "See 'loopcutter-host config' for the known ones."
            raise BadConfiguration(f"unknown setting {key!r} in {origin}.", hint)
        values[key], origins[key] = value, origin
    try:
        return Loaded(Config.model_validate(_nested(values)), origins)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadConfiguration(
            f"{key} can't be {first.get('input')!r} (from {origins.get(key, 'settings')}): {first['msg']}.",
            "Correct it or leave it out.",
        ) from error


def _file(repository: Path | None, user_folder: Path) -> Path | None:
    folders = [folder for folder in (repository, user_folder) if folder is not None]
    return next((path for folder in folders if (path := folder / FILE_NAME).is_file()), None)


def _from_file(path: Path | None) -> Iterator[tuple[str, Any, str]]:
    if path is None:
        return
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadConfiguration(f"{path} can't be read: {str(error).splitlines()[0]}.", "It must be YAML.") from error
    if content is None:
        return
    if not isinstance(content, dict):
        raise BadConfiguration(f"{path} holds no settings.", "Write 'key: value' lines.")
    for key, value in _flat(content):
        yield key, value, str(path)


def _from_environment(known: Mapping[str, Any], environment: Mapping[str, str]) -> Iterator[tuple[str, Any, str]]:
    for key in known:
        name = "LOOPCUTTER_" + key.upper().replace(".", "_")
        if name in environment:
            value = environment[name]
            yield key, tuple(value.split(",")) if key == "guard.ladder" else value, f"${name}"


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        dotted = f"{prefix}{key}"
        if isinstance(value, Mapping) and (value or dotted != "guard.policy"):
            yield from _flat(value, f"{dotted}.")
        else:
            yield dotted, value


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *parents, last = key.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = value
    return tree
