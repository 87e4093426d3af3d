"""What a workspace costs that is kept and gone back to, and what a candidate edit costs."""

import time
from typing import Any

import anyio
import anyio.to_thread
from place import Cost, Place, Recorder, container_runner, make_tree, many_files, median, own_cpu, ten_tests

from loopcutter_sandbox.backends.docker.backend import _on_top
from loopcutter_sandbox.candidate import Candidate
from loopcutter_sandbox.changes import Changes, Written
from loopcutter_sandbox.layout import Nodes
from loopcutter_sandbox.sandbox import Sandbox
from loopcutter_sandbox.trial import try_edits
from loopcutter_sandbox.workspace import Work


async def kept(place: Place, rounds: int) -> dict[str, Any]:
    """A checkpoint of 50 changes in 5,000 files, and the way back: kept after a run, then undone in a container."""
    old = make_tree(place.store, many_files(5000, 4200, "kept", 5000))
    keeping, restoring = [], []
    async with place.sandbox("docker", ready=0) as sandbox:
        sessions, runner = sandbox.sessions, container_runner(sandbox)
        assert runner.plain is not None
        session = await sessions.restore("", old)
        container = await anyio.to_thread.run_sync(runner._start, runner.plain.id)
        container.fill(old, runner._packs.whole(old))
        for number in range(rounds):
            modes = {path: 0o755 if n % 2 else 0o600 for n, path in enumerate(many_files(50, 16))}
            data = {path: f"# {number} {path}\n".encode() * 300 for path in modes}
            written = tuple(Written(path, "file", modes[path], data[path]) for path in modes)
            before, cpu = time.perf_counter(), own_cpu()
            await sessions.take(session.name, Changes(written))
            checkpoint = await sessions.checkpoint(session.name)
            keeping.append(Cost(time.perf_counter() - before, own_cpu() - cpu))
            state = sessions.state(checkpoint.id)
            _exact(sandbox, state.nodes, data, modes)
            container.put([*runner._packs.difference(old, state.tree), *_on_top(Work(None, modes=state.modes))])
            before, cpu = time.perf_counter(), own_cpu()
            await sessions.restore(session.name, old)
            container.put(runner._packs.difference(state.tree, old))
            restoring.append(Cost(time.perf_counter() - before, own_cpu() - cpu))
        runner.pool.discard(container)
    return {
        "checkpoint_ms": 1000 * median([cost.wall for cost in keeping]),
        "checkpoint_cpu_ms": 1000 * median([cost.cpu for cost in keeping]),
        "restore_ms": 1000 * median([cost.wall for cost in restoring]),
        "restore_cpu_ms": 1000 * median([cost.cpu for cost in restoring]),
        "rounds": rounds,
    }


def _exact(sandbox: Sandbox, nodes: Nodes, data: dict[str, bytes], modes: dict[str, int]) -> None:
    """Raise unless the state has these bytes and permissions."""
    contents = sandbox.sessions.states.contents([nodes[path] for path in data])
    for path in data:
        if contents[nodes[path].blob] != data[path] or nodes[path].permissions != modes[path]:
            raise RuntimeError(f"{path} was not kept as it is")


async def edits(place: Place, candidates: int) -> dict[str, Any]:
    """CPU time of one candidate edit, tried against ten tests in a fork of a process that has collected them."""
    files = ten_tests("edits")
    tree, source = make_tree(place.store, files), files["shop.py"].decode()
    start = source.index("a + b")
    wrong = [Candidate(f"c{n}", "shop.py", start, start + 5, f"a + b + {n + 1}") for n in range(candidates)]
    async with place.sandbox("docker") as sandbox:
        cost = []
        for some in (wrong[:2], wrong):
            assert isinstance(sandbox.runner, Recorder)
            before, inside = own_cpu(), sandbox.runner.cpu_s
            trial = await try_edits(sandbox, tree, [f"tests/test_shop0.py::test_{n}" for n in range(5)], some)
            if any(each.status != "failed" for each in trial.results):
                raise RuntimeError(f"a wrong edit did not fail: {trial}")
            cost.append(own_cpu() - before + sandbox.runner.cpu_s - inside)
    return {
        "cpu_ms": 1000 * (cost[1] - cost[0]) / (candidates - 2),
        "whole_cpu_ms": 1000 * cost[1],
        "rounds": candidates,
    }
