"""The folders runs take place in."""

import tempfile
from pathlib import Path

import pytest
from support.testbed import make_tree

from loopcutter_sandbox.folders import possible
from loopcutter_sandbox.workspace import Change, Work, Workspaces
from loopcutter_snapshots import ObjectStore, UnknownTree


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "store")


@pytest.mark.anyio
async def test_a_lease_holds_the_tree_with_the_change_and_ends_clean(store: ObjectStore, tmp_path: Path) -> None:
    workspaces = Workspaces(store, tmp_path)
    tree = make_tree(store, {"a/b.py": "old", "c.txt": b"\r\n\xff"})
    async with workspaces.lease(Work(tree, Change("a/b.py", b"new"))) as folder:
        found = {str(path.relative_to(folder.workspace)): path.read_bytes() for path in folder.workspace.rglob("*.*")}
    assert found == {"a/b.py": b"new", "c.txt": b"\r\n\xff"}
    assert not folder.base.exists()
    workspaces.close()
    assert not workspaces.folder.exists()


@pytest.mark.anyio
async def test_a_lease_of_an_unknown_tree_leaves_nothing(store: ObjectStore, tmp_path: Path) -> None:
    workspaces = Workspaces(store, tmp_path)
    with pytest.raises(UnknownTree):
        async with workspaces.lease(Work("0" * 40)):
            raise AssertionError
    assert [path.name for path in workspaces.folder.iterdir()] == ["lock"]
    workspaces.close()


def test_what_a_living_server_uses_is_not_swept(store: ObjectStore, tmp_path: Path) -> None:
    first, second = Workspaces(store, tmp_path), Workspaces(store, tmp_path)
    assert (first.folder.exists(), second.folder.exists()) == (True, True)
    first.close()
    second.close()


def test_what_a_dead_server_left_is_swept_and_strangers_are_not(store: ObjectStore, tmp_path: Path) -> None:
    left, stranger, link = (tmp_path / f"loopcutter-sandbox-{name}" for name in ("dead", "young", "link"))
    for folder in (left, stranger):
        (folder / "run-1").mkdir(parents=True)
    (left / "lock").touch()
    link.symlink_to(stranger)
    Workspaces(store, tmp_path).close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "loopcutter-sandbox-link",
        "loopcutter-sandbox-young",
        "store",
    ]


def test_what_is_left_is_swept_wherever_a_server_would_have_put_it(store: ObjectStore) -> None:
    left = [Path(tempfile.mkdtemp(prefix="loopcutter-sandbox-", dir=place)) for place in possible()]
    for folder in left:
        (folder / "lock").touch()
    Workspaces(store).close()
    assert [folder for folder in left if folder.exists()] == []
