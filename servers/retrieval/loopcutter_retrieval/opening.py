"""Puts a library together: where the received trees are, where the index is, which languages are read."""

from collections.abc import Mapping
from pathlib import Path

from loopcutter_retrieval.javascript import JavaScript
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
    script: Language = JavaScript("javascript", "tree_sitter_javascript", "language")
    typed: Language = JavaScript("javascript/ts", "tree_sitter_typescript", "language_typescript")
    markup: Language = JavaScript("javascript/tsx", "tree_sitter_typescript", "language_tsx")
    suffixes: tuple[tuple[Language, tuple[str, ...]], ...] = (
        (Text(), Text.suffixes),
        (Python(), (".py", ".pyi")),
        (script, (".js", ".jsx", ".mjs", ".cjs")),
        (typed, (".ts", ".mts", ".cts")),
        (markup, (".tsx",)),
    )
    return {suffix: language for language, read in suffixes for suffix in read}


def open_library(folder: Path, *, vectors: bool = False) -> Library:
    """The library kept in `folder`, which is made on first use."""
    similarity = VectorProcess(folder) if vectors else NoVectors()
    return Library(ObjectStore(objects(folder)), folder / "index.sqlite", languages(), similarity)
