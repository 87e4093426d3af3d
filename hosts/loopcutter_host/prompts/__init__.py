"""The words said to a language model: one file a step, read like any other document.

A file begins with its version, which the run log keeps: `version: 2`. A folder named after a family of models holds
what is said to those in other words: `qwen2.5-coder/lookups.md` is used for every model with `qwen2.5-coder` in its
name, in place of `lookups.md`. No code knows a model's name.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

__all__ = ["Prompt", "Prompts"]


@dataclass(frozen=True)
class Prompt:
    """Words with every placeholder filled in."""

    name: str
    """The file they come from: `plan`, or `qwen2.5-coder/plan`."""
    version: str
    text: str


@dataclass(frozen=True)
class Prompts:
    """The words for one model."""

    model: str = ""

    def get(self, name: str, **values: str) -> Prompt:
        """The text of a prompt with every `$placeholder` filled in."""
        found = f"{self._family(name)}{name}"
        version, text = _read(found)
        return Prompt(found, version, Template(text).substitute(values).strip())

    def _family(self, name: str) -> str:
        """The folder for this model that has such a prompt; of several the one with the longest name."""
        fitting = [
            folder.name
            for folder in files(__name__).iterdir()
            if folder.is_dir() and folder.name.lower() in self.model.lower() and _has(folder, name)
        ]
        return f"{max(fitting, key=len)}/" if fitting else ""


def _has(folder: Traversable, name: str) -> bool:
    return folder.joinpath(f"{name}.md").is_file()


@cache
def _read(name: str) -> tuple[str, str]:
    """A file's version and its text."""
    head, _, text = files(__name__).joinpath(f"{name}.md").read_text("utf-8").partition("\n")
    if not head.startswith("version: "):
        raise ValueError(f"the prompt {name}.md does not begin with its version")
    return head.removeprefix("version: ").strip(), text
