"""The life of a workspace: checkpoints, the way back, and what survives the server."""

import asyncio
import os
from hashlib import sha1
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, desk, replace
from support.repository import fingerprint, run_git

pytestmark = pytest.mark.anyio


async def test_nothing_in_the_users_repository_changes_before_apply(shop: Path, vcs: Desk) -> None:
    (shop / "README.md").write_text("changed, not committed\n")
    (shop / "untracked.txt").write_text("untracked\n")
    os.utime(shop / "shop" / "money.py", (0, 0))  # what the index says of it would be put right by a mere `git status`
    before = fingerprint(shop)

    opened = await vcs.call("open")
    workspace = opened["workspace"]
    await vcs.edit(workspace, replace("shop/cart.py", "sum(self.prices)", "0"), {"kind": "delete", "path": "README.md"})
    await vcs.call("checkpoint", workspace=workspace, label="here")
    await vcs.call("diff", workspace=workspace)
    await vcs.call("rollback", workspace=workspace, checkpoint=opened["base"]["id"])
    await vcs.call("finish", workspace=workspace)

    assert fingerprint(shop) == before


async def test_a_rollback_restores_every_byte_and_mode_and_can_be_undone(shop: Path, vcs: Desk) -> None:
    (shop / "run.sh").write_bytes(b"#!/bin/sh\r\n")
    (shop / "run.sh").chmod(0o755)
    (shop / "link").symlink_to("run.sh")
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], vcs.worktree(opened["workspace"])
    base = fingerprint(files)
    await vcs.edit(
        workspace,
        replace("shop/cart.py", "sum(self.prices)", "0"),
        {"kind": "delete", "path": "run.sh"},
        {"kind": "create", "path": "run.sh/inside", "content": "x"},
        {"kind": "rename", "path": "link", "to": "deep/er/link"},
    )
    edited = fingerprint(files)

    back = await vcs.call("rollback", workspace=workspace, checkpoint=opened["base"]["id"])
    assert (back["restored"], fingerprint(files)) == (opened["base"], base)
    again = await vcs.call("rollback", workspace=workspace, checkpoint=back["undo"]["id"])
    assert (again["restored"], fingerprint(files)) == (back["undo"], edited)


async def test_a_rollback_keeps_what_was_changed_without_an_edit(vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], vcs.worktree(opened["workspace"])
    (files / "shop" / "cart.py").chmod(0o755)
    (files / "README.md").unlink()
    (files / "stray.txt").write_text("stray\n")

    back = await vcs.call("rollback", workspace=workspace, checkpoint=opened["base"]["id"])

    assert vcs.entries(back["undo"]["tree"])["shop/cart.py"].mode == "100755"
    assert sorted(vcs.entries(back["undo"]["tree"])) == ["shop/cart.py", "shop/money.py", "stray.txt"]
    assert {str(path.relative_to(files)) for path in files.rglob("*.*")} == set(SHOP)


async def test_a_checkpoint_holds_the_whole_worktree(vcs: Desk) -> None:
    workspace = await vcs.open(files=True)
    (vcs.worktree(workspace) / "by-hand.txt").write_text("by hand\n")
    made = await vcs.call("checkpoint", workspace=workspace, label="by hand")
    assert (made["label"], vcs.content(made["tree"], "by-hand.txt")) == ("by hand", b"by hand\n")
    assert (await vcs.call("diff", workspace=workspace))["stat"] == "1 file changed, 1 insertion(+), 0 deletions(-)"


async def test_the_same_state_has_the_same_tree_in_every_workspace(vcs: Desk) -> None:
    trees = set()
    for _ in range(2):
        workspace = await vcs.open()
        trees.add((await vcs.edit(workspace, replace("README.md", "Shop", "Store")))["checkpoint"]["tree"])
    assert len(trees) == 1


async def test_checkpoints_form_a_chain(vcs: Desk) -> None:
    opened = await vcs.call("open")
    workspace, base = opened["workspace"], opened["base"]
    first = (await vcs.edit(workspace, replace("README.md", "Shop", "Store")))["checkpoint"]
    back = await vcs.call("rollback", workspace=workspace, checkpoint=base["id"])
    second = (await vcs.edit(workspace, replace("README.md", "Shop", "Market")))["checkpoint"]
    assert [base["parent"], first["parent"], back["undo"]["parent"], second["parent"]] == [
        None,
        base["id"],
        first["id"],
        base["id"],
    ]


async def test_edits_under_the_same_key_are_made_once(vcs: Desk) -> None:
    workspace = await vcs.open(files=True)
    edit = replace("README.md", "Shop", "Shop Shop")
    first = await vcs.edit(workspace, edit, idempotency_key="attempt 1")
    second = await vcs.edit(workspace, edit, idempotency_key="attempt 1")
    assert second == first
    assert (vcs.worktree(workspace) / "README.md").read_text() == "# Shop Shop\n"


