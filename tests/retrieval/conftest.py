"""A shelf for each test, and the event loop that mcp runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.shelf import Shelf


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.library.close()
