"""Every kind of edit, asked for as a model does, and what it leaves behind."""

from pathlib import Path
from typing import Any

import pytest
from support.desk import SHOP, Desk, desk, replace
from support.repository import make_repository

pytestmark = pytest.mark.anyio

CART = SHOP["shop/cart.py"]


async def test_a_replacement_is_reported_with_its_place_its_diff_and_a_checkpoint(vcs: Desk) -> None:
    opened = await vcs.call("open")
    report = await vcs.edit(opened["workspace"], replace("shop/cart.py", "sum(self.prices)", "0"))

    assert report["changed"] == ["shop/cart.py"]
    assert report["matches"] == [{"path": "shop/cart.py", "how": "exact", "line": 11}]
    assert "-        return sum(self.prices)\n+        return 0\n" in report["diff"]
    assert report["checkpoint"]["parent"] == opened["base"]["id"]
    assert report["checkpoint"]["label"] == "edit shop/cart.py"
    assert vcs.content(report["checkpoint"]["tree"], "shop/cart.py").decode() == CART.replace("sum(self.prices)", "0")


async def test_edits_of_all_kinds_are_made_together(vcs: Desk) -> None:
    workspace = await vcs.open(files=True)
    report = await vcs.edit(
        workspace,
        {
            "kind": "symbol",
            "path": "shop/cart.py",
            "symbol": "Cart.total",
            "source": "def total(self):\n    return 0\n",
        },
        {"kind": "file", "path": "README.md", "content": "# Store\n"},
        {"kind": "create", "path": "shop/new/tax.py", "content": "RATE = 0.2\n"},
        {"kind": "rename", "path": "shop/money.py", "to": "shop/new/money.py"},
        replace("shop/new/money.py", "round(amount, 2)", "amount"),
    )

    tree = report["checkpoint"]["tree"]
    assert sorted(vcs.entries(tree)) == ["README.md", "shop/cart.py", "shop/new/money.py", "shop/new/tax.py"]
    assert report["changed"] == ["README.md", "shop/cart.py", "shop/money.py", "shop/new/money.py", "shop/new/tax.py"]
    assert [match["how"] for match in report["matches"]] == ["symbol", "file", "create", "rename", "exact"]
    assert vcs.content(tree, "shop/new/money.py").endswith(b"    return amount\n")
    files = {path.relative_to(vcs.worktree(workspace)) for path in vcs.worktree(workspace).rglob("*.*")}
    assert files == {Path(path) for path in vcs.entries(tree)}


async def test_when_one_edit_is_refused_none_is_made(vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    said = await vcs.refused_edit(
        opened["workspace"], replace("README.md", "Shop", "Store"), {"kind": "delete", "path": "shop/nothing.py"}
    )

    assert said.startswith("edit 2 of 2 (none was made): 'shop/nothing.py' does not exist")
    assert (vcs.worktree(opened["workspace"]) / "README.md").read_text() == "# Shop\n"
    assert (await vcs.call("diff", workspace=opened["workspace"]))["files"] == []


async def test_later_edits_build_on_earlier_ones(vcs: Desk) -> None:
    report = await vcs.edit(
        await vcs.open(), replace("README.md", "Shop", "Store"), replace("README.md", "# Store", "# The store")
    )
    assert vcs.content(report["checkpoint"]["tree"], "README.md") == b"# The store\n"


async def test_an_edit_that_changes_nothing_is_made_and_says_so(vcs: Desk) -> None:
    opened = await vcs.call("open")
    report = await vcs.edit(opened["workspace"], replace("README.md", "Shop", "Shop"))
    assert (report["changed"], report["diff"]) == ([], "")
    assert report["checkpoint"]["tree"] == opened["base"]["tree"]


async def test_python_that_would_no_longer_parse_is_refused_with_the_line(vcs: Desk) -> None:
    said = await vcs.refused_edit(await vcs.open(), replace("shop/cart.py", "sum(self.prices)", "sum(self.prices"))
    assert said == (
        "shop/cart.py would no longer parse, line 11: '(' was never closed: `return sum(self.prices`: "
        "nothing was changed, correct the edit"
    )


async def test_two_edits_that_only_parse_together_are_made(vcs: Desk) -> None:
    report = await vcs.edit(
        await vcs.open(),
        replace("shop/money.py", "round(amount", "round((amount"),
        replace("shop/money.py", "2)", "2))"),
    )
    assert report["changed"] == ["shop/money.py"]


async def test_python_that_did_not_parse_before_may_stay_so(tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop", {"old.py": "print 'hello'\n"})
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        await vcs.edit(workspace, replace("old.py", "hello", "bye"))
        await vcs.edit(workspace, {"kind": "rename", "path": "old.py", "to": "older.py"})
        assert "would no longer parse" in await vcs.refused_edit(
            workspace, {"kind": "create", "path": "new.py", "content": "print 'hello'\n"}
        )


async def test_a_warning_of_the_parser_is_no_error(vcs: Desk) -> None:
    await vcs.edit(await vcs.open(), replace("shop/money.py", '"""Money."""', r"DIGITS = '\d'"))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            replace("shop/crat.py", "a", "b"),
            "'shop/crat.py' does not exist: did you mean shop/cart.py? use kind create",
        ),
        ({"kind": "create", "path": "README.md", "content": ""}, "'README.md' exists already: use kind file"),
        (
            {"kind": "rename", "path": "README.md", "to": "shop/cart.py"},
            "'shop/cart.py' exists already: delete it first",
        ),
        ({"kind": "file", "path": "new.txt", "content": ""}, "'new.txt' does not exist: use kind create"),
        ({"kind": "file", "path": "shop", "content": ""}, "'shop' is a folder"),
        ({"kind": "create", "path": "README.md/x", "content": ""}, "leads through 'README.md', which is a file"),
        ({"kind": "create", "path": "../x", "content": ""}, "'../x' leads out of its folder"),
        ({"kind": "create", "path": "/tmp/x", "content": ""}, "'/tmp/x' is an absolute path"),
        ({"kind": "create", "path": ".git/hooks/post-checkout", "content": ""}, "lies in a '.git'"),
        ({"kind": "rename", "path": "README.md", "to": "shop/.Git"}, "lies in a '.git'"),
        ({"kind": "symbol", "path": "README.md", "symbol": "x", "source": ""}, "symbol edits know Python only"),
        ({"kind": "rename", "path": "README.md"}, "edits.0.rename.to"),
        ({"kind": "delete", "path": "README.md", "force": True}, "edits.0.delete.force"),
        ({"kind": "shred", "path": "README.md"}, "'replace', 'symbol', 'file', 'create', 'delete', 'rename'"),
    ],
)
async def test_an_impossible_edit_is_refused_with_what_to_do(vcs: Desk, edit: dict[str, Any], said: str) -> None:
    assert said in await vcs.refused_edit(await vcs.open(), edit)


