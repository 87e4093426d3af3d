"""The sandbox as a client sees it: over MCP in memory, and as a server of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mcp import Client
from support.repository import make_repository, run_git
from support.testbed import Testbed

from loopcutter_sandbox.server import build
from loopcutter_snapshots import git

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_tools_are_described_with_their_results(best: Testbed, mode: str) -> None:
    async with Client(build(best.sandbox), mode=mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert sorted(tools) == [
        "checkpoint",
        "cleanup",
        "diff",
        "restore",
        "run_command",
        "run_tests",
        "status",
        "try_edits",
    ]
    for tool in tools.values():
        assert tool.title
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.open_world_hint is False
        assert tool.output_schema is not None
        assert {"isolation", "gaps"} <= tool.output_schema["properties"].keys()


@pytest.mark.parametrize("tool", ["run_tests", "run_command", "try_edits"])
async def test_an_unknown_tree_is_explained(best: Testbed, tool: str) -> None:
    more = {
        "run_tests": {},
        "run_command": {"command": "true"},
        "try_edits": {"tests": ["a"], "candidates": []},
    }
    well, words, _ = await best.say(tool, tree="0" * 40, **more[tool])
    assert (well, "was never received; publish it from vcs first" in words) == (False, True), words


@pytest.fixture
def bubblewrap(testbeds: Callable[[str], Testbed]) -> Testbed:
    return testbeds("bubblewrap")


@pytest.mark.parametrize("name", ["..", ".git", "."])
async def test_a_tree_whose_names_lead_elsewhere_is_refused(bubblewrap: Testbed, name: str) -> None:
    await bubblewrap.test({"test_it.py": "def test_it(): pass\n"})  # a tree that the next ones are much like
    store = bubblewrap.store.path
    blob = git("hash-object", "-w", "--stdin", git_dir=store, stdin=b"x").decode().strip()
    inner = b"100644 stray.txt\0" + bytes.fromhex(blob)
    for entry in (inner, None):
        folder = (
            git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", git_dir=store, stdin=inner)
            .decode()
            .strip()
        )
        mode, target = ("40000", folder) if entry else ("100644", blob)
        outer = f"{mode} {name}\0".encode() + bytes.fromhex(target)
        tree = (
            git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", git_dir=store, stdin=outer)
            .decode()
            .strip()
        )
        well, words, _ = await bubblewrap.say("run_tests", tree=tree)
        assert (well, "invalid path" in words) == (False, True), words
    assert not list(bubblewrap.folder.rglob("stray.txt"))


async def test_a_long_run_reports_its_progress(best: Testbed) -> None:
    test = "import time\ndef test_one(): pass\ndef test_two(): time.sleep(4)\n"
    seen = []

    async def progress(done: float, total: float | None, words: str | None) -> None:
        seen.append((done, total))

    async with Client(build(best.sandbox)) as client:
        await client.call_tool("run_tests", {"tree": best.tree({"test_it.py": test})}, progress_callback=progress)
    assert (1, 2) in seen


async def test_it_receives_a_push_and_runs_it(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "shop", {"test_it.py": "def test_it(): assert 1 == 1\n"})
    command = [sys.executable, "-m", "loopcutter_sandbox", "serve", "--store", str(tmp_path / "store"), "--lease"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        told = json.loads(server.stdout.readline())
        run_git(repository, "push", "--quiet", told["url"].replace("/mcp", "/git"), "HEAD:refs/snapshots/one")
        tree = run_git(repository, "rev-parse", "HEAD^{tree}").strip()
        async with Client(told["url"]) as client:
            result = await client.call_tool("run_tests", {"tree": tree})
        server.stdin.close()
        code = server.wait(timeout=20)
    assert result.structured_content is not None
    assert (told["server"], result.structured_content["passed"], code) == ("sandbox", ["test_it.py::test_it"], 0)
