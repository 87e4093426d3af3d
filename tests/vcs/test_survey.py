"""What `open` takes of the user's working tree, and what it says about the rest."""

import os
import tempfile
from pathlib import Path

import pytest
from support.desk import SHOP, Desk, desk, replace
from support.repository import fingerprint, make_repository, run_git

pytestmark = pytest.mark.anyio


def reads_everything() -> bool:
    """Whether permissions bind us; root's don't."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).chmod(0)
        return os.access(file.name, os.R_OK)


needs_permissions = pytest.mark.skipif(reads_everything(), reason="this user reads everything")


async def taken(vcs: Desk) -> set[str]:
    return set(vcs.entries((await vcs.call("open"))["base"]["tree"]))


async def test_the_working_tree_is_taken_as_it_is_and_not_as_it_was_committed(shop: Path, vcs: Desk) -> None:
    (shop / "README.md").write_text("modified\n")
    (shop / "shop" / "money.py").unlink()
    (shop / "staged.txt").write_text("staged\n")
    run_git(shop, "add", "staged.txt")
    (shop / "staged.txt").write_text("and modified\n")
    (shop / "untracked.txt").write_text("untracked\n")

    opened = await vcs.call("open")

    tree = opened["base"]["tree"]
    contents = {path: vcs.content(tree, path) for path in vcs.entries(tree)}
    assert contents == {
        "README.md": b"modified\n",
        "shop/cart.py": SHOP["shop/cart.py"].encode(),
        "staged.txt": b"and modified\n",
        "untracked.txt": b"untracked\n",
    }
    assert opened["warnings"] == []
    assert (opened["repository"], opened["branch"]) == ("shop", "main")
    assert opened["head"] == run_git(shop, "rev-parse", "HEAD").strip()


async def test_ignored_files_are_never_taken(
    shop: Path, vcs: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "personal-ignores").write_text("*.swp\n")
    (tmp_path / "gitconfig").write_text(f"[core]\n\texcludesFile = {tmp_path}/personal-ignores\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (shop / ".gitignore").write_text("*.log\nbuild/\n")
    (shop / ".git" / "info" / "exclude").write_text("mine.txt\n")
    (shop / "build").mkdir()
    for ignored in ("a.log", "build/out.py", "mine.txt", "a.swp"):
        (shop / ignored).write_text("ignored\n")

    assert await taken(vcs) == {*SHOP, ".gitignore"}


async def test_a_tracked_file_is_taken_although_it_is_ignored(shop: Path, vcs: Desk) -> None:
    (shop / ".gitignore").write_text("*.md\n")
    assert "README.md" in await taken(vcs)


async def test_every_byte_mode_link_and_name_is_taken_as_it_is(tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop", SHOP)
    (shop / ".gitattributes").write_text("* text=auto eol=lf\n*.utf16 working-tree-encoding=UTF-16\n*.id ident\n")
    contents = {
        b"crlf.txt": b"a\r\nb\r\n",
        b"x.utf16": "ä".encode("utf-16"),
        b"x.id": b"$Id: no $",
        b"caf\xe9": b"\xff",
    }
    contents |= {b"new\nline": b"", b":(top)x": b"", b'"quoted"': b"", b"-x": b"", b" ": b""}
    for name, content in contents.items():
        Path(os.fsdecode(os.fsencode(shop) + b"/" + name)).write_bytes(content)
    (shop / "crlf.txt").chmod(0o755)
    (shop / "dangling").symlink_to("nowhere")

    async with desk(shop, tmp_path / "store") as vcs:
        opened = await vcs.call("open", files=True)
        entries = vcs.entries(opened["base"]["tree"])
        found = {os.fsencode(path): vcs.content(opened["base"]["tree"], path) for path in entries}
        files = vcs.worktree(opened["workspace"])

        assert contents.items() <= found.items()
        assert found[b"dangling"] == b"nowhere"
        assert (entries["crlf.txt"].mode, entries["dangling"].mode) == ("100755", "120000")
        there = {path: facts for path, facts in fingerprint(shop).items() if path.partition("/")[0] != ".git"}
        assert fingerprint(files) == there


async def test_what_changed_since_the_last_time_is_noticed(shop: Path, vcs: Desk) -> None:
    (shop / "soon-ignored.txt").write_text("x")
    (shop / "soon-a-folder").write_text("x")
    await vcs.call("open")
    (shop / ".gitignore").write_text("soon-ignored.txt\n")
    (shop / "soon-a-folder").unlink()
    (shop / "soon-a-folder").mkdir()
    (shop / "soon-a-folder" / "file").write_text("x")
    (shop / "README.md").write_text("# Shep\n")
    (shop / "shop" / "money.py").unlink()

    opened = await vcs.call("open")

    tree = opened["base"]["tree"]
    assert set(vcs.entries(tree)) == {".gitignore", "README.md", "shop/cart.py", "soon-a-folder/file"}
    assert vcs.content(tree, "README.md") == b"# Shep\n"


async def test_tracked_files_below_what_is_a_link_by_now_are_gone(shop: Path, vcs: Desk) -> None:
    (shop / "shop").rename(shop / "store")
    (shop / "shop").symlink_to("store")
    assert await taken(vcs) == {"README.md", "shop", "store/cart.py", "store/money.py"}


async def test_what_a_killed_server_left_locked_does_not_matter(shop: Path, vcs: Desk) -> None:
    await vcs.call("open")
    [index] = vcs.store.glob("*/survey")
    index.with_suffix(".lock").write_text("")
    (shop / "README.md").write_text("changed\n")
    assert vcs.content((await vcs.call("open"))["base"]["tree"], "README.md") == b"changed\n"


async def test_a_detached_head_is_opened_with_a_warning(shop: Path, vcs: Desk) -> None:
    run_git(shop, "checkout", "--quiet", "--detach")
    opened = await vcs.call("open")
    assert opened["branch"] is None
    assert opened["head"] == run_git(shop, "rev-parse", "HEAD").strip()
    assert opened["warnings"] == ["HEAD is detached: the user is on no branch"]


async def test_a_branch_without_commits_is_opened_with_a_warning(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    run_git(shop, "init", "--quiet", "--initial-branch=fresh")
    (shop / "a.py").write_text("a = 1\n")
    async with desk(shop, tmp_path / "store") as vcs:
        opened = await vcs.call("open")
    assert (opened["head"], opened["branch"]) == (None, "fresh")
    assert opened["warnings"] == [
        "there is no commit yet: a fix can be applied to the working tree, but not as a branch"
    ]


async def test_submodules_and_repositories_inside_are_left_out_and_not_edited(shop: Path, vcs: Desk) -> None:
    library = make_repository(shop.parent / "library", {"lib.py": "x = 1\n"})
    run_git(shop, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "vendor/library")
    make_repository(shop / "nested", {"own.py": "x = 1\n"})

    opened = await vcs.call("open")

    assert set(vcs.entries(opened["base"]["tree"])) == {*SHOP, ".gitmodules"}
    assert opened["warnings"] == [
        "submodules, which are left out and can't be edited here: vendor/library",
        "other repositories inside, which are left out and can't be edited here: nested",
    ]
    for path in ("vendor/library/lib.py", "nested/new.py"):
        edit = {"kind": "create", "path": path, "content": ""}
        said = await vcs.refused_edit(opened["workspace"], edit)
        assert said.startswith(f"'{path}' was left out of the workspace: see the warnings that open gave")


async def test_a_huge_file_is_left_out_with_a_warning(shop: Path, vcs: Desk) -> None:
    with (shop / "huge.bin").open("wb") as huge:
        huge.truncate((50 << 20) + 1)
    opened = await vcs.call("open")
    assert "huge.bin" not in vcs.entries(opened["base"]["tree"])
    assert opened["warnings"] == ["left out because larger than 50 MiB: huge.bin"]


async def test_an_unfinished_merge_is_refused(shop: Path, vcs: Desk) -> None:
    run_git(shop, "checkout", "--quiet", "-b", "other")
    (shop / "README.md").write_text("other\n")
    run_git(shop, "commit", "--quiet", "--all", "--message=other")
    run_git(shop, "checkout", "--quiet", "main")
    (shop / "README.md").write_text("main\n")
    run_git(shop, "commit", "--quiet", "--all", "--message=main")
    with pytest.raises(Exception, match="merge"):
        run_git(shop, "merge", "--quiet", "other")
    assert await vcs.refused("open") == (
        "a merge is unfinished in README.md: resolve its conflicts, `git add` them, open again"
    )


async def test_a_repository_without_files_is_refused(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    run_git(shop, "init", "--quiet")
    (shop / ".env").write_text("TOKEN=1\n")
    async with desk(shop, tmp_path / "store") as vcs:
        assert await vcs.refused("open") == f"{shop} holds no file to work on: add one that is not ignored"


async def test_what_can_not_be_read_is_named(shop: Path, vcs: Desk) -> None:
    (shop / "README.md").unlink()
    os.mkfifo(shop / "README.md")
    assert await vcs.refused("open") == ("can't be read: README.md; make them readable, or ignore or remove them")


@needs_permissions
@pytest.mark.parametrize("path", ["README.md", "shop"])
async def test_what_the_user_may_not_read_is_named(shop: Path, vcs: Desk, path: str) -> None:
    (shop / path).chmod(0)
    said = await vcs.refused("open")
    (shop / path).chmod(0o755)
    assert path in said


@needs_permissions
async def test_an_untracked_folder_that_can_not_be_looked_into_is_named(shop: Path, vcs: Desk) -> None:
    (shop / "closed").mkdir(mode=0)
    said = await vcs.refused("open")
    (shop / "closed").chmod(0o755)
    assert "could not open directory 'closed/'" in said


async def test_files_the_user_changes_later_do_not_reach_the_workspace(shop: Path, vcs: Desk) -> None:
    workspace = await vcs.open()
    (shop / "README.md").write_text("later\n")
    report = await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    assert vcs.content(report["checkpoint"]["tree"], "README.md") == b"# Store\n"


async def test_many_new_files_are_stored_as_one_pack_byte_for_byte(shop: Path, vcs: Desk) -> None:
    (shop / ".gitattributes").write_text("* text=auto eol=lf ident\n")
    many = {f"many/{number}.txt": b"$Id$ %d\r\n\xff" % number for number in range(250)} | {"many/empty": b""}
    (shop / "many").mkdir()
    for path, content in many.items():
        (shop / path).write_bytes(content)

    tree = (await vcs.call("open"))["base"]["tree"]

    assert {path: vcs.content(tree, path) for path in many} == many
    assert len(list(vcs.store.glob("*/git/objects/pack/*.pack"))) == 1
    assert len([*vcs.store.glob("*/git/objects/??/*")]) < 50
