import socket
from pathlib import Path

import anyio
import pytest
from support.desk import Desk, desk, replace
from support.relay import relay
from support.serving import TOKEN, Running

from loopcutter_snapshots import ObjectStore
from loopcutter_vcs.publishing import Remotes

pytestmark = pytest.mark.anyio


async def test_the_published_tree_is_that_of_the_checkpoint(
    shop: Path, tmp_path: Path, receiver: Running, received: ObjectStore
) -> None:
    async with desk(shop, tmp_path / "store", Remotes({"sandbox": receiver.url}, TOKEN)) as vcs:
        workspace = await vcs.open()
        checkpoint = (await vcs.edit(workspace, replace("README.md", "Shop", "Store")))["checkpoint"]
        published = await vcs.call("publish", workspace=workspace, remote="sandbox")

    assert published == {"remote": "sandbox", "tree": checkpoint["tree"]}
    assert received.read(checkpoint["tree"], "README.md") == b"# Store\n"


async def test_an_earlier_checkpoint_can_be_published_after_the_workspace_is_closed(
    shop: Path, tmp_path: Path, receiver: Running, received: ObjectStore
) -> None:
    (shop / "README.md").write_text("# As it was before\n")
    async with desk(shop, tmp_path / "store", Remotes({"sandbox": receiver.url}, TOKEN)) as vcs:
        opened = await vcs.call("open")
        await vcs.edit(opened["workspace"], replace("README.md", "before", "after"))
        await vcs.call("finish", workspace=opened["workspace"])
        arguments = {"workspace": opened["workspace"], "checkpoint": opened["base"]["id"]}
        published = await vcs.call("publish", remote="sandbox", **arguments)

    assert received.read(published["tree"], "README.md") == b"# As it was before\n"


async def test_after_a_small_edit_only_a_little_crosses_the_wire(shop: Path, tmp_path: Path, receiver: Running) -> None:
    noise = b"".join(
        bytes([(number * number * 7919 >> shift) & 255]) for number in range(70_000) for shift in (3, 11, 17)
    )
    (shop / "noise.bin").write_bytes(noise)
    async with relay(receiver.url) as wire, desk(shop, tmp_path / "store", Remotes({"r": wire.url}, TOKEN)) as vcs:
        workspace = await vcs.open()
        await vcs.call("publish", workspace=workspace, remote="r")
        first, wire.sent = wire.sent, 0
        await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
        await vcs.call("publish", workspace=workspace, remote="r")

    assert first > 50_000
    assert wire.sent < 5_000


async def test_what_another_workspace_published_does_not_cross_the_wire_again(
    shop: Path, tmp_path: Path, receiver: Running
) -> None:
    (shop / "README.md").write_text("".join(f"{number * number}\n" for number in range(20_000)))
    async with relay(receiver.url) as wire, desk(shop, tmp_path / "store", Remotes({"r": wire.url}, TOKEN)) as vcs:
        await vcs.call("publish", workspace=await vcs.open(), remote="r")
        first, wire.sent = wire.sent, 0
        (shop / "new.txt").write_text("new\n")
        await vcs.call("publish", workspace=await vcs.open(), remote="r")

    assert first > 20_000
    assert wire.sent < 5_000


@pytest.mark.parametrize("token", ["wrong", None])
async def test_a_wrong_token_is_named_as_a_possible_cause_and_never_shown(
    shop: Path, tmp_path: Path, receiver: Running, token: str | None
) -> None:
    async with desk(shop, tmp_path / "store", Remotes({"sandbox": receiver.url}, token)) as vcs:
        said = await vcs.refused("publish", workspace=await vcs.open(), remote="sandbox")

    assert "did not reach sandbox" in said
    assert "check that the server is running and that its token is the one given" in said
    assert "wrong" not in said


async def test_a_server_that_is_not_there_is_named(shop: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/mcp"
    async with desk(shop, tmp_path / "store", Remotes({"sandbox": url}, TOKEN)) as vcs:
        said = await vcs.refused("publish", workspace=await vcs.open(), remote="sandbox")

    assert url.replace("/mcp", "/git") in said


async def test_a_cancelled_push_stops(shop: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/mcp"
        async with desk(shop, tmp_path / "store", Remotes({"sandbox": url}, TOKEN)) as vcs:
            arguments = {"workspace": await vcs.open(), "remote": "sandbox"}
            async with anyio.create_task_group() as calls:
                calls.start_soon(vcs.client.call_tool, "publish", arguments)
                connection, _ = await anyio.to_thread.run_sync(silent.accept)
                with connection:
                    connection.settimeout(20)
                    asked = await anyio.to_thread.run_sync(connection.recv, 4096)
                    calls.cancel_scope.cancel()
                    with anyio.CancelScope(shield=True):
                        ended = await anyio.to_thread.run_sync(connection.recv, 4096)
    assert b"GET /git/info/refs" in asked
    assert ended == b""


async def test_an_unknown_remote_is_refused_with_the_known_ones(vcs: Desk) -> None:
    said = await vcs.refused("publish", workspace=await vcs.open(), remote="elsewhere")
    assert said == "there is no remote 'elsewhere': this server was started with none; add --remote NAME=URL"
