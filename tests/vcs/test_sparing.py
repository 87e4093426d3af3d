"""What a rollback spares: files that the state it returns to ignores."""

from pathlib import Path

import pytest
from support.desk import SHOP, Desk

pytestmark = pytest.mark.anyio


async def test_a_rollback_does_not_lose_an_ignored_file_that_stands_in_its_way(shop: Path, vcs: Desk) -> None:
    (shop / "result.log").write_text("the first\n")
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], vcs.worktree(opened["workspace"])
    await vcs.edit(workspace, {"kind": "delete", "path": "result.log"})
    await vcs.edit(workspace, {"kind": "create", "path": ".gitignore", "content": "*.log\n"})
    (files / "result.log").mkdir()
    (files / "result.log" / "deep.log").write_text("ignored, and in the way\n")
    (files / "other.log").write_text("ignored\n")

    back = await vcs.call("rollback", workspace=workspace, checkpoint=opened["base"]["id"])

    assert (files / "result.log").read_text() == "the first\n"
    assert (files / "other.log").read_text() == "ignored\n"
    assert vcs.content(back["undo"]["tree"], "result.log/deep.log") == b"ignored, and in the way\n"


async def test_an_ignored_file_survives_that_somebody_empties_gitignore_and_goes_back(shop: Path, vcs: Desk) -> None:
    (shop / ".gitignore").write_text("*.log\nbuild/\n")
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], Path(opened["folder"])
    (files / "build").mkdir()
    for name in ("run.log", "build/out.bin"):
        (files / name).write_text("ignored\n")
    (files / ".gitignore").write_text("")
    (files / "stray.txt").write_text("stray\n")

    back = await vcs.call("rollback", workspace=workspace, checkpoint="base")

    assert {"run.log", "build/out.bin", "stray.txt"} <= set(vcs.entries(back["undo"]["tree"]))
    assert [(files / name).read_text() for name in ("run.log", "build/out.bin")] == ["ignored\n"] * 2
    assert ((files / ".gitignore").read_text(), (files / "stray.txt").exists()) == ("*.log\nbuild/\n", False)
    made = await vcs.call("checkpoint", workspace=workspace)
    assert made["tree"] == opened["base"]["tree"]


async def test_a_file_that_was_ignored_only_for_a_while_stays_when_its_state_is_left(shop: Path, vcs: Desk) -> None:
    (shop / ".gitignore").write_text("*.log\n")
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], Path(opened["folder"])
    (files / "run.log").write_text("ignored\n")
    for rules in ("", "*.log\n"):
        (files / ".gitignore").write_text(rules)
        await vcs.call("checkpoint", workspace=workspace)
    await vcs.call("rollback", workspace=workspace, checkpoint="base")
    assert (files / "run.log").read_text() == "ignored\n"


@pytest.mark.parametrize(
    "rules",
    [
        {".gitignore": "*\n"},
        {".gitignore": "*\n!.gitignore\n"},
        {".gitignore": "made/\n", "made/.gitignore": "*\n"},
        {".gitignore": "*.txt\n", "made/.gitignore": ".gitignore\n"},
    ],
    ids=["all", "all but itself", "a folder with its own", "one ignored by another"],
)
async def test_rules_that_go_themselves_spare_nothing(vcs: Desk, rules: dict[str, str]) -> None:
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], vcs.worktree(opened["workspace"])
    created = {**rules, "made/new.txt": "made by an edit\n"}
    made = [{"kind": "create", "path": path, "content": content} for path, content in created.items()]
    await vcs.edit(workspace, *made, {"kind": "delete", "path": "shop/cart.py"})

    await vcs.call("rollback", workspace=workspace, checkpoint="base")

    assert {str(path.relative_to(files)) for path in files.rglob("*") if path.is_file()} == set(SHOP)


async def test_rules_inside_an_ignored_folder_are_spared_with_it(shop: Path, vcs: Desk) -> None:
    (shop / ".gitignore").write_text("build/\n")
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], vcs.worktree(opened["workspace"])
    (files / "build").mkdir()
    (files / "build" / ".gitignore").write_text("*.o\n")
    (files / "build" / "out.bin").write_text("ignored\n")
    (files / ".gitignore").write_text("")

    back = await vcs.call("rollback", workspace=workspace, checkpoint="base")

    assert {"build/.gitignore", "build/out.bin"} <= set(vcs.entries(back["undo"]["tree"]))
    assert [(files / "build" / name).read_text() for name in (".gitignore", "out.bin")] == ["*.o\n", "ignored\n"]


async def test_an_ignored_file_where_an_empty_folder_comes_back_is_kept_in_the_state_that_was_left(
    shop: Path, vcs: Desk
) -> None:
    (shop / "room").mkdir()
    opened = await vcs.call("open", files=True)
    workspace, files = opened["workspace"], vcs.worktree(opened["workspace"])
    (files / "room").rmdir()
    (files / "room").write_text("ignored, and in the way\n")
    (files / ".gitignore").write_text("room\n")
    left = await vcs.call("checkpoint", workspace=workspace)
    assert "room" not in vcs.entries(left["tree"])

    back = await vcs.call("rollback", workspace=workspace, checkpoint="base")

    assert (files / "room").is_dir()
    assert vcs.content(back["undo"]["tree"], "room") == b"ignored, and in the way\n"