async def test_the_same_key_for_other_edits_is_refused(vcs: Desk) -> None:
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"), idempotency_key="k")
    other = [replace("README.md", "Store", "Market")]
    said = await vcs.refused("edit", workspace=workspace, edits=other, idempotency_key="k")
    assert said == "the idempotency_key 'k' was used for another request: choose a new one"


async def test_a_refused_edit_does_not_use_up_its_key(vcs: Desk) -> None:
    workspace = await vcs.open()
    await vcs.refused("edit", workspace=workspace, edits=[replace("README.md", "Nothing", "x")], idempotency_key="k")
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"), idempotency_key="k")


@pytest.mark.parametrize(("files", "why"), [(True, "Not a directory"), (False, "File exists")])
async def test_an_edit_that_breaks_off_leaves_the_workspace_as_it_was(vcs: Desk, files: bool, why: str) -> None:
    opened = await vcs.call("open", files=files)
    workspace = opened["workspace"]
    full = sha1(b"blob 8\0# Store\n").hexdigest()
    (vcs.objects.path / "objects" / full[:2]).write_text("in the way: what was edited can't be kept")

    said = await vcs.refused_edit(workspace, replace("README.md", "Shop", "Store"))
    report = await vcs.edit(workspace, replace("README.md", "Shop", "Market"))

    assert why in said
    assert report["checkpoint"]["parent"] == opened["base"]["id"]
    assert vcs.content(report["checkpoint"]["tree"], "README.md") == b"# Market\n"


async def test_the_lock_of_a_killed_git_does_not_matter(vcs: Desk) -> None:
    workspace = await vcs.open(files=True)
    (vcs.worktree(workspace).parent / "index.lock").touch()
    report = await vcs.edit(workspace, replace("README.md", "Shop", "Market"))
    assert vcs.content(report["checkpoint"]["tree"], "README.md") == b"# Market\n"


async def test_calls_on_one_workspace_wait_for_each_other(vcs: Desk) -> None:
    workspace = await vcs.open()
    names = [f"file_{number}.txt" for number in range(8)]
    edits = [{"kind": "create", "path": name, "content": name} for name in names]
    await asyncio.gather(*(vcs.edit(workspace, edit) for edit in edits))
    made = await vcs.call("checkpoint", workspace=workspace)
    assert set(names) <= set(vcs.entries(made["tree"]))
    assert len((await vcs.call("diff", workspace=workspace))["files"]) == len(names)


async def test_a_finished_workspace_takes_no_edits_and_can_still_be_compared(vcs: Desk) -> None:
    workspace = await vcs.open(files=True)
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    files = vcs.worktree(workspace)
    closed = [await vcs.call("finish", workspace=workspace) for _ in range(2)]

    assert closed == [{"workspace": workspace, "removed": True}, {"workspace": workspace, "removed": False}]
    assert not files.exists()
    assert "is finished: open a new one" in await vcs.refused_edit(workspace, replace("README.md", "Store", "x"))
    assert (await vcs.call("diff", workspace=workspace))["files"][0]["path"] == "README.md"


async def test_another_server_goes_on_where_the_first_one_stopped(shop: Path, tmp_path: Path) -> None:
    async with desk(shop, tmp_path / "store") as first:
        opened = await first.call("open", files=True)
        workspace = opened["workspace"]
        report = await first.edit(workspace, replace("README.md", "Shop", "Store"), idempotency_key="k")
    async with desk(shop, tmp_path / "store") as second:
        assert await second.edit(workspace, replace("README.md", "Shop", "Store"), idempotency_key="k") == report
        after = await second.edit(workspace, replace("README.md", "Store", "Market"))
        back = await second.call("rollback", workspace=workspace, checkpoint=opened["base"]["id"])

        assert second.content(after["checkpoint"]["tree"], "README.md") == b"# Market\n"
        assert back["undo"]["tree"] == after["checkpoint"]["tree"]
        assert (second.worktree(workspace) / "README.md").read_text() == "# Shop\n"


async def test_two_living_servers_never_mix_up_a_workspace(shop: Path, tmp_path: Path) -> None:
    async with desk(shop, tmp_path / "store") as one, desk(shop, tmp_path / "store") as other:
        workspace = await one.open()
        await one.edit(workspace, replace("README.md", "Shop", "one"))
        await other.edit(workspace, replace("README.md", "one", "other"), replace("shop/money.py", "Money", "Coins"))
        last = await one.edit(workspace, replace("README.md", "other", "both"))
        assert one.content(last["checkpoint"]["tree"], "README.md") == b"# both\n"
        assert b"Coins" in one.content(last["checkpoint"]["tree"], "shop/money.py")


@pytest.mark.parametrize("tool", ["checkpoint", "diff", "apply", "finish"])
async def test_an_unknown_workspace_is_refused(vcs: Desk, tool: str) -> None:
    assert await vcs.refused(tool, workspace="w0") == (
        "there is no workspace 'w0': open one and use the handle it returns"
    )


