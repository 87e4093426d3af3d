"""What goes wrong is said in one clear sentence; nothing is lost and nothing is left behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, desk, replace
from support.repository import fingerprint, make_repository, run_git

from loopcutter_snapshots import ObjectStore
from loopcutter_vcs.errors import UnusableRepository, UnusableStore
from loopcutter_vcs.workshop import Workshop

pytestmark = pytest.mark.anyio


async def test_an_index_that_git_is_writing_is_read_and_left_alone(shop: Path, vcs: Desk) -> None:
    (shop / ".git" / "index.lock").touch()
    before = fingerprint(shop)
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    await vcs.call("apply", workspace=workspace, branch="fix")
    after = fingerprint(shop)
    assert before.items() <= after.items()


async def test_a_damaged_object_is_named_and_other_checkpoints_still_work(vcs: Desk) -> None:
    opened = await vcs.call("open")
    workspace = opened["workspace"]
    edited = await vcs.edit(workspace, {"kind": "create", "path": "new.txt", "content": "new\n"})
    blob = vcs.entries(edited["checkpoint"]["tree"])["new.txt"].blob
    damaged = vcs.objects.path / "objects" / blob[:2] / blob[2:]
    damaged.chmod(0o600)
    damaged.write_bytes(b"\0" * 20)
    said = await vcs.refused_edit(workspace, replace("new.txt", "new", "newer"))
    assert said.startswith(f"object {blob} of the store is missing or damaged: go back to another checkpoint")
    await vcs.call("rollback", workspace=workspace, checkpoint="base")
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"))


async def test_a_damaged_object_of_the_users_is_met_only_by_a_branch_and_named(shop: Path, vcs: Desk) -> None:
    tree = run_git(shop, "rev-parse", "HEAD^{tree}").strip()
    damaged = shop / ".git" / "objects" / tree[:2] / tree[2:]
    damaged.chmod(0o600)
    damaged.write_bytes(b"\0" * 20)
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    before = fingerprint(shop)
    said = await vcs.refused("apply", workspace=workspace, branch="fix")
    assert tree in said
    assert fingerprint(shop) == before
    assert (await vcs.call("apply", workspace=workspace))["changed"] == ["README.md"]


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


async def test_large_files_kept_elsewhere_are_taken_as_they_stand_and_never_put_on_a_branch_by_mistake(
    tmp_path: Path,
) -> None:
    """What git has is the pointer; in the working tree stands the pointer, or what was fetched for it."""
    rules = "*.bin filter=lfs diff=lfs merge=lfs -text\n"
    shop = make_repository(tmp_path / "shop", {**SHOP, "one.bin": POINTER, "two.bin": POINTER, ".gitattributes": rules})
    run_git(shop, "config", "filter.lfs.required", "true")
    (shop / "two.bin").write_text("fetched\n")
    async with desk(shop, tmp_path / "store") as vcs:
        opened = await vcs.call("open", files=True)
        contents = [vcs.content(opened["base"]["tree"], name) for name in ("one.bin", "two.bin")]
        await vcs.edit(opened["workspace"], replace("two.bin", "fetched", "changed"))
        conflicted = await vcs.client.call_tool("apply", {"workspace": opened["workspace"], "branch": "fix"})
        applied = await vcs.call("apply", workspace=opened["workspace"])
    assert contents == [POINTER.encode(), b"fetched\n"]
    assert (conflicted.structured_content or {})["conflicts"] == ["two.bin"]
    assert (applied["changed"], (shop / "two.bin").read_text()) == (["two.bin"], "changed\n")


async def test_a_store_that_can_not_be_written_to_is_named_and_keeps_what_it_holds(
    shop: Path, small_disk: Path
) -> None:
    async with desk(shop, small_disk / "store") as vcs:
        workspace = await vcs.open()
        edited = await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(UnusableStore, match=r"can't be used \(.*Read-only.*\): check the disk and its permissions"):
        Workshop(small_disk / "store", {"shop": shop})
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    async with desk(shop, small_disk / "store") as vcs:
        history = await vcs.call("history", workspace=workspace)
    assert history["current"] == edited["checkpoint"]["id"]


async def test_a_name_that_differs_in_case_only_is_refused_and_both_are_kept_when_they_are_there(
    tmp_path: Path,
) -> None:
    shop = make_repository(tmp_path / "shop", {**SHOP, "a/File": "1\n", "a/file": "2\n"})
    async with desk(shop, tmp_path / "store") as vcs:
        opened = await vcs.call("open")
        assert {"a/File", "a/file"} <= set(vcs.entries(opened["base"]["tree"]))
        for path, there in {"readme.md": "README.md", "Shop/new.py": "shop", "a/FILE": "a/File"}.items():
            said = await vcs.refused_edit(opened["workspace"], {"kind": "create", "path": path, "content": ""})
            assert said == f"'{path}' differs from '{there}' only in upper and lower case: use that spelling"
        await vcs.edit(opened["workspace"], {"kind": "rename", "path": "README.md", "to": "readme.md"})


async def test_paths_too_long_for_the_system_are_refused_or_left_out(shop: Path, vcs: Desk) -> None:
    workspace = await vcs.open()
    for path, why in {
        "d/" * 2000 + "f": "is longer than 1000 bytes",
        "f" * 300: "holds a name longer than 255 bytes",
    }.items():
        assert why in await vcs.refused_edit(workspace, {"kind": "create", "path": path, "content": ""})
    folder = os.open(shop, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 200, dir_fd=folder)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = deeper
    os.close(os.open("deep.txt", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
    os.close(folder)
    result = await vcs.client.call_tool("open", {})
    told = str(result.structured_content) if not result.is_error else str(result.content)
    assert "too long" in told


@pytest.mark.parametrize("times", [1, 1000])
def test_a_file_that_changes_while_it_is_read_is_read_again_and_refused_when_that_has_no_end(
    shop: Path, tmp_path: Path, times: int
) -> None:
    left = iter(range(times))

    def write_more(done: float, total: float, what: str) -> None:
        if what.startswith("checking") and next(left, None) is not None:
            with (shop / "growing.log").open("a") as log:
                log.write("x")

    workshop = Workshop(tmp_path / "store", {"shop": shop})
    (shop / "growing.log").write_text("x")
    if times == 1:
        tree = workshop.open(progress=write_more).base.tree
        [store] = tmp_path.glob("store/*/git")
        assert ObjectStore(store).read(tree, "growing.log") == b"xx"
    else:
        with pytest.raises(UnusableRepository, match=r"growing\.log changed again and again while being read"):
            workshop.open(progress=write_more)
    workshop.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


async def test_a_full_disk_loses_neither_the_users_work_nor_a_checkpoint(shop: Path, small_disk: Path) -> None:
    before = fingerprint(shop)
    async with desk(shop, small_disk / "store") as vcs:
        workspace = await vcs.open()
        good = await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
        fillers = [{"kind": "create", "path": f"{n}.txt", "content": os.urandom(1 << 20).hex()} for n in range(2)]
        said = await vcs.refused_edit(workspace, *fillers, replace("README.md", "Store", "x"))
        assert "No space left on device" in said
        history = await vcs.call("history", workspace=workspace)
        assert history["current"] == good["checkpoint"]["id"]
        assert vcs.content(good["checkpoint"]["tree"], "README.md") == b"# Store\n"
    assert fingerprint(shop) == before
    assert [path for path in small_disk.rglob("tmp_obj_*") if not path.is_dir()] == []


async def test_a_disk_of_the_users_that_fills_up_while_applying_gets_its_files_back(
    tmp_path: Path, small_disk: Path
) -> None:
    shop = make_repository(small_disk / "shop", SHOP)
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        big = os.urandom(1 << 20).hex()
        await vcs.edit(
            workspace, replace("README.md", "Shop", "Store"), {"kind": "create", "path": "a/big", "content": big}
        )
        before = fingerprint(shop)
        said = await vcs.refused("apply", workspace=workspace)
        assert said.startswith("nothing was changed, because a file could not be replaced (No space left on device")
        assert fingerprint(shop) == before


async def test_a_read_only_working_tree_is_opened_and_not_changed(tmp_path: Path, small_disk: Path) -> None:
    shop = make_repository(small_disk / "shop", SHOP)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    before = fingerprint(shop)
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
        assert "Read-only file system" in await vcs.refused("apply", workspace=workspace)
        assert "ead-only file system" in await vcs.refused("apply", workspace=workspace, branch="fix")
    assert fingerprint(shop) == before
