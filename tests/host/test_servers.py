"""The servers of a run: started, reached, and gone when the run is."""

import asyncio
import os
from pathlib import Path

import pytest

from loopcutter_host.connections import Address, Connections
from loopcutter_host.errors import Missing
from loopcutter_host.servers import ServerCommand, ServerGroup
from loopcutter_host.toolbox import use


def loopguard(folder: Path) -> ServerCommand:
    return ServerCommand("loopguard", ("--store", str(folder / "loopguard.sqlite")))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def begin_a_run(group: ServerGroup, folder: Path) -> str:
    await group.start([loopguard(folder)])
    async with Connections(group.addresses) as servers:
        return str((await use(servers, "loopguard", "begin", label="a test")).data["run"])


async def start_and_leave(folder: Path) -> tuple[str, list[int]]:
    async with ServerGroup() as group:
        run = await begin_a_run(group, folder)
        return run, group.pids()


def test_a_server_is_started_reached_and_gone_afterwards(tmp_path: Path) -> None:
    run, pids = asyncio.run(start_and_leave(tmp_path))

    assert run.startswith("g")
    assert [is_alive(pid) for pid in pids] == [False]


def test_settings_meant_for_other_servers_do_not_reach_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPCUTTER_LOOPGUARD_TOKEN", "of a server that runs on its own")
    monkeypatch.setenv("LOOPCUTTER_LOOPGUARD_HOST", "192.0.2.1")

    run, _ = asyncio.run(start_and_leave(tmp_path))

    assert run.startswith("g")


def test_code_in_the_current_folder_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "click.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')\n")
    monkeypatch.chdir(trap)

    asyncio.run(start_and_leave(tmp_path))

    assert not (tmp_path / "sprung").exists()


def test_a_server_that_can_not_start_says_why_in_its_own_words(tmp_path: Path) -> None:
    async def start() -> None:
        async with ServerGroup() as group:
            await group.start([ServerCommand("loopguard", ("--no-such-flag",))])

    with pytest.raises(Missing, match="loopguard could not be started: No such option"):
        asyncio.run(start())


def test_a_server_that_is_not_there_or_wants_another_token_is_named(tmp_path: Path) -> None:
    async def connect(address: Address) -> None:
        async with Connections({"loopguard": address}):
            pass

    async def with_wrong_token() -> None:
        async with ServerGroup() as group:
            await group.start([loopguard(tmp_path)])
            await connect(Address(group.addresses["loopguard"].url, "wrong"))

    with pytest.raises(Missing, match=r"loopguard can.t be reached at http://127\.0\.0\.1:9/mcp"):
        asyncio.run(connect(Address("http://127.0.0.1:9/mcp", "x")))
    with pytest.raises(Missing, match="HTTP 401"):
        asyncio.run(with_wrong_token())


def test_a_server_that_dies_fails_the_call_and_not_the_program(tmp_path: Path) -> None:
    async def lose() -> str:
        async with ServerGroup() as group:
            await group.start([loopguard(tmp_path)])
            async with Connections(group.addresses) as servers:
                group.kill()
                with pytest.raises(Missing) as gone:
                    await use(servers, "loopguard", "begin")
                return str(gone.value)

    assert "loopguard.begin could not be called" in asyncio.run(lose())
