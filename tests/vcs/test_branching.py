"""Bringing an attempt to the user as a commit on a new branch."""

import json
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, desk, replace
from support.repository import fingerprint, make_repository, run_git

pytestmark = pytest.mark.anyio

CART = SHOP["shop/cart.py"]


async def test_only_objects_and_the_one_ref_are_written(shop: Path, vcs: Desk) -> None:
    (shop / "README.md").write_text("not committed\n")
    run_git(shop, "config", "core.splitIndex", "true")
    run_git(shop, "config", "core.logAllRefUpdates", "always")
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("shop/cart.py", "sum(self.prices)", "0"))
    before, head = fingerprint(shop), run_git(shop, "rev-parse", "HEAD").strip()

    applied = await vcs.call("apply", workspace=workspace, branch="fix/total", message="Mend the total\n\nAt last.")

    after = fingerprint(shop)
    new = {path for path in after if after[path] != before.get(path)}
    assert before.keys() <= after.keys()
    assert {path for path in new if not path.startswith(".git/objects/")} == {
        ".git/refs/heads/fix",
        ".git/refs/heads/fix/total",
    }
    assert (applied["changed"], applied["branch"], applied["conflicts"]) == (["shop/cart.py"], "fix/total", [])
    assert run_git(shop, "log", "--format=%H %P %an %B", "fix/total", "-1").strip() == (
        f"{applied['commit']} {head} Loopcutter Mend the total\n\nAt last."
    )


async def test_the_commit_holds_the_fix_and_no_uncommitted_work(shop: Path, vcs: Desk) -> None:
    (shop / "shop" / "cart.py").write_text(CART + "\n\n# not committed\n")
    (shop / "README.md").write_text("not committed\n")
    (shop / "untracked.txt").write_text("not committed\n")
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("shop/cart.py", "sum(self.prices)", "0"))

    await vcs.call("apply", workspace=workspace, branch="fix")

    assert run_git(shop, "diff", "--name-only", "main", "fix").split() == ["shop/cart.py"]
    assert run_git(shop, "show", "fix:shop/cart.py") == CART.replace("sum(self.prices)", "0")


async def test_a_file_that_was_never_committed_comes_with_the_fix_as_a_whole(shop: Path, vcs: Desk) -> None:
    (shop / "tax.py").write_text("RATE = 1\nNAME = 'tax'\n")
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("tax.py", "RATE = 1", "RATE = 2"), {"kind": "delete", "path": "shop/money.py"})
    applied = await vcs.call("apply", workspace=workspace, branch="fix")
    assert applied["changed"] == ["shop/money.py", "tax.py"]
    assert run_git(shop, "show", "fix:tax.py") == "RATE = 2\nNAME = 'tax'\n"
    assert run_git(shop, "ls-tree", "-r", "--name-only", "fix").split() == ["README.md", "shop/cart.py", "tax.py"]


async def test_a_fix_of_uncommitted_lines_is_a_conflict(shop: Path, vcs: Desk) -> None:
    (shop / "shop" / "cart.py").write_text(CART.replace("sum(self.prices)", "max(self.prices)"))
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("shop/cart.py", "max(self.prices)", "0"))
    before = fingerprint(shop)
    result = await vcs.client.call_tool("apply", {"workspace": workspace, "branch": "fix"})
    assert (result.is_error, (result.structured_content or {})["conflicts"]) == (True, ["shop/cart.py"])
    assert fingerprint(shop) == before


async def test_files_that_git_checks_out_with_windows_line_ends_are_committed_without(tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop", {".gitattributes": "*.py text eol=crlf\n", "a.py": "a = 1\nb = 2\n"})
    (shop / "a.py").unlink()
    run_git(shop, "checkout", "--", "a.py")
    assert (shop / "a.py").read_bytes() == b"a = 1\r\nb = 2\r\n"
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        await vcs.edit(workspace, replace("a.py", "b = 2", "b = 3"))
        await vcs.call("apply", workspace=workspace, branch="fix")
    assert run_git(shop, "show", "fix:a.py") == "a = 1\nb = 3\n"


async def test_modes_and_links_are_committed(shop: Path, vcs: Desk) -> None:
    workspace = await vcs.open(files=True)
    files = vcs.worktree(workspace)
    (files / "shop" / "cart.py").chmod(0o755)
    (files / "link").symlink_to("README.md")
    await vcs.call("checkpoint", workspace=workspace)
    await vcs.call("apply", workspace=workspace, branch="fix")
    listed = [line.split() for line in run_git(shop, "ls-tree", "-r", "fix").splitlines()]
    assert {path: mode for mode, _, _, path in listed} == {
        "README.md": "100644",
        "link": "120000",
        "shop/cart.py": "100755",
        "shop/money.py": "100644",
    }


@pytest.mark.parametrize("name", ["main", "topic/deep/er", "topic"])
async def test_a_branch_that_exists_or_is_in_the_way_is_refused(shop: Path, vcs: Desk, name: str) -> None:
    run_git(shop, "branch", "topic/deep")
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    before = fingerprint(shop)
    said = await vcs.refused("apply", workspace=workspace, branch=name)
    blocking = "main" if name == "main" else "topic/deep"
    assert said == f"the branch '{blocking}' exists already: choose another name"
    assert fingerprint(shop) == before


@pytest.mark.parametrize(
    "name", ["-f", "a b", "a..b", "@{-1}", "a/", "/a", ".a", "a.lock", "HEAD", "a\nb", "a:b", "--output=x", "a\0b", "~"]
)
async def test_what_is_no_name_for_a_branch_is_refused(vcs: Desk, name: str) -> None:
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    assert "is no name for a branch" in await vcs.refused("apply", workspace=workspace, branch=name)


async def test_without_a_commit_there_can_be_no_branch(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    run_git(shop, "init", "--quiet")
    (shop / "README.md").write_text("# Shop\n")
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
        assert await vcs.refused("apply", workspace=workspace, branch="fix") == (
            "there is no commit yet that a branch could start from: commit first, or apply without one"
        )
        await vcs.call("apply", workspace=workspace)
    assert (shop / "README.md").read_text() == "# Store\n"


async def test_nothing_is_put_on_a_branch_when_nothing_changed(vcs: Desk) -> None:
    said = await vcs.refused("apply", workspace=await vcs.open(), branch="fix")
    assert said == "the attempt changes nothing compared with HEAD: there is nothing to put on 'fix'"


@pytest.mark.parametrize("of_the_user", [False, True])
async def test_the_lock_of_a_killed_server_goes_and_one_of_the_users_stays(
    shop: Path, tmp_path: Path, of_the_user: bool
) -> None:
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    # What stands on the disk when a server and its git are killed just before the branch is there.
    head = run_git(shop, "rev-parse", "HEAD").strip()
    commit = run_git(shop, "commit-tree", "HEAD^{tree}", "-p", head, "-m", "of the server").strip()
    [note] = [git.with_name("branching") for git in (tmp_path / "store").glob("*/git")]
    note.write_text(json.dumps({"ref": "refs/heads/fix", "commit": commit, "report": None}))
    lock = shop / ".git" / "refs" / "heads" / "fix.lock"
    lock.write_text(f"{head if of_the_user else commit}\n")

    async with desk(shop, tmp_path / "store") as vcs:
        assert (lock.exists(), note.exists()) == (of_the_user, False)
        lock.unlink(missing_ok=True)
        assert (await vcs.call("apply", workspace=workspace, branch="fix"))["branch"] == "fix"
