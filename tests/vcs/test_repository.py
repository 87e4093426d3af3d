"""Which repositories are opened, which are refused, and that none of them gets to run a program."""

import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, desk, replace
from support.repository import fingerprint, make_repository, run_git

pytestmark = pytest.mark.anyio


async def refusal(path: Path, store: Path) -> str:
    async with desk(path, store) as vcs:
        return await vcs.refused("open")


async def test_a_folder_that_is_no_repository_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert await refusal(tmp_path / "plain", tmp_path / "store") == (
        f"{tmp_path}/plain is not a git repository: run `git init` there (or start the host with --init), "
        "which changes no file"
    )


async def test_init_makes_a_folder_a_repository_when_it_is_opened(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "a.py").write_text("a = 1\n")
    async with desk(plain, tmp_path / "store", init=True) as vcs:
        opened = await vcs.call("open")
    assert (opened["branch"], run_git(plain, "status", "--porcelain")) == ("main", "?? a.py\n")


async def test_init_leaves_a_repository_and_what_lies_in_one_alone(shop: Path, tmp_path: Path) -> None:
    before = fingerprint(shop)
    async with desk(shop, tmp_path / "store", init=True) as vcs:
        await vcs.call("open")
    async with desk(shop / "shop", tmp_path / "other", init=True) as vcs:
        assert "is a folder inside the repository" in await vcs.refused("open")
    assert fingerprint(shop) == before


async def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert await refusal(tmp_path / "nowhere", tmp_path / "store") == (
        f"there is no folder {tmp_path}/nowhere: check the path"
    )


async def test_a_folder_inside_a_repository_is_refused_with_the_repository(shop: Path, tmp_path: Path) -> None:
    assert await refusal(shop / "shop", tmp_path / "store") == (
        f"{shop}/shop is a folder inside the repository {shop}: open {shop}"
    )


@pytest.mark.parametrize("configured", [True, False])
async def test_a_bare_repository_is_refused(shop: Path, tmp_path: Path, configured: bool) -> None:
    if configured:
        run_git(shop, "config", "core.bare", "true")
    bare = shop if configured else Path(run_git(tmp_path, "init", "--quiet", "--bare", "bare") or tmp_path / "bare")
    assert await refusal(bare, tmp_path / "store") == f"{bare} is a bare repository: clone it and open the clone"


async def test_a_linked_worktree_is_opened_and_applied_to(shop: Path, tmp_path: Path) -> None:
    run_git(shop, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    before = fingerprint(shop)
    async with desk(tmp_path / "side", tmp_path / "store") as vcs:
        opened = await vcs.call("open")
        await vcs.edit(opened["workspace"], replace("README.md", "Shop", "Side"))
        await vcs.call("apply", workspace=opened["workspace"])
    assert opened["branch"] == "side"
    assert (tmp_path / "side" / "README.md").read_text() == "# Side\n"
    assert fingerprint(shop) == before


async def test_a_worktree_of_a_bare_repository_is_opened(shop: Path, tmp_path: Path) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(shop), "bare")
    run_git(tmp_path / "bare", "worktree", "add", "--quiet", str(tmp_path / "side"), "main")
    async with desk(tmp_path / "side", tmp_path / "store") as vcs:
        assert (await vcs.call("open"))["branch"] == "main"


def other_git_file(shop: Path, private: Path) -> None:
    (shop / ".git").rename(shop.parent / "moved-away")
    (shop / ".git").write_text(f"gitdir: {private}/.git\n")


def other_git_link(shop: Path, private: Path) -> None:
    (shop / ".git").rename(shop.parent / "moved-away")
    (shop / ".git").symlink_to(private / ".git")


def other_common_folder(shop: Path, private: Path) -> None:
    (shop / ".git" / "commondir").write_text(f"{private}/.git\n")


def other_refs(shop: Path, private: Path) -> None:
    (shop / ".git" / "refs").rename(shop.parent / "refs")
    (shop / ".git" / "refs").symlink_to(private / ".git" / "refs")


def pretended_worktree(shop: Path, private: Path) -> None:
    run_git(private, "worktree", "add", "--quiet", "--detach", str(shop.parent / "side"))
    other_git_file(shop, private)
    (shop / ".git").write_text(f"gitdir: {private}/.git/worktrees/side\n")


@pytest.mark.parametrize(
    "disguise", [other_git_file, other_git_link, other_common_folder, other_refs, pretended_worktree]
)
async def test_a_repository_that_stands_for_another_one_is_refused(
    shop: Path, tmp_path: Path, disguise: Callable[[Path, Path], None]
) -> None:
    private = make_repository(tmp_path / "private", {"diary.txt": "private\n"})
    disguise(shop, private)
    before = fingerprint(private)
    said = await refusal(shop, tmp_path / "store")
    assert "another repository" in said or "does not know" in said
    assert fingerprint(private) == before


async def test_another_working_tree_in_the_config_is_not_looked_at(shop: Path, vcs: Desk, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "diary.txt").write_text("private\n")
    run_git(shop, "config", "core.worktree", str(tmp_path / "private"))
    assert set(vcs.entries((await vcs.call("open"))["base"]["tree"])) == set(SHOP)


async def test_a_config_without_end_is_refused(shop: Path, tmp_path: Path) -> None:
    (shop / ".git" / "more").write_text("[include]\n\tpath = /dev/zero\n")
    run_git(shop, "config", "include.path", "more")
    assert await refusal(shop, tmp_path / "store") == (
        f"the config of {shop} includes /dev/zero, which is no file: remove that"
    )


async def test_a_config_that_includes_itself_is_read(shop: Path, vcs: Desk) -> None:
    (shop / ".git" / "more").write_text("[user]\n\tname = x\n")
    run_git(shop, "config", "include.path", "more")
    await vcs.call("open")


