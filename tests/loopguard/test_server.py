"""The judge through its front door: MCP, in memory, both eras of the protocol."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from loopcutter_loopguard.server import build
from loopcutter_loopguard.store import Store

LADDER = ["fresh-context", "next-place"]
RETURN = "        return s - discount\n"


class Agent:
    """Does what an agent host does: asks before every call, tells what came of it."""

    def __init__(self, client: Client, run: str) -> None:
        self.client = client
        self.run = run

    async def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = await self.client.call_tool(tool, {"run": self.run, **arguments})
        assert not result.is_error, result.content
        assert result.structured_content is not None
        return result.structured_content

    async def review(self, call: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        return await self.ask("review", call=call, **more)

    async def record(self, call: Mapping[str, Any], ok: bool, text: str, **known: Any) -> dict[str, Any]:
        return await self.ask("record", outcome={"call": call, "ok": ok, "text": text, **known})

    async def open(self) -> None:
        await self.record(call("vcs.open"), True, "opened", tree="t0", checkpoint="c0")
        await self.test("t0")

    async def test(self, tree: str, passed: int = 1, message: str = "assert 190 == 180") -> None:
        tests = {"passed": [f"test_{number}" for number in range(passed)], "failed": ["test_discount"]}
        text = f"1 failed: AssertionError: {message} in 0.{len(tree)}s"
        await self.record(call("sandbox.run_tests", tree=tree), False, text, tree=tree, tests=tests)

    async def attempt(self, replacement: str, tree: str, message: str = "assert 190 == 180") -> dict[str, Any]:
        """One edit and one test run, unless the judge says no."""
        wanted = edit(replacement)
        verdict = await self.review(wanted)
        if verdict["decision"] in ("allow", "warn"):
            diff = f"--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -9 +9 @@\n-{RETURN}+{replacement}"
            await self.record(wanted, True, "edited", tree=tree, checkpoint=f"c{tree[1:]}", diff=diff)
            await self.test(tree, message=message)
        else:
            await self.record(call("vcs.rollback"), True, "restored", tree="t0", checkpoint=f"u{tree[1:]}")
        return verdict


def call(name: str, **arguments: Any) -> dict[str, Any]:
    server, tool = name.split(".")
    return {"server": server, "tool": tool, "arguments": arguments}


def edit(replacement: str) -> dict[str, Any]:
    change = {"kind": "replace", "path": "shop/cart.py", "search": RETURN, "replace": replacement}
    return call("vcs.edit", workspace="w1", edits=[change])


@asynccontextmanager
async def agent(path: Path | None = None, ladder: list[str] = LADDER, run: str = "") -> AsyncIterator[Agent]:
    store = Store(path)
    async with Client(build(store), raise_exceptions=True) as client:
        if not run:
            begun = await client.call_tool("begin", {"label": "cart", "ladder": ladder})
            assert begun.structured_content is not None
            run = begun.structured_content["run"]
        yield Agent(client, run)
    store.close()


COSMETIC = [
    "        return s - discount * 1\n",
    "        # the discount counts twice\n        return s - discount*2\n",
    "        return (s - 3 * discount)\n",
    "        return (s - (discount * 4))\n",
    "        return s - discount * 5  # really\n",
    "        return s - discount * 6\n",
    "        return s - discount * 7\n",
    "        return s - discount * 8\n",
]


@pytest.mark.anyio
async def test_third_near_identical_edit_is_rolled_back_to_the_greenest_checkpoint() -> None:
    async with agent() as host:
        await host.open()
        verdicts = [await host.attempt(source, f"t{number}") for number, source in enumerate(COSMETIC[:3], 1)]
        assert [verdict["decision"] for verdict in verdicts] == ["allow", "warn", "rollback"]
        last = verdicts[-1]
        assert (last["kind"], last["rollback_to"], last["rung"]) == ("near-identical-edit", "c0", "fresh-context")
        assert last["evidence"] == [2, 4]
        assert "assert 190 == 180" in last["directive"]
        assert "shop/cart.py" in last["directive"]


@pytest.mark.anyio
async def test_further_loops_climb_the_ladder_and_the_run_ends_when_it_is_used_up() -> None:
    async with agent() as host:
        await host.open()
        verdicts = [await host.attempt(source, f"t{number}") for number, source in enumerate(COSMETIC, 1)]
        decisions = [verdict["decision"] for verdict in verdicts]
        assert decisions == ["allow", "warn", "rollback", "block", "rollback", "block", "stop", "stop"]
        assert [verdict["rung"] for verdict in verdicts if verdict["rung"]] == LADDER


@pytest.mark.anyio
async def test_a_really_different_edit_after_the_rollback_is_allowed() -> None:
    async with agent() as host:
        await host.open()
        for number, source in enumerate(COSMETIC[:3], 1):
            await host.attempt(source, f"t{number}")
        different = await host.attempt("        return s * (1 - discount / 100)\n", "t4")
        assert different["decision"] == "allow"


@pytest.mark.anyio
async def test_the_same_idea_is_only_warned_about_while_the_failure_changes() -> None:
    async with agent() as host:
        await host.open()
        verdicts = [
            await host.attempt(source, f"t{number}", message=f"assert {190 - number} == 180")
            for number, source in enumerate(COSMETIC[:3], 1)
        ]
        assert [verdict["decision"] for verdict in verdicts] == ["allow", "warn", "warn"]


@pytest.mark.anyio
async def test_vetoes_and_rungs_survive_a_restart_of_the_server(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    async with agent(path) as host:
        await host.open()
        for number, source in enumerate(COSMETIC[:3], 1):
            await host.attempt(source, f"t{number}")
        run = host.run
    async with agent(path, run=run) as host:
        verdicts = [await host.attempt(source, f"t{number}") for number, source in enumerate(COSMETIC[3:5], 4)]
        assert [verdict["decision"] for verdict in verdicts] == ["block", "rollback"]
        assert verdicts[-1]["rung"] == "next-place"


@pytest.mark.anyio
async def test_plumbing_is_never_judged() -> None:
    async with agent() as host:
        publish = call("vcs.publish", workspace="w1", remote="sandbox")
        decisions = []
        for _ in range(6):
            decisions.append((await host.review(publish))["decision"])
            await host.record(publish, True, "published")
        assert decisions == ["allow"] * 6


@pytest.mark.anyio
async def test_third_identical_call_is_blocked_until_the_workspace_changes() -> None:
    async with agent() as host:
        await host.open()
        search = call("retrieval.search", tree="t0", query="total price")
        decisions = []
        for _ in range(3):
            decisions.append((await host.review(search))["decision"])
            await host.record(search, True, "nothing found", tree="t0")
        await host.record(edit(COSMETIC[0]), True, "edited", tree="t1")
        decisions.append((await host.review(search))["decision"])
        assert decisions == ["allow", "warn", "block", "allow"]


@pytest.mark.anyio
async def test_one_veto_can_be_overruled_with_a_reason_and_it_is_logged() -> None:
    async with agent() as host:
        await host.open()
        for number, source in enumerate(COSMETIC[:3], 1):
            await host.attempt(source, f"t{number}")
        first = await host.review(edit(COSMETIC[3]), force="the fixture was stale")
        second = await host.review(edit(COSMETIC[3]), force="again")
        assert (first["decision"], first["reason"]) == ("allow", "forced: the fixture was stale")
        assert second["decision"] in ("block", "rollback")
        log = await host.ask("history", limit=10)
        assert "the fixture was stale" in [verdict["forced"] for verdict in log["verdicts"]]


@pytest.mark.anyio
async def test_explain_names_the_steps_a_verdict_rests_on() -> None:
    async with agent() as host:
        await host.open()
        for number, source in enumerate(COSMETIC[:3], 1):
            await host.attempt(source, f"t{number}")
        told = await host.ask("explain")
        assert [step["step"] for step in told["steps"]] == [2, 4]
        assert "near-identical-edit" in told["text"]


@pytest.mark.anyio
async def test_reset_lifts_every_veto_and_says_so_in_the_history() -> None:
    async with agent() as host:
        await host.open()
        for number, source in enumerate(COSMETIC[:3], 1):
            await host.attempt(source, f"t{number}")
        await host.ask("reset", reason="the tests were wrong")
        assert (await host.review(edit(COSMETIC[3])))["decision"] == "allow"


@pytest.mark.anyio
async def test_an_unknown_handle_is_answered_with_what_to_do() -> None:
    async with Client(build(), raise_exceptions=True) as client:
        result = await client.call_tool("history", {"run": "g00"})
        assert result.is_error
        assert "Start one with `begin`" in result.content[0].text


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
