"""Bringing an attempt into the user's working tree, whatever happened to that meanwhile."""

import os
from pathlib import Path
from typing import Any

import pytest
from support.desk import SHOP, Desk, desk, replace
from support.repository import fingerprint, run_git

pytestmark = pytest.mark.anyio

CART = SHOP["shop/cart.py"]


async def attempted(vcs: Desk, *edits: dict[str, Any]) -> str:
    """A workspace with these edits made."""
    workspace = await vcs.open()
    await vcs.edit(workspace, *edits)
    return workspace


def tree_of(shop: Path) -> dict[str, str]:
    return {path: facts for path, facts in fingerprint(shop).items() if path.partition("/")[0] != ".git"}


async def test_an_attempt_is_written_to_the_working_tree_and_nowhere_else(shop: Path, vcs: Desk) -> None:
    workspace = await attempted(
        vcs,
        replace("shop/cart.py", "sum(self.prices)", "0"),
        {"kind": "create", "path": "shop/new/tax.py", "content": "RATE = 1\n"},
        {"kind": "delete", "path": "shop/money.py"},
    )
    before = {path: facts for path, facts in fingerprint(shop).items() if path.startswith(".git/")}

    applied = await vcs.call("apply", workspace=workspace)

    changed = ["shop/cart.py", "shop/money.py", "shop/new/tax.py"]
    assert applied == {"changed": changed, "branch": "", "commit": "", "conflicts": []}
    assert {path: facts for path, facts in fingerprint(shop).items() if path.startswith(".git/")} == before
    assert run_git(shop, "status", "--porcelain", "--untracked-files=all").splitlines() == [
        " M shop/cart.py",
        " D shop/money.py",
        "?? shop/new/tax.py",
    ]


async def test_work_of_the_user_in_other_places_is_kept(shop: Path, vcs: Desk) -> None:
    (shop / "shop" / "cart.py").write_text(f"# before\n\n{CART}")
    workspace = await attempted(vcs, replace("shop/cart.py", "sum(self.prices)", "0"))
    (shop / "shop" / "cart.py").write_text(f"# before\n\n{CART}\n\n# meanwhile\n")
    (shop / "README.md").write_text("meanwhile\n")
    (shop / "mine.txt").write_text("meanwhile\n")

    await vcs.call("apply", workspace=workspace)

    mended = CART.replace("sum(self.prices)", "0")
    assert (shop / "shop" / "cart.py").read_text() == f"# before\n\n{mended}\n\n# meanwhile\n"
    assert [(shop / name).read_text() for name in ("README.md", "mine.txt")] == ["meanwhile\n"] * 2


async def test_with_a_conflict_in_one_file_no_file_is_written(shop: Path, vcs: Desk) -> None:
    workspace = await attempted(
        vcs, replace("shop/cart.py", "sum(self.prices)", "0"), replace("README.md", "Shop", "Store")
    )
    (shop / "shop" / "cart.py").write_text(CART.replace("sum(self.prices)", "max(self.prices)"))
    before = fingerprint(shop)

    result = await vcs.client.call_tool("apply", {"workspace": workspace})

    assert result.is_error
    assert result.structured_content == {"changed": [], "branch": "", "commit": "", "conflicts": ["shop/cart.py"]}
    assert fingerprint(shop) == before


def deleted(shop: Path) -> None:
    (shop / "shop" / "money.py").unlink()


def replaced_by_a_link(shop: Path) -> None:
    deleted(shop)
    (shop / "shop" / "money.py").symlink_to("cart.py")


def folder_replaced_by_a_link(shop: Path) -> None:
    (shop / "shop").rename(shop / "elsewhere")
    (shop / "shop").symlink_to("elsewhere")


def made_binary(shop: Path) -> None:
    (shop / "shop" / "money.py").write_bytes(b"\0\1\2")


def made_a_folder(shop: Path) -> None:
    deleted(shop)
    (shop / "shop" / "money.py").mkdir()


def made_a_repository(shop: Path) -> None:
    run_git(shop / "shop", "init", "--quiet")


@pytest.mark.parametrize(
    "meanwhile",
    [deleted, replaced_by_a_link, folder_replaced_by_a_link, made_binary, made_a_folder, made_a_repository],
)
async def test_what_can_not_be_merged_is_a_conflict(shop: Path, vcs: Desk, meanwhile: Any) -> None:
    workspace = await attempted(vcs, replace("shop/money.py", "2)", "3)"), replace("README.md", "Shop", "Store"))
    meanwhile(shop)
    before = fingerprint(shop)
    said = await vcs.refused("apply", workspace=workspace)
    assert said.startswith("Nothing was written, because the user changed the same places of shop/money.py")
    assert fingerprint(shop) == before