def fsmonitor(shop: Path, program: str) -> None:
    run_git(shop, "config", "core.fsmonitor", program)


def filters(shop: Path, program: str) -> None:
    (shop / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    for key in ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "merge.evil.driver"):
        run_git(shop, "config", key, program)
    for key in ("diff.evil.command", "diff.evil.textconv", "diff.external"):
        run_git(shop, "config", key, program)
    run_git(shop, "config", "filter.evil.required", "true")


def included_filters(shop: Path, program: str) -> None:
    (shop / ".gitattributes").write_text("* filter=evil\n")
    (shop / "team.config").write_text(f'[filter "evil"]\n\tclean = {program}\n\tsmudge = {program}\n')
    run_git(shop, "config", "include.path", "../team.config")


def hooks(shop: Path, program: str) -> None:
    for name in (
        "post-index-change",
        "reference-transaction",
        "post-checkout",
        "pre-push",
        "post-commit",
        "pre-commit",
    ):
        hook = shop / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\nexec {program}\n")
        hook.chmod(0o755)


def programs(shop: Path, program: str) -> None:
    for key in ("core.sshCommand", "core.editor", "core.pager", "core.askPass", "gpg.program", "credential.helper"):
        run_git(shop, "config", key, program)
    run_git(shop, "config", "commit.gpgSign", "true")
    run_git(shop, "config", "core.alternateRefsCommand", program)
    run_git(shop, "config", "alias.ls-files", f"!{program}")


def nested_hostile_repository(shop: Path, program: str) -> None:
    nested = make_repository(shop / "nested", {"a.py": "a = 1\n"})
    fsmonitor(nested, program)
    hooks(nested, program)


def hostile_submodule(shop: Path, program: str) -> None:
    library = make_repository(shop.parent / "library", {"lib.py": "x = 1\n"})
    run_git(shop, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "vendor")
    run_git(shop, "config", "submodule.vendor.update", f"!{program}")
    run_git(shop, "config", "submodule.recurse", "true")
    run_git(shop, "config", "diff.submodule", "log")
    fsmonitor(shop / "vendor", program)
    hooks_of = Path(run_git(shop / "vendor", "rev-parse", "--absolute-git-dir").strip()) / "hooks" / "post-checkout"
    hooks_of.parent.mkdir(exist_ok=True)
    hooks_of.write_text(f"#!/bin/sh\nexec {program}\n")
    hooks_of.chmod(0o755)


TRAPS = [fsmonitor, filters, included_filters, hooks, programs, nested_hostile_repository, hostile_submodule]


@pytest.mark.parametrize("trap", TRAPS)
async def test_no_program_of_the_repository_ever_runs(
    shop: Path, vcs: Desk, tmp_path: Path, trap: Callable[[Path, str], None]
) -> None:
    script = tmp_path / "trap"
    script.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(tmp_path))}/sprung\ncat\n")
    script.chmod(0o755)
    trap(shop, str(script))
    (tmp_path / "sprung").unlink(missing_ok=True)  # setting a trap may spring it

    opened = await vcs.call("open", files=True)
    workspace = opened["workspace"]
    report = await vcs.edit(workspace, replace("README.md", "Shop", "Store"), replace("shop/cart.py", "sum", "max"))
    await vcs.call("checkpoint", workspace=workspace)
    await vcs.call("diff", workspace=workspace)
    await vcs.call("rollback", workspace=workspace, checkpoint=opened["base"]["id"])
    await vcs.call("apply", workspace=workspace, checkpoint=report["checkpoint"]["id"], branch="fix")
    with (shop / "shop" / "cart.py").open("a") as cart:
        cart.write("\n# mine\n")
    await vcs.call("apply", workspace=workspace, checkpoint=report["checkpoint"]["id"])
    await vcs.call("finish", workspace=workspace)
    await vcs.call("open", files=True)

    merged = SHOP["shop/cart.py"].replace("sum", "max") + "\n# mine\n"
    assert (shop / "shop" / "cart.py").read_text() == merged
    assert vcs.content(opened["base"]["tree"], "README.md") == b"# Shop\n"
    assert not (tmp_path / "sprung").exists()


async def test_the_fsmonitor_trap_is_one_that_ordinary_git_falls_into(shop: Path, tmp_path: Path) -> None:
    """Proof that the traps above are real: what does not spring would prove nothing."""
    script = tmp_path / "trap"
    script.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(tmp_path))}/sprung\n")
    script.chmod(0o755)
    fsmonitor(shop, str(script))
    run_git(shop, "status")
    assert (tmp_path / "sprung").exists()


async def test_a_nested_git_file_shows_nothing_of_the_repository_it_points_to(
    shop: Path, vcs: Desk, tmp_path: Path
) -> None:
    private = make_repository(tmp_path / "private", {"diary.txt": "private\n"})
    (shop / "lib").mkdir()
    (shop / "lib" / ".git").write_text(f"gitdir: {private}/.git\n")
    (shop / "lib" / "a.py").write_text("a = 1\n")
    opened = await vcs.call("open")
    assert set(vcs.entries(opened["base"]["tree"])) == set(SHOP)
    assert opened["warnings"] == ["other repositories inside, which are left out and can't be edited here: lib"]


async def test_the_environment_of_the_server_does_not_lead_elsewhere(
    shop: Path, vcs: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = make_repository(tmp_path / "private", {"diary.txt": "private\n"})
    for name, value in {"GIT_DIR": ".git", "GIT_WORK_TREE": "", "GIT_INDEX_FILE": ".git/index"}.items():
        monkeypatch.setenv(name, os.fspath(private / value))
    opened = await vcs.call("open")
    assert (set(vcs.entries(opened["base"]["tree"])), opened["branch"]) == (set(SHOP), "main")
