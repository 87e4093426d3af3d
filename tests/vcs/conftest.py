"""A small shop as a git repository, and a server for it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, desk
from support.repository import make_repository, run_git


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def _shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("original") / "shop", SHOP)


@pytest.fixture
def shop(_shop: Path, tmp_path: Path) -> Path:
    """The user's repository: one commit on main."""
    copied = shutil.copytree(_shop, tmp_path / "shop", symlinks=True)
    # As git has just written it: otherwise its next status would read every file again.
    run_git(copied, "update-index", "--refresh")
    return copied


@pytest.fixture
async def vcs(shop: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """A server for the shop."""
    async with desk(shop, tmp_path / "store") as connected:
        yield connected
