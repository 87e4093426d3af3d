"""The words said to a language model, one file a step, read like any other document."""

from importlib.resources import files
from string import Template

__all__ = ["prompt"]


def prompt(name: str, **values: str) -> str:
    """The text of `name`.md with every `$placeholder` filled in."""
    text = files(__name__).joinpath(f"{name}.md").read_text("utf-8")
    return Template(text).substitute(values).strip()
