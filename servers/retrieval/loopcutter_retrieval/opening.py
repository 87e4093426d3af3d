"""Puts a library together: where the received trees are, where the index is, which languages are read."""

from pathlib import Path

from loopcutter_retrieval.language import Language
from loopcutter_retrieval.library import Library
from loopcutter_retrieval.python import Python
from loopcutter_retrieval.text import Text
from loopcutter_snapshots import ObjectStore


def objects(folder: Path) -> Path:
    """The repository that receives pushed trees."""
    return folder / "objects.git"


def open_library(folder: Path) -> Library:
    """The library kept in `folder`, which is made on first use."""
    python: Language = Python()
    text: Language = Text()
    languages = dict.fromkeys(Text.suffixes, text) | {".py": python, ".pyi": python}
    return Library(ObjectStore(objects(folder)), folder / "index.sqlite", languages)