async def test_a_checkpoint_of_another_workspace_is_refused(vcs: Desk) -> None:
    one, other = await vcs.call("open"), await vcs.call("open")
    said = await vcs.refused("rollback", workspace=one["workspace"], checkpoint=other["base"]["id"])
    assert said == (f"workspace {one['workspace']} has no checkpoint '{other['base']['id']}': use one that it returned")


async def test_history_lists_the_newest_checkpoints_and_which_are_which(vcs: Desk) -> None:
    opened = await vcs.call("open")
    workspace = opened["workspace"]
    first = (await vcs.edit(workspace, replace("README.md", "Shop", "Store")))["checkpoint"]
    second = (await vcs.edit(workspace, replace("README.md", "Store", "Market")))["checkpoint"]
    await vcs.call("checkpoint", workspace=workspace, checkpoint=first["id"], best=True)
    history = await vcs.call("history", workspace=workspace, limit=2)
    assert history == {
        "workspace": workspace,
        "branch": opened["attempt"],
        "base": opened["base"]["id"],
        "current": second["id"],
        "best": first["id"],
        "finished": False,
        "checkpoints": [first, second],
        "older": 1,
    }


async def test_every_attempt_has_a_branch_of_its_own_in_the_store(shop: Path, vcs: Desk) -> None:
    opened = await vcs.call("open")
    await vcs.edit(opened["workspace"], replace("README.md", "Shop", "Store"))
    await vcs.call("rollback", workspace=opened["workspace"], checkpoint="base")
    log = run_git(vcs.objects.path, "log", "--format=%T %s", opened["attempt"]).splitlines()
    base = opened["base"]["tree"]
    assert ([line.partition(" ")[2] for line in log], log[0]) == (["base", "edit README.md", "base"], f"{base} base")
    assert run_git(shop, "branch", "--list", "--format=%(refname:short)") == "main\n"


async def test_the_words_base_and_best_stand_for_checkpoints(shop: Path, vcs: Desk) -> None:
    workspace = await vcs.open()
    assert "is marked as the best" in await vcs.refused("rollback", workspace=workspace, checkpoint="best")
    await vcs.edit(workspace, replace("README.md", "Shop", "Good"))
    best = await vcs.call("checkpoint", workspace=workspace, label="all green", best=True)
    await vcs.edit(workspace, replace("README.md", "Good", "Bad"))
    assert (await vcs.call("diff", workspace=workspace, base="base", to="best"))["unified"].endswith("+# Good\n")
    assert (await vcs.call("rollback", workspace=workspace, checkpoint="best"))["restored"] == best
    await vcs.call("rollback", workspace=workspace, checkpoint="base")
    await vcs.call("apply", workspace=workspace, checkpoint="best")
    assert (shop / "README.md").read_text() == "# Good\n"


async def test_whatever_changes_something_is_done_once_under_a_key(shop: Path, vcs: Desk) -> None:
    key = {"idempotency_key": "k"}
    opened = [await vcs.call("open", **key) for _ in range(2)]
    workspace = opened[0]["workspace"]
    edited = await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    point = {"workspace": workspace, "label": "here", "idempotency_key": "checkpoint"}
    made = [await vcs.call("checkpoint", **point) for _ in range(2)]
    back = {"workspace": workspace, "checkpoint": "base", "idempotency_key": "rollback"}
    rolled = [await vcs.call("rollback", **back) for _ in range(2)]
    applying = {"workspace": workspace, "checkpoint": edited["checkpoint"]["id"], "idempotency_key": "apply"}
    first = await vcs.call("apply", **applying)
    (shop / "README.md").write_text("# Shop\n")  # the user takes it back
    applied = [first, await vcs.call("apply", **applying)]
    assert [one == other for one, other in (opened, made, rolled, applied)] == [True] * 4
    assert (shop / "README.md").read_text() == "# Shop\n"
    assert "was used for another request" in await vcs.refused("rollback", **(back | {"checkpoint": "current"}))


async def test_a_repository_that_an_attempt_makes_inside_is_no_obstacle(vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    nested = Path(opened["folder"]) / "nested"
    nested.mkdir()
    run_git(nested, "init", "--quiet")
    (nested / "own.py").write_text("x = 1\n")
    made = await vcs.call("checkpoint", workspace=opened["workspace"])
    await vcs.call("rollback", workspace=opened["workspace"], checkpoint="base")
    assert (made["tree"], (nested / "own.py").exists()) == (opened["base"]["tree"], True)


async def test_a_folder_of_an_attempt_can_become_a_link(vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    files = Path(opened["folder"])
    (files / "shop").rename(files / "store")
    (files / "shop").symlink_to("store")
    made = await vcs.call("checkpoint", workspace=opened["workspace"])
    assert set(vcs.entries(made["tree"])) == {"README.md", "shop", "store/cart.py", "store/money.py"}
