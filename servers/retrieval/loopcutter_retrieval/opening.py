"""Puts a library together: where the received trees are, where the index is."""

from pathlib import Path

from loopcutter_retrieval.library import Library
from loopcutter_retrieval.readers import languages
from loopcutter_retrieval.vector_settings import VectorSettings
from loopcutter_retrieval.vectors import NoVectors, VectorProcess
from loopcutter_snapshots import ObjectStore


def objects(folder: Path) -> Path:
    """The repository that receives pushed trees."""
    return folder / "objects.git"


def open_library(folder: Path, *, vectors: VectorSettings | None = None) -> Library:
    """The library kept in `folder`, which is made on first use."""
    similarity = VectorProcess(folder, vectors) if vectors is not None else NoVectors()
    return Library(ObjectStore(objects(folder)), folder / "index.sqlite", languages(), similarity)
