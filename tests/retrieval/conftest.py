"""A shelf for each test, and the event loop that mcp runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.index import Index
from loopcutter_retrieval.resolver import Resolver


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.library.close()


@pytest.fixture
def index(shelf: Shelf) -> Iterator[Index]:
    """The index of the shelf, opened beside the library."""
    index = Index(shelf.folder / "index.sqlite")
    yield index
    index.close()


@pytest.fixture
def resolver(shelf: Shelf, index: Index) -> Resolver:
    """Knows the names of the shop."""
    return Resolver(shelf.library.corpus(shelf.tree(SHOP)), index)
