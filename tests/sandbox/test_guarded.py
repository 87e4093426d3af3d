"""The guard in front of the sandbox: what it turns away never starts."""

from collections.abc import Callable

import pytest
from support.testbed import Testbed

pytestmark = pytest.mark.anyio

REFUSED = (
    "The command was not run (rule delete-outside): rm would remove /etc, which is outside of the workspace; "
    "name paths inside of it."
)


@pytest.fixture
def unisolated(testbeds: Callable[[str], Testbed]) -> Testbed:
    """The sandbox that isolates nothing."""
    return testbeds("none")


@pytest.mark.parametrize("tool", ["run_command", "run_tests"])
async def test_a_blocked_command_is_refused_with_its_rule_and_a_way_out(best: Testbed, tool: str) -> None:
    well, words, content = await best.say(tool, tree=best.tree({"a": ""}), command="make test; rm -rf /etc")
    assert (well, REFUSED in words, content) == (False, True, {}), words


async def test_what_cannot_be_read_runs_where_it_is_isolated(bed: Testbed) -> None:
    result = await bed.command("eval \"$(printf 'echo %s' here)\"; python -c 'print(1)'")
    assert result["stdout"] == "here\n1\n"


@pytest.mark.parametrize("tool", ["run_command", "run_tests"])
async def test_what_cannot_be_read_is_refused_where_nothing_is_isolated(unisolated: Testbed, tool: str) -> None:
    tree = unisolated.tree({"a": ""})
    well, words, _ = await unisolated.say(tool, tree=tree, command="python -c 'exec(input())'")
    assert (well, "rule hidden-program), for nothing is isolated here" in words) == (False, True), words


async def test_a_plain_command_runs_where_nothing_is_isolated(unisolated: Testbed) -> None:
    result = await unisolated.command("rm -rf build && ls", {"build/x": "", "kept": ""})
    assert result["stdout"] == "kept\n"