async def test_links_are_never_written_through(shop: Path, vcs: Desk, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("mine\n")
    (shop / "out").symlink_to(tmp_path)
    (shop / "within.txt").symlink_to("README.md")
    workspace = await vcs.open()

    through = await vcs.refused_edit(workspace, replace("out/outside.txt", "mine", "yours"))
    at = await vcs.refused_edit(workspace, replace("within.txt", "Shop", "Store"))
    report = await vcs.edit(workspace, {"kind": "delete", "path": "out"})

    assert (
        through == "'out/outside.txt' leads through 'out', which is a symbolic link: name a file inside the workspace"
    )
    assert at == "'within.txt' is a symbolic link to 'README.md': edit the file it stands for"
    assert (tmp_path / "outside.txt").read_text() == "mine\n"
    assert "out" not in vcs.entries(report["checkpoint"]["tree"])


async def test_modes_line_ends_marks_and_odd_bytes_survive_an_edit(shop: Path, vcs: Desk) -> None:
    (shop / "run.sh").write_bytes(b"#!/bin/sh\r\necho caf\xe9\r\n")
    (shop / "run.sh").chmod(0o755)
    (shop / "marked.txt").write_bytes("\ufeffone\r\n".encode())
    report = await vcs.edit(
        await vcs.open(),
        replace("run.sh", "#!/bin/sh\necho", "#!/bin/sh\nset -e\necho"),
        {"kind": "file", "path": "marked.txt", "content": "one\ntwo\n"},
    )

    tree = report["checkpoint"]["tree"]
    assert vcs.content(tree, "run.sh") == b"#!/bin/sh\r\nset -e\r\necho caf\xe9\r\n"
    assert vcs.entries(tree)["run.sh"].mode == "100755"
    assert vcs.content(tree, "marked.txt") == "\ufeffone\r\ntwo\r\n".encode()


async def test_a_binary_file_is_not_edited_but_can_be_renamed_and_deleted(shop: Path, vcs: Desk) -> None:
    (shop / "logo.png").write_bytes(b"\x89PNG\0\0")
    workspace = await vcs.open()
    assert "is a binary file" in await vcs.refused_edit(workspace, replace("logo.png", "PNG", "GIF"))
    moved = await vcs.edit(workspace, {"kind": "rename", "path": "logo.png", "to": "icon.png"})
    assert vcs.content(moved["checkpoint"]["tree"], "icon.png") == b"\x89PNG\0\0"
    gone = await vcs.edit(workspace, {"kind": "delete", "path": "icon.png"})
    assert "icon.png" not in vcs.entries(gone["checkpoint"]["tree"])


async def test_a_file_can_become_a_folder(vcs: Desk) -> None:
    report = await vcs.edit(
        await vcs.open(),
        {"kind": "delete", "path": "README.md"},
        {"kind": "delete", "path": "shop/cart.py"},
        {"kind": "delete", "path": "shop/money.py"},
        {"kind": "create", "path": "shop.py", "content": ""},
    )
    assert sorted(vcs.entries(report["checkpoint"]["tree"])) == ["shop.py"]