async def test_a_new_file_never_overwrites_one_of_the_users_even_an_ignored_one(shop: Path, vcs: Desk) -> None:
    (shop / ".gitignore").write_text("local.py\n")
    (shop / "local.py").write_text("MINE = 1\n")
    workspace = await attempted(vcs, {"kind": "create", "path": "local.py", "content": "THEIRS = 1\n"})
    result = await vcs.client.call_tool("apply", {"workspace": workspace})
    assert (result.structured_content or {})["conflicts"] == ["local.py"]
    assert (shop / "local.py").read_text() == "MINE = 1\n"


async def test_applying_twice_changes_nothing_the_second_time(shop: Path, vcs: Desk) -> None:
    workspace = await attempted(vcs, replace("shop/cart.py", "sum(self.prices)", "0"))
    first = await vcs.call("apply", workspace=workspace)
    before = fingerprint(shop)
    second = await vcs.call("apply", workspace=workspace)
    assert (first["changed"], second["changed"]) == (["shop/cart.py"], [])
    assert fingerprint(shop) == before


async def test_modes_line_ends_and_permissions_are_kept(shop: Path, vcs: Desk) -> None:
    (shop / "run.sh").write_bytes(b"#!/bin/sh\r\necho 1\r\n")
    (shop / "run.sh").chmod(0o750)
    (shop / "shop" / "money.py").chmod(0o600)
    workspace = await attempted(
        vcs,
        replace("run.sh", "echo 1", "echo 2"),
        replace("shop/money.py", "2)", "3)"),
        {"kind": "create", "path": "new.py", "content": ""},
    )
    await vcs.call("apply", workspace=workspace)

    assert (shop / "run.sh").read_bytes() == b"#!/bin/sh\r\necho 2\r\n"
    modes = [(shop / name).stat().st_mode & 0o777 for name in ("run.sh", "shop/money.py")]
    assert modes == [0o750, 0o600]
    assert (shop / "new.py").stat().st_mode & 0o111 == 0


async def test_a_file_can_become_a_folder_and_a_folder_a_file(shop: Path, vcs: Desk) -> None:
    (shop / "data").mkdir()
    (shop / "data" / "one.txt").write_text("1\n")
    workspace = await attempted(
        vcs,
        {"kind": "delete", "path": "README.md"},
        {"kind": "create", "path": "README.md/index.md", "content": "# Shop\n"},
        {"kind": "delete", "path": "data/one.txt"},
        {"kind": "create", "path": "data", "content": "1\n"},
    )
    await vcs.call("apply", workspace=workspace)
    assert (shop / "README.md" / "index.md").read_text() == "# Shop\n"
    assert (shop / "data").read_text() == "1\n"


async def test_a_write_that_fails_puts_back_what_was_written(shop: Path, vcs: Desk) -> None:
    (shop / "data").mkdir()
    (shop / "data" / "one.txt").write_text("1\n")
    workspace = await attempted(
        vcs,
        replace("README.md", "Shop", "Store"),
        {"kind": "delete", "path": "shop/money.py"},
        {"kind": "delete", "path": "data/one.txt"},
        {"kind": "create", "path": "data", "content": "1\n"},
    )
    (shop / "data" / "ignored.log").write_text("in the way\n")
    before = tree_of(shop)
    said = await vcs.refused("apply", workspace=workspace)
    assert said.startswith("nothing was changed, because a file could not be replaced")
    assert tree_of(shop) == before


async def test_an_earlier_checkpoint_is_applied_after_the_workspace_is_finished_and_the_server_restarted(
    shop: Path, tmp_path: Path
) -> None:
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        good = await vcs.edit(workspace, replace("README.md", "Shop", "Good"))
        await vcs.edit(workspace, replace("README.md", "Good", "Bad"))
        await vcs.call("finish", workspace=workspace)
    async with desk(shop, tmp_path / "store") as vcs:
        await vcs.call("apply", workspace=workspace, checkpoint=good["checkpoint"]["id"])
    assert (shop / "README.md").read_text() == "# Good\n"


async def test_a_server_of_another_repository_does_not_apply(shop: Path, tmp_path: Path) -> None:
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await attempted(vcs, replace("README.md", "Shop", "Store"))
    other = tmp_path / "other"
    other.mkdir()
    async with desk(other, tmp_path / "store") as vcs:
        said = await vcs.refused("apply", workspace=workspace)
    assert said == (
        f"workspace {workspace} belongs to {shop}, which this server does not serve: "
        "start it with --repository for that folder"
    )


async def test_names_that_are_no_text_are_applied_and_reported(shop: Path, vcs: Desk) -> None:
    odd = Path(os.fsdecode(os.fsencode(shop) + b"/caf\xe9.txt"))
    odd.write_bytes(b"one\n")
    workspace = await vcs.open(files=True)
    (vcs.worktree(workspace) / odd.name).write_bytes(b"two\n")
    await vcs.call("checkpoint", workspace=workspace)
    applied = await vcs.call("apply", workspace=workspace)
    assert (applied["changed"], odd.read_bytes()) == (["caf\\xe9.txt"], b"two\n")
