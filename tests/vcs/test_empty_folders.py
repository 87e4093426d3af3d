"""Folders that hold nothing are part of a state: git's index knows of none, and still they come back."""

import shutil
from pathlib import Path

import pytest
from support.desk import Desk, replace
from support.repository import fingerprint, run_git

pytestmark = pytest.mark.anyio


def folders(root: Path) -> set[str]:
    """The empty folders below `root`, apart from git's own."""
    found = {path.relative_to(root) for path in root.rglob("*") if path.is_dir() and not any(path.iterdir())}
    return {str(path) for path in found if path.parts[0] != ".git"}


def make_folders(root: Path, *names: str) -> None:
    for name in names:
        (root / name).mkdir(parents=True)


async def test_empty_folders_are_laid_out_and_come_back_on_rollback(shop: Path, vcs: Desk) -> None:
    make_folders(shop, "empty", "shop/also", "new/er/deep", "new/next")
    (shop / "new" / "file.txt").write_text("x")
    there = folders(shop)
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], Path(opened["folder"])
    laid_out = folders(files)
    shutil.rmtree(files / "new" / "er")
    (files / "empty").rmdir()
    make_folders(files, "made/by/hand")
    (files / "shop" / "also" / "file.txt").write_text("filled")
    (files / "README.md").unlink()
    changed = fingerprint(files)

    back = await vcs.call("rollback", workspace=workspace, checkpoint="base")
    restored = folders(files)
    await vcs.call("rollback", workspace=workspace, checkpoint=back["undo"]["id"])

    assert there == laid_out == restored == {"empty", "shop/also", "new/er/deep", "new/next"}
    assert fingerprint(files) == changed
    assert folders(files) == {"made/by/hand", "new/next"}


async def test_the_same_files_with_and_without_an_empty_folder_are_two_states(shop: Path, vcs: Desk) -> None:
    trees = [(await vcs.call("open"))["base"]["tree"]]
    make_folders(shop, "data/empty")
    trees.append((await vcs.call("open"))["base"]["tree"])
    opened = await vcs.call("open", files=True)
    trees.append((await vcs.call("checkpoint", workspace=opened["workspace"]))["tree"])
    (Path(opened["folder"]) / "data" / "empty").rmdir()
    (Path(opened["folder"]) / "data").rmdir()
    trees.append((await vcs.call("checkpoint", workspace=opened["workspace"]))["tree"])
    (shop / "data" / "empty").rmdir()
    (shop / "data").rmdir()
    trees.append((await vcs.call("open"))["base"]["tree"])
    plain, folded = trees[:2]
    assert trees == [plain, folded, folded, plain, plain]
    assert plain != folded
    assert run_git(vcs.objects.path, "fsck", "--no-dangling") == ""


async def test_a_folder_that_the_user_has_emptied_is_empty_in_the_state_too(shop: Path, vcs: Desk) -> None:
    await vcs.call("open")
    for path in (shop / "shop").iterdir():
        path.unlink()
    opened = await vcs.call("open", files=True)
    assert (set(vcs.entries(opened["base"]["tree"])), folders(Path(opened["folder"]))) == ({"README.md"}, {"shop"})
    again = await vcs.call("open")
    assert again["base"]["tree"] == opened["base"]["tree"]


async def test_a_folder_is_seen_to_be_empty_at_once_however_deep_the_files_lay_that_are_gone(
    shop: Path, vcs: Desk
) -> None:
    (shop / "a" / "b" / "c").mkdir(parents=True)
    (shop / "a" / "b" / "c" / "file.txt").write_text("x")
    run_git(shop, "add", "a")
    opened = await vcs.call("open", files=True)
    for root in (shop, Path(opened["folder"])):
        shutil.rmtree(root / "a" / "b")
    made = await vcs.call("checkpoint", workspace=opened["workspace"])
    again = await vcs.call("open", files=True)
    assert made["tree"] == again["base"]["tree"]
    assert folders(Path(again["folder"])) == {"a"}


