"""What a client sees of the tools before it calls one."""

import json
from pathlib import Path

import pytest
from mcp import Client
from support.desk import Desk, replace

from loopcutter_vcs.server import build

pytestmark = pytest.mark.anyio


async def test_every_tool_has_a_title_a_description_a_schema_and_annotations(vcs: Desk) -> None:
    tools = {tool.name: tool for tool in (await vcs.client.list_tools()).tools}
    names = ["open", "checkpoint", "edit", "diff", "history", "rollback", "publish", "apply", "finish", "gc", "status"]
    assert list(tools) == names
    assert all(tool.title and tool.description and tool.output_schema and tool.annotations for tool in tools.values())
    hints = {name: tool.annotations for name, tool in tools.items() if tool.annotations}
    assert [name for name, hint in hints.items() if hint.read_only_hint] == ["diff", "history", "status"]
    assert [name for name, hint in hints.items() if hint.destructive_hint] == ["apply", "gc"]
    assert [name for name, hint in hints.items() if hint.open_world_hint] == ["publish"]


async def test_what_a_model_reads_of_the_tools_is_short(vcs: Desk) -> None:
    tools = (await vcs.client.list_tools()).tools
    read = sum(len(json.dumps([tool.description, tool.input_schema], separators=(",", ":"))) for tool in tools)
    assert read <= 8_000


async def test_results_say_in_a_line_what_happened(vcs: Desk) -> None:
    workspace = await vcs.open()
    edits = [replace("README.md", "Shop", "Store")]
    result = await vcs.client.call_tool("edit", {"workspace": workspace, "edits": edits})
    checkpoint = (result.structured_content or {})["checkpoint"]
    [said] = result.content
    assert said.type == "text"
    assert said.text == f"Changed README.md. Checkpoint {checkpoint['id']}, tree {checkpoint['tree']}."


async def test_opening_tells_how_far_it_is(vcs: Desk) -> None:
    told: list[str | None] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)

    await vcs.client.call_tool("open", {"files": True}, progress_callback=progress)
    assert told == [
        "looking at the repository",
        "reading the working tree",
        "checking that nothing changed meanwhile",
        "laying out the workspace",
    ]


async def test_worktrees_are_gone_when_the_server_has_stopped(shop: Path, tmp_path: Path) -> None:
    async with Client(build(tmp_path / "store", {"shop": shop})) as client:
        await client.call_tool("open", {"files": True})
        while_open = list((tmp_path / "store" / "work").glob("*/*/tree"))
    assert len(while_open) == 1
    assert list((tmp_path / "store" / "work").iterdir()) == []


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_clients_of_both_eras_are_served(shop: Path, tmp_path: Path, mode: str) -> None:
    async with Client(build(tmp_path / "store", {"shop": shop}), mode=mode) as client:
        result = await client.call_tool("open", {})
    assert (result.structured_content or {})["branch"] == "main"


async def test_a_disk_that_fails_is_told_in_words(vcs: Desk) -> None:
    workspace = await vcs.open()
    await vcs.call("checkpoint", workspace=workspace)
    [locks] = vcs.store.glob("*/locks")
    locks.rename(locks.with_name("moved"))
    locks.write_text("not a folder")
    assert "the store can't be used" in await vcs.refused("checkpoint", workspace=workspace)
