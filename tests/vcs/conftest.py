"""A small shop as a git repository, and a server for it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, desk
from support.repository import make_repository, run_git
from support.serving import TOKEN, Running, launch

from loopcutter_snapshots import ObjectStore


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


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> ObjectStore:
    """What a server that trees are published to has received."""
    return ObjectStore(tmp_path_factory.mktemp("received") / "objects.git")


@pytest.fixture(scope="module")
def receiver(received: ObjectStore) -> Iterator[Running]:
    """That server, over real HTTP."""
    running = launch("--store", str(received.path), LOOPCUTTER_SERVED_TOKEN=TOKEN)
    yield running
    with running.process as process:
        process.kill()
