"""What holds when things go wrong: time limits, floods, memory, and what is left of a server that was killed."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from place import Place, children_cpu, container_runner, make_tree, median, percentile, ten_tests

from loopcutter_sandbox.backends.docker import ContainerRunner
from loopcutter_sandbox.backends.docker.engine import Engine
from loopcutter_sandbox.backends.docker.owner import OWNER, Owner
from loopcutter_sandbox.guard import judge

_HERE = Path(__file__).parent
_CORPUS = _HERE.parents[1] / "tests/sandbox/guard"


async def overrun(place: Place, rounds: int) -> dict[str, Any]:
    """How much later than its limit a run that ignores every signal is over."""
    script = {"run.sh": b"trap '' TERM INT HUP; while :; do (sleep 60 &); sleep 60; done\n"}
    tree = make_tree(place.store, script)
    over = []
    async with place.sandbox("docker") as sandbox:
        await sandbox.run_command(tree, "true")
        for _ in range(rounds):
            result = await sandbox.run_command(tree, "sh run.sh", 1)
            if not result.timed_out:
                raise RuntimeError(f"it was not stopped: {result}")
            over.append(result.duration_s - 1)
    return {"median_s": median(over), "p99_s": percentile(over, 0.99), "rounds": rounds}


async def flood(place: Place, rounds: int) -> dict[str, Any]:
    """From the end of a run that floods its output to the end of its container; the server's memory meanwhile."""
    tree = make_tree(place.store, {"empty": b""})
    removal = []
    async with place.sandbox("docker") as sandbox:
        runner = container_runner(sandbox)
        await sandbox.run_command(tree, "true")
        before = resident()
        for _ in range(rounds):
            known = await anyio.to_thread.run_sync(_ids, runner)
            await sandbox.run_command(tree, "head -c 10000000000 /dev/zero", 100)
            started = time.perf_counter()
            while await anyio.to_thread.run_sync(_oldest_runs, runner, known):
                await anyio.sleep(0.01)
            removal.append(time.perf_counter() - started)
        grown = resident() - before
    return {"removal_s": median(removal), "most_s": max(removal), "memory_mib": grown / 2**20, "rounds": rounds}


def _ids(runner: ContainerRunner) -> set[str]:
    return {str(each["Id"]) for each in runner._engine.containers(runner._owner.mine)}


def _oldest_runs(runner: ContainerRunner, known: set[str]) -> bool:
    """Whether one of the containers that were there before the run, and is not waiting for another, is still there."""
    waiting = {future.result().id for _, future in runner.pool._ready if future.done() and not future.exception()}
    return bool((_ids(runner) & known) - waiting)


async def memory(place: Place, attempts: int) -> dict[str, Any]:
    """What the server's memory grows by over many attempts, the first tenth left out."""
    async with place.sandbox("docker") as sandbox:
        for number in range(attempts):
            tree = make_tree(place.store, ten_tests(f"attempt {number}"))
            await sandbox.run_tests(tree)
            if number == attempts // 10:
                before = resident()
        grown = resident() - before
    return {"attempts": attempts, "grown_mib": grown / 2**20}


async def killed(place: Place, rounds: int) -> dict[str, Any]:
    """Containers that are left one second after the server was killed at a random moment."""
    engine = Engine.find()
    tree = make_tree(place.store, ten_tests())
    command = [sys.executable, str(_HERE / "victim.py"), str(place.store.path), tree, place.image]
    chance = random.Random(7)
    late, latest = 0, 0.0
    for _ in range(rounds):
        with subprocess.Popen([*command, str(place.folder)], stdout=subprocess.PIPE, text=True) as victim:
            assert victim.stdout is not None
            label = victim.stdout.readline().strip()
            await anyio.sleep(chance.uniform(0, 1.5))
            victim.kill()
        started = time.perf_counter()
        while engine.containers(label):
            await anyio.sleep(0.02)
            if time.perf_counter() - started > 30:
                break
        seconds = time.perf_counter() - started
        late, latest = late + (seconds > 1), max(latest, seconds)
    me = Owner.me()
    left = sum(me.outlived(each.get("Labels") or {}) for each in engine.containers(OWNER))
    engine.close()
    return {"rounds": rounds, "later_than_1_s": late, "latest_s": latest, "left": left}


async def guard(place: Place, rounds: int) -> dict[str, Any]:
    """How long the command guard takes for one command."""
    commands = [
        line
        for name in ("benign", "dangerous", "opaque")
        for line in (_CORPUS / f"{name}.txt").read_text().splitlines()
    ]
    taken = []
    for _ in range(rounds):
        for command in commands:
            started = time.process_time_ns()
            judge(command, "/workspace")
            taken.append((time.process_time_ns() - started) / 1e6)
    return {"median_ms": median(taken), "p99_ms": percentile(taken, 0.99), "commands": len(taken)}


async def first_result(place: Place, rounds: int) -> dict[str, Any]:
    """From starting Python to the first test result, on a machine without an engine."""
    tree = make_tree(place.store, ten_tests())
    environment = {"PATH": os.environ["PATH"], "HOME": str(place.folder), "DOCKER_HOST": "unix:///nobody.sock"}
    command = [sys.executable, str(_HERE / "first.py"), str(place.store.path), tree]
    taken, cpu, isolation = [], [], ""
    for _ in range(rounds):
        started, before = time.perf_counter(), children_cpu()
        isolation = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
        taken.append(time.perf_counter() - started)
        cpu.append(children_cpu() - before)
    return {"median_s": median(taken), "median_cpu_s": median(cpu), "isolation": isolation, "rounds": rounds}


def resident() -> int:
    """This process's memory in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
