"""What is thrown away, what never is, and that a store grows with what changed."""

import os
import sqlite3
import time
from pathlib import Path

import pytest
from support.desk import Desk, replace
from support.repository import fingerprint, run_git

from loopcutter_vcs.housekeeping import size
from loopcutter_vcs.kinds import Whole
from loopcutter_vcs.workshop import Workshop

pytestmark = pytest.mark.anyio


def age(vcs: Desk, workspace: str, days: float) -> None:
    """Make a workspace look unused for so long."""
    then = time.time() - days * 86_400
    lock = vcs.objects.path.with_name("locks") / workspace
    lock.parent.mkdir(exist_ok=True)
    lock.touch()
    os.utime(lock, (then, then))
    with sqlite3.connect(vcs.store / "ledger.sqlite") as book:
        book.execute("UPDATE checkpoints SET created = ? WHERE workspace = ?", (then, workspace))
    book.close()


def branches(vcs: Desk) -> set[str]:
    return {path.name for path in (vcs.objects.path / "refs" / "heads" / "attempt").iterdir()}


async def test_old_attempts_go_with_their_branches_and_objects_and_others_stay(shop: Path, vcs: Desk) -> None:
    old, young = await vcs.open(), await vcs.open()
    gone = await vcs.edit(old, {"kind": "create", "path": "old.txt", "content": "old\n"})
    kept = await vcs.edit(young, {"kind": "create", "path": "young.txt", "content": "young\n"})
    age(vcs, old, days=31)
    before = fingerprint(shop)

    done = await vcs.call("gc")

    assert (done["workspaces"], branches(vcs)) == ([old], {young})
    assert "there is no workspace" in await vcs.refused("history", workspace=old)
    assert vcs.content(kept["checkpoint"]["tree"], "young.txt") == b"young\n"
    with pytest.raises(Exception, match="was never received"):
        vcs.objects.files(gone["checkpoint"]["tree"])
    assert fingerprint(shop) == before


async def test_after_a_collection_everything_still_works(shop: Path, vcs: Desk) -> None:
    opened = await vcs.call("open")
    workspace = opened["workspace"]
    edited = await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    left = await vcs.call("rollback", workspace=workspace, checkpoint="base")
    await vcs.call("gc", older_than_days=0, larger_than_mb=0)
    (shop / "new.txt").write_text("new\n")
    assert vcs.content((await vcs.call("open"))["base"]["tree"], "new.txt") == b"new\n"
    for checkpoint in (edited["checkpoint"], left["undo"], opened["base"]):
        await vcs.call("rollback", workspace=workspace, checkpoint=checkpoint["id"])
    await vcs.call("apply", workspace=workspace, checkpoint=edited["checkpoint"]["id"])
    assert (shop / "README.md").read_text() == "# Store\n"
    assert run_git(vcs.objects.path, "fsck", "--no-dangling") == ""


async def test_by_size_the_oldest_go_and_those_used_within_the_hour_stay(vcs: Desk) -> None:
    made = [await vcs.open() for _ in range(4)]
    for number, workspace in enumerate(made):
        content = os.urandom(300_000).hex()
        await vcs.edit(workspace, {"kind": "create", "path": "big.txt", "content": content})
        if number < 3:
            age(vcs, workspace, days=3 - number)
    done = await vcs.call("gc", larger_than_mb=0.6)
    assert (done["workspaces"], done["bytes_after"] < done["bytes_before"]) == (made[:3], True)
    assert (await vcs.call("gc", larger_than_mb=0))["workspaces"] == []


async def test_what_killed_runs_left_is_removed(vcs: Desk) -> None:
    await vcs.open()
    [store] = vcs.store.glob("*/git")
    (store.parent / "scratch-left").mkdir()
    for name in ("packed-refs.lock", "refs/heads/attempt/w0.lock", "objects/pack/tmp_pack_1"):
        (store / name).write_text("")
    await vcs.call("gc")
    assert [path.name for path in store.parent.rglob("*") if path.suffix == ".lock" or "scratch" in path.name] == []
    assert list((store / "objects" / "pack").glob("tmp_*")) == []


async def test_once_a_day_finishing_collects(vcs: Desk) -> None:
    old, first, second = [await vcs.open() for _ in range(3)]
    age(vcs, old, days=31)
    await vcs.call("finish", workspace=first)
    [stamp] = vcs.store.glob("*/collected")
    assert old in branches(vcs)
    yesterday = time.time() - 90_000
    os.utime(stamp, (yesterday, yesterday))
    await vcs.call("finish", workspace=second)
    assert old not in branches(vcs)


async def test_status_lists_what_is_kept(vcs: Desk) -> None:
    workspace = await vcs.open()
    status = await vcs.call("status")
    [kept] = status["workspaces"]
    assert (status["repositories"], kept["workspace"], kept["finished"]) == (["shop"], workspace, False)
    assert status["bytes"] > 0


def growth(shop: Path, store: Path, checkpoints: int) -> tuple[int, list[float]]:
    """Bytes that many small edits of one file add to a store, packed, and the CPU seconds of each."""
    (shop / "long.txt").write_text("".join(f"line {number}\n" for number in range(500)))
    workshop = Workshop(store, {"shop": shop})
    workspace = workshop.find(workshop.open().workspace)
    before, seconds = size(store), []
    for number in range(checkpoints):
        lines = [f"line {line}\n" for line in range(500)]
        lines[number % 500] = f"changed {number}\n"
        started = time.thread_time()
        workspace.edit([Whole("file", "long.txt", "".join(lines))])
        seconds.append(time.thread_time() - started)
    grown = size(store) - before
    workshop.close()
    return grown, seconds


@pytest.mark.long
@pytest.mark.timeout(900)
def test_ten_thousand_checkpoints_grow_with_what_changed_and_stay_as_fast(shop: Path, tmp_path: Path) -> None:
    grown, seconds = growth(shop, tmp_path / "store", 10_000)
    first, last = sorted(seconds[:500])[250], sorted(seconds[-500:])[250]
    # Loose, each would take two objects of a block each for the trees and blob, and one for the commit: 16 kB and more.
    assert grown < 10_000 * 2_000
    assert last < 2 * first


async def test_what_a_broken_off_apply_left_beside_the_users_work_goes_by_age(shop: Path, vcs: Desk) -> None:
    await vcs.open()
    old, young = (vcs.objects.path.parent / f"applying.kept-{name}" for name in ("old", "young"))
    for kept in (old, young):
        kept.mkdir()
        (kept / "0.before").write_text("what the user had\n")
    then = time.time() - 31 * 86_400
    os.utime(old, (then, then))

    await vcs.call("gc")

    assert (old.exists(), young.exists()) == (False, True)
