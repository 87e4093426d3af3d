"""Puts a library together: where the received trees are, where the index is, which languages are read."""

from collections.abc import Mapping
from pathlib import Path

from loopcutter_retrieval.language import Language
from loopcutter_retrieval.library import Library
from loopcutter_retrieval.python import Python
from loopcutter_retrieval.text import Text
from loopcutter_retrieval.vectors import NoVectors, VectorProcess
from loopcutter_snapshots import ObjectStore


def objects(folder: Path) -> Path:
    """The repository that receives pushed trees."""
    return folder / "objects.git"


def languages() -> Mapping[str, Language]:
    """By the suffix of the files they read."""
    python: Language = Python()
    text: Language = Text()
    return dict.fromkeys(Text.suffixes, text) | {".py": python, ".pyi": python}


def open_library(folder: Path, *, vectors: bool = False) -> Library:
    """The library kept in `folder`, which is made on first use."""
    similarity = VectorProcess(folder) if vectors else NoVectors()
    return Library(ObjectStore(objects(folder)), folder / "index.sqlite", languages(), similarity)
