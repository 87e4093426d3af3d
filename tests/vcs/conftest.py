"""A small shop as a git repository, and a server for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, desk
from support.repository import make_repository


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The user's repository: one commit on main."""
    return make_repository(tmp_path / "shop", SHOP)


@pytest.fixture
async def vcs(shop: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """A server for the shop."""
    async with desk(shop, tmp_path / "store") as connected:
        yield connected
