"""Unified diffs as edits: found by their lines, not by their numbers."""

from typing import Any

import pytest
from support.desk import SHOP, Desk

from loopcutter_vcs.kinds import Create, Delete, Patch, Rename, Replace
from loopcutter_vcs.patch import edits_of

pytestmark = pytest.mark.anyio

CART = SHOP["shop/cart.py"]


def diff(patch: str, **more: Any) -> dict[str, Any]:
    return {"kind": "diff", "patch": patch, **more}


async def content(vcs: Desk, patch: dict[str, Any]) -> str:
    report = await vcs.edit(await vcs.open(), patch)
    return vcs.content(report["checkpoint"]["tree"], "shop/cart.py").decode()


async def test_a_diff_with_wrong_numbers_is_made_where_its_lines_are(vcs: Desk) -> None:
    patch = "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -90,7 +95,9 @@ class Cart:\n     def total(self):\n"
    patch += "-        return sum(self.prices)\n+        return sum(self.prices, 0)\n \n"
    assert await content(vcs, diff(patch)) == CART.replace("sum(self.prices)", "sum(self.prices, 0)")


async def test_hunks_alone_need_the_path(vcs: Desk) -> None:
    patch = "@@\n     def total(self):\n-        return sum(self.prices)\n+        return 0\n"
    assert await content(vcs, diff(patch, path="shop/cart.py")) == CART.replace("sum(self.prices)", "0")
    said = await vcs.refused_edit(await vcs.open(), diff(patch))
    assert said.startswith("the diff does not say of which file it is: give path")


async def test_the_diff_of_a_workspace_can_be_given_to_another_one(vcs: Desk) -> None:
    one, other = await vcs.open(), await vcs.open()
    made = await vcs.edit(
        one,
        {"kind": "symbol", "path": "shop/cart.py", "symbol": "total", "source": "def total(self):\n    return 0\n"},
        {"kind": "create", "path": "shop/tax.py", "content": "RATE = 1\n\n\nMORE = 2\n"},
        {"kind": "delete", "path": "shop/money.py"},
        {"kind": "rename", "path": "README.md", "to": "docs/README.md"},
    )
    unified = (await vcs.call("diff", workspace=one))["unified"]
    again = await vcs.edit(other, diff(unified))
    assert again["checkpoint"]["tree"] == made["checkpoint"]["tree"]


async def test_when_one_hunk_has_no_place_no_file_is_changed(vcs: Desk) -> None:
    workspace = await vcs.open()
    good = "--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# Shop\n+# Store\n"
    bad = "--- a/shop/money.py\n+++ b/shop/money.py\n@@ -1 +1 @@\n-nothing like it = here\n+x = 1\n"
    said = await vcs.refused_edit(workspace, diff(good + bad))
    assert "does not occur in shop/money.py" in said
    assert (await vcs.call("diff", workspace=workspace))["files"] == []


async def test_a_diff_that_leads_out_of_the_workspace_is_refused(vcs: Desk) -> None:
    said = await vcs.refused_edit(await vcs.open(), diff("--- /dev/null\n+++ b/../evil\n@@ -0,0 +1 @@\n+x\n"))
    assert "leads out of its folder" in said


@pytest.mark.parametrize("patch", ["", "no diff at all", "@@ -1 +1 @@\n same\n"])
def test_what_holds_no_change_makes_no_edit(patch: str) -> None:
    with pytest.raises(Exception, match="the diff holds no hunk"):
        edits_of(Patch("diff", patch, "a.py"))


def test_each_part_becomes_the_edit_it_means() -> None:
    patch = (
        "diff --git a/a.py b/b.py\nsimilarity index 90%\nrename from a.py\nrename to b.py\n--- a/a.py\n+++ b/b.py\n"
        "@@ -3,2 +3,2 @@\n x\n-y\n+z\n"
        "--- /dev/null\n+++ b/new.py\t2026-01-01\n@@ -0,0 +1,2 @@\n+one\n+-- two\n\\ No newline at end of file\n"
        "diff --git a/old.py b/old.py\ndeleted file mode 100644\n--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n"
    )
    assert edits_of(Patch("diff", patch)) == [
        Replace("replace", "a.py", "x\ny\n", "x\nz\n", 3),
        Rename("rename", "a.py", "b.py"),
        Create("create", "new.py", "one\n-- two\n"),
        Delete("delete", "old.py"),
    ]
