import re
from pathlib import Path

import pytest
from support.desk import Desk, desk, replace
from support.repository import make_repository

pytestmark = pytest.mark.anyio


async def test_every_change_is_listed_with_its_kind_and_size(shop: Path, vcs: Desk) -> None:
    (shop / "logo.png").write_bytes(b"\0\1")
    (shop / "long.txt").write_text("".join(f"{number}\n" for number in range(50)))
    opened = await vcs.call("open")
    await vcs.edit(
        opened["workspace"],
        replace("shop/cart.py", "sum(self.prices)", "0"),
        {"kind": "create", "path": "new.txt", "content": "one\ntwo\n"},
        {"kind": "delete", "path": "logo.png"},
        {"kind": "rename", "path": "long.txt", "to": "deep/long er.txt"},
        replace("deep/long er.txt", "49\n", "50\n"),
    )

    diff = await vcs.call("diff", workspace=opened["workspace"])

    assert diff["files"] == [
        {"path": "deep/long er.txt", "added": 1, "removed": 1, "status": "renamed", "old_path": "long.txt"},
        {"path": "logo.png", "added": 0, "removed": 0, "status": "deleted", "old_path": ""},
        {"path": "new.txt", "added": 2, "removed": 0, "status": "added", "old_path": ""},
        {"path": "shop/cart.py", "added": 1, "removed": 1, "status": "modified", "old_path": ""},
    ]
    assert diff["stat"] == "4 files changed, 4 insertions(+), 2 deletions(-)"
    assert diff["unified"].startswith("diff --git a/long.txt b/deep/long er.txt\nsimilarity index ")


async def test_two_checkpoints_are_compared_in_either_direction(vcs: Desk) -> None:
    workspace = await vcs.open()
    one = (await vcs.edit(workspace, replace("README.md", "Shop", "One")))["checkpoint"]["id"]
    two = (await vcs.edit(workspace, replace("README.md", "One", "Two")))["checkpoint"]["id"]
    forth = await vcs.call("diff", workspace=workspace, base=one, to=two)
    back = await vcs.call("diff", workspace=workspace, base=two, to=one)
    assert forth["unified"].endswith("-# One\n+# Two\n")
    assert back["unified"].endswith("-# Two\n+# One\n")


async def test_two_attempts_are_compared_as_they_stand_or_at_any_of_their_checkpoints(vcs: Desk) -> None:
    one, other = await vcs.open(), await vcs.open()
    first = (await vcs.edit(other, replace("README.md", "Shop", "Two")))["checkpoint"]["id"]
    await vcs.edit(one, replace("README.md", "Shop", "One"))
    await vcs.edit(other, replace("README.md", "Two", "Three"))
    across = {
        (one, other): ("One", "Three"),
        (other, "current"): ("Three", "One"),
        ("base", f"{other}:{first}"): ("Shop", "Two"),
        (f"{other}:{first}", f"{other}:current"): ("Two", "Three"),
    }
    for (base, to), (gone, come) in across.items():
        diff = await vcs.call("diff", workspace=one, base=base, to=to)
        assert diff["unified"].endswith(f"-# {gone}\n+# {come}\n")
    assert (await vcs.call("diff", workspace=one, base="base", to=f"{other}:base"))["unified"] == ""
    assert "mark one with checkpoint" in await vcs.refused("diff", workspace=one, to=f"{other}:best")
    assert "there is no workspace 'w0'" in await vcs.refused("diff", workspace=one, to="w0")


async def test_attempts_at_two_repositories_are_not_compared(shop: Path, vcs: Desk, tmp_path: Path) -> None:
    elsewhere = make_repository(tmp_path / "elsewhere", {"a.txt": "a\n"})
    workspace = await vcs.open()
    async with desk(elsewhere, vcs.store) as other:
        there = await other.open()
        assert "is of another repository" in await vcs.refused("diff", workspace=workspace, to=there)


async def test_a_diff_too_long_to_read_is_cut_at_a_line_and_says_so(vcs: Desk) -> None:
    workspace = await vcs.open()
    content = "".join(f"line {number}\n" for number in range(40_000))
    await vcs.edit(workspace, {"kind": "create", "path": "long.txt", "content": content})
    diff = await vcs.call("diff", workspace=workspace)
    *_, last, note = diff["unified"].splitlines()
    assert len(diff["unified"]) < 201_000
    assert last.startswith("+line ")
    assert re.fullmatch(r"… \d+ more characters are not shown", note)
    assert diff["files"][0]["added"] == 40_000


async def test_odd_names_and_bytes_are_shown_in_escapes(shop: Path, vcs: Desk) -> None:
    workspace = await vcs.open(files=True)
    (vcs.worktree(workspace) / "new\nline").write_bytes(b"caf\xe9\n")
    await vcs.call("checkpoint", workspace=workspace)
    diff = await vcs.call("diff", workspace=workspace)
    assert diff["files"] == [{"path": "new\nline", "added": 1, "removed": 0, "status": "added", "old_path": ""}]
    assert diff["unified"].endswith('+++ "b/new\\nline"\n@@ -0,0 +1 @@\n+caf\\xe9\n')
