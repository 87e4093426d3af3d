"""How long a run takes: beside bare pytest, from the cold, many in a row, and how fast a tree gets in."""

import time
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
from place import (
    Cost,
    Place,
    Recorder,
    container_runner,
    make_tree,
    many_files,
    median,
    own_cpu,
    percentile,
    ten_tests,
)

from loopcutter_sandbox.sandbox import Sandbox

_ASKED_AT_ONCE = 16
"""More than can run, so that none ever waits for a question; fewer than a sandbox lets wait."""


async def warm(place: Place, rounds: int) -> dict[str, Any]:
    """Round trips of a ten-test suite, each on another tree, beside bare pytest in the same round."""
    bare = place.bare(ten_tests())
    ours, theirs = [], []
    async with place.sandbox("docker") as sandbox:
        await _tests(sandbox, make_tree(place.store, ten_tests("first")))
        for number in range(rounds):
            tree = make_tree(place.store, ten_tests(f"round {number}"))
            await _ready(sandbox)
            theirs.append(await anyio.to_thread.run_sync(bare))
            ours.append(await _tests(sandbox, tree))
    ratios = [mine.wall / other.wall for mine, other in zip(ours, theirs, strict=True)]
    of_cpu = [mine.cpu / other.cpu for mine, other in zip(ours, theirs, strict=True)]
    return {
        "warm_ms": 1000 * median([cost.wall for cost in ours]),
        "bare_ms": 1000 * median([cost.wall for cost in theirs]),
        "warm_cpu_ms": 1000 * median([cost.cpu for cost in ours]),
        "bare_cpu_ms": 1000 * median([cost.cpu for cost in theirs]),
        "ratio": median(ratios),
        "ratio_p90": percentile(ratios, 0.9),
        "ratio_cpu": median(of_cpu),
        "rounds": rounds,
    }


async def cold(place: Place, rounds: int, backend: str) -> dict[str, Any]:
    """The same with nothing prepared: what a round trip takes longer than bare pytest."""
    bare = place.bare(ten_tests())
    more, more_cpu, ours = [], [], []
    async with place.sandbox(backend, ready=0) as sandbox:
        await _tests(sandbox, make_tree(place.store, ten_tests("first")))
        for number in range(rounds):
            tree = make_tree(place.store, ten_tests(f"round {number}"))
            other = await anyio.to_thread.run_sync(bare)
            mine = await _tests(sandbox, tree)
            ours.append(mine.wall)
            more.append(mine.wall - other.wall)
            more_cpu.append(mine.cpu - other.cpu)
    return {
        "cold_ms": 1000 * median(ours),
        "more_ms": 1000 * median(more),
        "more_cpu_ms": 1000 * median(more_cpu),
        "least_more_ms": 1000 * min(more),
        "rounds": rounds,
    }


async def throughput(place: Place, attempts: int) -> dict[str, Any]:
    """Attempts a minute, each in a fresh container with 200 files and ten tests, two at a time, flat out."""
    files = {**many_files(200, 4000), **ten_tests()}
    trees = [make_tree(place.store, {**files, "turn.py": f"# {n}\n".encode()}) for n in range(attempts)]
    async with place.sandbox("docker") as sandbox:
        await _tests(sandbox, trees[0])
        await _ready(sandbox)
        waiting = anyio.Semaphore(_ASKED_AT_ONCE)
        started = time.perf_counter()
        async with anyio.create_task_group() as tasks:
            for tree in trees:
                await waiting.acquire()
                tasks.start_soon(_one_of_many, sandbox, tree, waiting)
        seconds = time.perf_counter() - started
    return {"attempts": attempts, "per_minute": 60 * attempts / seconds}


async def _one_of_many(sandbox: Sandbox, tree: str, waiting: anyio.Semaphore) -> None:
    try:
        await _tests(sandbox, tree)
    finally:
        waiting.release()


async def sync(place: Place, rounds: int) -> dict[str, Any]:
    """5,000 files / 21 MB into a fresh container, and 20 changes into one that holds the tree before."""
    first: list[Cost] = []
    second: list[Cost] = []
    async with place.sandbox("docker", ready=0) as sandbox:
        runner = container_runner(sandbox)
        assert runner.plain is not None
        for number in range(rounds):
            old = make_tree(place.store, many_files(5000, 4200, f"{number}", 5000))
            new = make_tree(place.store, {**many_files(5000, 4200, f"{number}", 5000), **_twenty(number)})
            container = await anyio.to_thread.run_sync(runner._start, runner.plain.id)
            first.append(_cost(lambda: container.fill(old, runner._packs.whole(old))))  # noqa: B023
            second.append(_cost(lambda: container.put(runner._packs.difference(old, new))))  # noqa: B023
            runner.pool.discard(container)
    return {
        "first_ms": 1000 * median([cost.wall for cost in first]),
        "first_server_cpu_ms": 1000 * median([cost.cpu for cost in first]),
        "second_ms": 1000 * median([cost.wall for cost in second]),
        "second_server_cpu_ms": 1000 * median([cost.cpu for cost in second]),
        "second_least_ms": 1000 * min(cost.wall for cost in second),
        "rounds": rounds,
    }


def _cost(action: Callable[[], None]) -> Cost:
    started, cpu = time.perf_counter(), own_cpu()
    action()
    return Cost(time.perf_counter() - started, own_cpu() - cpu)


def _twenty(number: int) -> dict[str, bytes]:
    return {path: data + b"# edited\n" for path, data in list(many_files(20, 4200, f"{number}", 20).items())}


async def _tests(sandbox: Sandbox, tree: str) -> Cost:
    """One round trip; the CPU time is that of this process (sending, reading, judging) and of the container."""
    assert isinstance(sandbox.runner, Recorder)
    started, cpu, inside = time.perf_counter(), own_cpu(), sandbox.runner.cpu_s
    report = await sandbox.run_tests(tree)
    cost = Cost(
        time.perf_counter() - started,
        own_cpu() - cpu + sandbox.runner.cpu_s - inside,
    )
    if report.status != "passed" or len(report.passed) != 10:
        raise RuntimeError(f"the ten tests did not pass: {report}")
    return cost


async def _ready(sandbox: Sandbox) -> None:
    """Wait until the pool has prepared what it prepares ahead."""
    for _, future in list(container_runner(sandbox).pool._ready):
        await anyio.to_thread.run_sync(future.result)