async def test_ignored_empty_folders_are_no_part_of_a_state_and_stay_where_they_are(shop: Path, vcs: Desk) -> None:
    (shop / ".gitignore").write_text("build/\n")
    make_folders(shop, "build/out", "tools/build/deep", "tools/other")
    opened = await vcs.call("open", files=True)
    files = Path(opened["folder"])
    taken = folders(files)
    make_folders(files, "build")
    await vcs.call("rollback", workspace=opened["workspace"], checkpoint="base")
    assert (taken, folders(files)) == ({"tools/other"}, {"tools/other", "build"})


async def test_apply_makes_and_removes_empty_folders_and_keeps_what_the_user_put_there(shop: Path, vcs: Desk) -> None:
    make_folders(shop, "going", "filled")
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], Path(opened["folder"])
    for name in ("going", "filled"):
        (files / name).rmdir()
    make_folders(files, "come/here")
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    await vcs.call("checkpoint", workspace=workspace)
    (shop / "filled" / "mine.txt").write_text("mine")

    applied = await vcs.call("apply", workspace=workspace)

    assert applied["changed"] == ["README.md", "come/here/", "going/"]
    assert (folders(shop), (shop / "filled" / "mine.txt").read_text()) == ({"come/here"}, "mine")
    assert (await vcs.call("apply", workspace=workspace))["changed"] == []


async def test_a_folder_does_not_come_where_the_user_has_a_file(shop: Path, vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    make_folders(Path(opened["folder"]), "come/here")
    await vcs.call("checkpoint", workspace=opened["workspace"])
    (shop / "come").write_text("mine")
    before = fingerprint(shop)
    assert "same places of come/here" in await vcs.refused("apply", workspace=opened["workspace"])
    assert fingerprint(shop) == before


async def test_an_edit_in_an_empty_folder_can_be_taken_back(shop: Path, vcs: Desk) -> None:
    make_folders(shop, "data")
    for files in (False, True):
        opened = await vcs.call("open", files=files)
        workspace = opened["workspace"]
        edited = await vcs.edit(workspace, {"kind": "create", "path": "data/one.txt", "content": "1\n"})
        after = await vcs.call("checkpoint", workspace=workspace)
        await vcs.call("rollback", workspace=workspace, checkpoint="base")
        back = await vcs.call("checkpoint", workspace=workspace)
        assert (after["tree"], back["tree"]) == (edited["checkpoint"]["tree"], opened["base"]["tree"])


async def test_an_empty_folder_goes_with_the_folder_it_is_in_when_that_becomes_a_file(vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], vcs.worktree(opened["workspace"])
    (files / "README.md").unlink()
    (files / "README.md" / "inner").mkdir(parents=True)
    (files / "README.md" / "other.txt").write_text("other\n")
    left = await vcs.call("checkpoint", workspace=workspace)

    await vcs.call("rollback", workspace=workspace, checkpoint="base")
    assert (files / "README.md").read_text() == "# Shop\n"
    await vcs.call("rollback", workspace=workspace, checkpoint=left["id"])
    assert sorted(path.name for path in (files / "README.md").iterdir()) == ["inner", "other.txt"]


async def test_an_ignored_folder_belongs_to_no_state_although_files_were_there_before(shop: Path, vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    for root in (shop, Path(opened["folder"])):
        (root / ".gitignore").write_text("*\n!.gitignore\n")
        shutil.rmtree(root / "shop")
        (root / "README.md").unlink()
        make_folders(root, "shop", "README.md")
    made = await vcs.call("checkpoint", workspace=opened["workspace"])
    again = await vcs.call("open")
    only_the_rules = run_git(vcs.objects.path, "ls-tree", "--name-only", made["tree"]).split()
    assert (only_the_rules, again["base"]["tree"]) == ([".gitignore"], made["tree"])
