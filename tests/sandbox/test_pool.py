"""Containers are prepared ahead, used once, and ended with the pool."""

from collections.abc import Callable

import pytest
from support.testbed import Testbed

from loopcutter_sandbox.backends.docker import ContainerRunner


@pytest.fixture
def docker(testbeds: Callable[[str], Testbed]) -> Testbed:
    return testbeds("docker")


@pytest.mark.anyio
async def test_no_container_serves_two_runs(docker: Testbed) -> None:
    mark = "python3 -c 'import secrets; print(secrets.token_hex())' | tee /tmp/mark\n"
    tree = docker.tree({"look.sh": f"cat /tmp/mark 2>/dev/null; {mark}"})
    seen = [(await docker.call("run_command", tree=tree, command="sh look.sh"))["stdout"] for _ in range(4)]
    assert len(set(seen)) == 4
    assert {text.count("\n") for text in seen} == {1}


@pytest.mark.anyio
async def test_after_a_run_containers_are_ready_and_hold_its_tree(docker: Testbed) -> None:
    runner = docker.sandbox.runner
    assert isinstance(runner, ContainerRunner)
    assert runner.plain is not None
    tree = docker.tree({"file": "held"})
    for _ in range(runner.backend.ready + 1):  # the ones that are ready hold what was run before
        await docker.call("run_command", tree=tree, command="true")
    future = runner.pool.take(runner.plain.id)
    container = future.result(timeout=60)
    try:
        assert container.tree == tree
        assert container.alive()
    finally:
        runner.pool.discard(container)
    assert container.id not in runner._engine._streams


@pytest.mark.anyio
async def test_a_container_that_somebody_removed_is_not_given_out(docker: Testbed) -> None:
    runner = docker.sandbox.runner
    assert isinstance(runner, ContainerRunner)
    assert runner.plain is not None
    tree = docker.tree({"file": "held"})
    await docker.call("run_command", tree=tree, command="true")
    for _, future in list(runner.pool._ready):
        runner._engine.remove(future.result(timeout=60).id)
    result = await docker.call("run_command", tree=tree, command="cat file")
    assert result["stdout"] == "held"
