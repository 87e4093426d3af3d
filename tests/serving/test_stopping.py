"""What happens to a server that is told to stop: it is gone within a second, whatever its clients hold open."""

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Literal

import pytest
from mcp import Client
from support.serving import Running, Start, command, environment

from loopcutter_serving.stopping import DEADLINE

Era = Literal["2026-07-28", "legacy"]
ERAS = pytest.mark.parametrize("era", ["2026-07-28", "legacy"])

SOON = 1.5
"""Seconds: the promise is one, the rest is for a busy machine."""


async def stopped(server: Running, number: int = signal.SIGTERM) -> tuple[int, str]:
    """Send the signal, and give the exit code and what was logged; fail if it takes long."""
    begun = time.perf_counter()
    server.process.send_signal(number)
    _, error = await asyncio.to_thread(server.process.communicate, timeout=30)
    assert time.perf_counter() - begun < SOON
    return server.process.returncode, error


@contextlib.asynccontextmanager
async def holding(use: Callable[[asyncio.Event], Awaitable[object]]) -> AsyncIterator[None]:
    """Have a client at work that has set its event; how it fares when the server stops is its own business."""
    at_work = asyncio.Event()
    client = asyncio.ensure_future(use(at_work))
    waiting = asyncio.create_task(at_work.wait())
    await asyncio.wait({client, waiting}, return_when=asyncio.FIRST_COMPLETED)
    assert at_work.is_set(), client.exception()
    try:
        yield
    finally:
        client.cancel()
        await asyncio.gather(client, return_exceptions=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_ends_with_exit_code_0(start: Start, number: int) -> None:
    assert asyncio.run(stopped(start(), number)) == (0, "")


@ERAS
def test_an_open_call_is_cancelled_and_cleans_up(start: Start, tmp_path: Path, era: Era) -> None:
    server = start()
    cleaned = tmp_path / "cleaned"

    async def use(at_work: asyncio.Event) -> None:
        async def progress(progress: float, total: float | None, message: str | None) -> None:
            at_work.set()

        async with Client(server.url, mode=era) as client:
            await client.call_tool("wait", {"cleaned": str(cleaned)}, progress_callback=progress)

    async def scenario() -> tuple[int, str]:
        async with holding(use):
            return await stopped(server)

    assert asyncio.run(scenario()) == (0, "")
    assert cleaned.read_text() == "cleaned"


@ERAS
def test_a_call_that_sits_in_a_thread_does_not_hold_the_server(start: Start, fifo: Path, era: Era) -> None:
    server = start()

    async def use(at_work: asyncio.Event) -> None:
        async with Client(server.url, mode=era) as client, asyncio.TaskGroup() as group:
            group.create_task(client.call_tool("block", {"started": str(fifo)}))
            await asyncio.to_thread(fifo.read_text)
            at_work.set()

    async def scenario() -> tuple[int, str]:
        async with holding(use):
            return await stopped(server)

    assert asyncio.run(scenario()) == (0, "WARNING served: stopped while work was still running\n")


def test_an_open_listen_stream_does_not_hold_the_server(start: Start) -> None:
    server = start()

    async def use(at_work: asyncio.Event) -> None:
        async with Client(server.url) as client, client.listen(tools_list_changed=True) as changes:
            at_work.set()
            async for _ in changes:
                pass

    async def scenario() -> tuple[int, str]:
        async with holding(use):
            return await stopped(server)

    assert asyncio.run(scenario()) == (0, "")


def test_an_open_session_does_not_hold_the_server(start: Start) -> None:
    server = start()

    async def use(at_work: asyncio.Event) -> None:
        async with Client(server.url, mode="legacy") as client:
            await client.list_tools()
            at_work.set()
            await asyncio.Event().wait()

    async def scenario() -> tuple[int, str]:
        async with holding(use):
            return await stopped(server)

    assert asyncio.run(scenario()) == (0, "")


def test_what_the_command_does_after_serving_is_not_cut_off(start: Start, fifo: Path) -> None:
    server = start("--after", str(fifo))
    assert asyncio.run(asked(server)) == 42  # in a thread, which is idle now
    server.process.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        server.process.wait(timeout=2 * DEADLINE)
    fifo.write_text("go on")
    assert server.process.wait(timeout=30) == 0


def test_with_a_lease_the_server_stops_when_its_standard_input_ends(start: Start) -> None:
    server = start("--lease")
    assert server.process.stdin is not None
    server.process.stdin.write("anything may be written, it means nothing\n")
    server.process.stdin.close()
    assert server.process.wait(timeout=30) == 0


def test_without_a_lease_the_end_of_standard_input_means_nothing(start: Start) -> None:
    server = start()
    assert server.process.stdin is not None
    server.process.stdin.close()
    assert asyncio.run(asked(server)) == 42


async def asked(server: Running) -> int:
    async with Client(server.url) as client:
        result = await client.call_tool("double", {"number": 21})
        assert result.structured_content is not None
        return int(result.structured_content["result"])


def test_a_stop_during_the_start_is_no_failure(fifo: Path) -> None:
    with subprocess.Popen(command("--building", str(fifo)), env=environment()) as process:
        fifo.read_text()
        process.terminate()
        assert process.wait(timeout=30) == 0
