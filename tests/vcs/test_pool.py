"""Worktrees of finished attempts are used again: exactly laid out, by one attempt at a time, and not for ever."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, replace
from support.repository import fingerprint

pytestmark = pytest.mark.anyio


def kept(vcs: Desk) -> list[Path]:
    return list(vcs.store.glob("*/pool/*"))


async def used_up(vcs: Desk) -> Path:
    """A folder in which an attempt has left all sorts of things, and that is kept."""
    opened = await vcs.call("open", files=True)
    files = Path(opened["folder"])
    (files / "README.md").write_text("left\n")
    (files / "shop" / "money.py").unlink()
    (files / "shop" / "cart.py").chmod(0o600)
    (files / ".gitignore").write_text("*.log\n")
    (files / "left.log").write_text("ignored\n")
    (files / "left" / "empty").mkdir(parents=True)
    (files / "left" / ".git").write_text("gitdir: /nowhere\n")
    (files / "link").symlink_to(vcs.repository)
    await vcs.call("finish", workspace=opened["workspace"])
    return files


async def test_a_kept_worktree_is_laid_out_exactly_and_nothing_of_the_earlier_attempt_is_left(
    shop: Path, vcs: Desk
) -> None:
    (shop / "empty").mkdir()
    first = await used_up(vcs)
    [home] = kept(vcs)
    same_file = (home / "tree" / "shop" / "cart.py").stat().st_ino, (home / "index").exists()
    (shop / "new.txt").write_text("new\n")
    user = {path: facts for path, facts in fingerprint(shop).items() if path.partition("/")[0] != ".git"}

    opened = await vcs.call("open", files=True)

    files = Path(opened["folder"])
    assert (fingerprint(files), kept(vcs), first.exists()) == (user, [], False)
    assert same_file[1]
    made = await vcs.call("checkpoint", workspace=opened["workspace"])
    assert made["tree"] == opened["base"]["tree"]


async def test_what_did_not_change_is_not_written_again(shop: Path, vcs: Desk) -> None:
    workspace = await vcs.open(files=True)
    before = (vcs.worktree(workspace) / "shop" / "cart.py").stat().st_ino
    await vcs.call("finish", workspace=workspace)
    (shop / "README.md").write_text("# Store\n")
    again = await vcs.open(files=True)
    assert (vcs.worktree(again) / "shop" / "cart.py").stat().st_ino == before
    assert (vcs.worktree(again) / "README.md").read_text() == "# Store\n"


async def test_two_attempts_at_a_time_never_get_the_same_folder(vcs: Desk) -> None:
    await used_up(vcs)
    opened = await asyncio.gather(*(vcs.call("open", files=True) for _ in range(3)))
    folders = [Path(one["folder"]) for one in opened]
    assert len({os.path.realpath(folder) for folder in folders}) == 3
    (folders[0] / "README.md").write_text("mine\n")
    assert [(folder / "README.md").read_text() for folder in folders[1:]] == ["# Shop\n"] * 2
    for one in opened:
        await vcs.edit(one["workspace"], replace("shop/money.py", "2)", "3)"))
        await vcs.call("finish", workspace=one["workspace"])
    assert len(kept(vcs)) == 2


async def test_a_kept_worktree_that_somebody_damaged_is_not_used(vcs: Desk) -> None:
    await used_up(vcs)
    [home] = kept(vcs)
    (home / "index").write_bytes(b"no index")
    opened = await vcs.call("open", files=True)
    files = Path(opened["folder"])
    assert {str(path.relative_to(files)) for path in files.rglob("*") if path.is_file()} == set(SHOP)


async def test_folders_that_nobody_may_write_to_are_no_obstacle(vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    locked = Path(opened["folder"]) / "shop" / "locked"
    locked.mkdir()
    (locked / "file.txt").write_text("x")
    locked.chmod(0o500)
    locked.parent.chmod(0o500)
    await vcs.call("finish", workspace=opened["workspace"])
    again = await vcs.call("open", files=True)
    made = await vcs.call("checkpoint", workspace=again["workspace"])
    assert made["tree"] == opened["base"]["tree"]
    assert not (Path(again["folder"]) / "shop" / "locked").exists()


@pytest.mark.parametrize(("limits", "left"), [({}, 0), ({"older_than_days": 60}, 1), ({"larger_than_mb": 0}, 0)])
async def test_kept_worktrees_go_by_age_and_by_size(vcs: Desk, limits: dict[str, float], left: int) -> None:
    await used_up(vcs)
    [home] = kept(vcs)
    then = time.time() - 31 * 86_400
    os.utime(home, (then, then))
    await vcs.call("gc", **limits)
    assert len(kept(vcs)) == left
    if left:
        assert (await vcs.call("open", files=True))["folder"]


async def test_a_worktree_kept_over_a_collection_is_used(shop: Path, vcs: Desk) -> None:
    await used_up(vcs)
    (shop / "README.md").write_text("# Store\n")
    await vcs.call("gc", older_than_days=0)
    opened = await vcs.call("open", files=True)
    assert (Path(opened["folder"]) / "README.md").read_text() == "# Store\n"
