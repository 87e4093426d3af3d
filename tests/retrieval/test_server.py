"""Retrieval through its front door: MCP, in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from mcp import Client
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.server import build

pytestmark = pytest.mark.anyio
TOOLS = {"index", "search", "locate", "context", "read", "symbol", "neighbors", "status"}


@asynccontextmanager
async def connected(shelf: Shelf, mode: str = "auto") -> AsyncIterator[Client]:
    async with Client(build(lambda: shelf.library), mode=mode, raise_exceptions=True) as client:
        yield client


async def answer(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return result.content[0].text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_search_answers_with_places_in_both_eras_of_the_protocol(shelf: Shelf, mode: str) -> None:
    tree = shelf.tree(SHOP)
    async with connected(shelf, mode) as client:
        found = await answer(client, "search", tree=tree, query="load a price list", limit=1)
    (place,) = found["places"]
    assert place.pop("score") > 0
    assert place == {
        "path": "shop/prices.py",
        "symbol": "load_price_list",
        "kind": "function",
        "lines": [10, 13],
        "why": "words: list, load, price",
    }


async def test_index_tells_what_it_did(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP | {"shop/logo.png": b"\0"})
    async with connected(shelf) as client:
        done = await answer(client, "index", tree=tree)
        assert done.pop("duration_s") >= 0
        assert done == {
            "tree": tree,
            "files": 6,
            "symbols": 18,
            "parsed": 6,
            "skipped": [{"path": "*.png (1)", "reason": "no language for it"}],
            "broken": [],
        }
        assert (await answer(client, "index", tree=tree))["parsed"] == 0


async def test_read_and_symbol_give_the_text(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    async with connected(shelf) as client:
        text = await answer(client, "read", tree=tree, path="shop/money.py", start=1, end=1)
        assert text == {"path": "shop/money.py", "start": 1, "end": 1, "total": 8, "text": "def rounded(amount):"}
        found = await answer(client, "symbol", tree=tree, name="Currency.convert")
        assert [(one["path"], one["lines"]) for one in found["places"]] == [("shop/money.py", [7, 8])]
        assert found["places"][0]["source"] == "    def convert(self, amount):\n        return amount * self.rate"


async def test_locate_takes_failures_as_the_sandbox_reports_them(shelf: Shelf) -> None:
    failure = {
        "test": "tests/test_cart.py::test_total_takes_discount_off",
        "file": "tests/test_cart.py",
        "line": 5,
        "exception": "ValueError",
        "message": "cannot discount more than 1000 items at once",
        "frames": [{"path": "shop/prices.py", "line": 6, "function": "discount", "code": "raise ValueError"}],
    }
    async with connected(shelf) as client:
        found = await answer(client, "locate", tree=shelf.tree(SHOP), issue="Checkout fails", failures=[failure])
    assert found["files"][0]["path"] == "shop/prices.py"
    assert (found["places"][0]["path"], found["places"][0]["symbol"]) == ("shop/prices.py", "discount")


async def test_context_is_the_block_itself_and_tells_its_size(shelf: Shelf) -> None:
    async with connected(shelf) as client:
        arguments = {"tree": shelf.tree(SHOP), "issue": "Cart.total takes a wrong discount", "budget_tokens": 600}
        result = await client.call_tool("context", arguments)
        assert "pattern" not in await refusal(client, "context", **arguments | {"budget_tokens": 10})
    assert result.structured_content is not None
    assert result.content[0].text == result.structured_content["text"]
    assert result.structured_content["whole"][0] == "shop/cart.py::Cart.total"
    assert 100 < result.structured_content["tokens"] <= 600


async def test_neighbors_are_listed_by_kind(shelf: Shelf) -> None:
    async with connected(shelf) as client:
        result = await client.call_tool("neighbors", {"tree": shelf.tree(SHOP), "symbol": "discount"})
        assert "did you mean" in await refusal(client, "neighbors", tree=shelf.tree(SHOP), symbol="Discount")
    assert result.content[0].text.splitlines() == [
        "shop/prices.py::discount lines 4-7 (asked for)",
        "callers:",
        "shop/cart.py::Cart.total lines 17-19 (calls it)",
        "tests:",
        "tests/test_cart.py::test_total_takes_discount_off lines 4-5 (calls Cart.total, which calls it)",
        "Does itself: raises ValueError.",
    ]
    assert result.structured_content is not None
    assert [place["symbol"] for place in result.structured_content["callers"]] == ["Cart.total"]


async def test_refusals_say_what_happened_and_what_to_do(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    async with connected(shelf) as client:
        assert "never received; publish it" in await refusal(client, "search", tree="f" * 40, query="cart")
        assert "did you mean shop/cart.py?" in await refusal(client, "read", tree=tree, path="cart.py")
        assert "did you mean Cart.total" in await refusal(client, "symbol", tree=tree, name="Total")
        assert "has no words; describe" in await refusal(client, "search", tree=tree, query="!!!")
        assert "pattern" in await refusal(client, "search", tree="HEAD", query="cart")


async def test_nothing_found_is_an_answer(shelf: Shelf) -> None:
    async with connected(shelf) as client:
        result = await client.call_tool("search", {"tree": shelf.tree(SHOP), "query": "zzz"})
    assert result.structured_content == {"places": []}
    assert result.content[0].text.startswith("Nothing found")


async def test_indexing_tells_its_progress_and_can_be_cancelled(shelf: Shelf) -> None:
    tree = shelf.tree({f"part{at}.py": f"def function_{at}():\n    pass\n".encode() for at in range(400)})
    told: list[tuple[float, float | None]] = []
    async with connected(shelf) as client, anyio.create_task_group() as group:

        async def progress(done: float, total: float | None, message: str | None) -> None:
            told.append((done, total))
            group.cancel_scope.cancel()

        await client.call_tool("index", {"tree": tree}, progress_callback=progress)
    assert told[0] == (64, 400)
    shelf.library = open_library(shelf.folder)
    assert 0 < shelf.library.status().contents < 400


async def test_every_tool_is_described_for_a_model(shelf: Shelf) -> None:
    async with connected(shelf) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == TOOLS
    for tool in tools.values():
        assert tool.title
        assert tool.description
        assert tool.output_schema
        assert tool.output_schema["properties"]
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
    assert tools["search"].output_schema["properties"]["places"]["type"] == "array"


async def test_status_counts_contents(shelf: Shelf) -> None:
    async with connected(shelf) as client:
        await answer(client, "index", tree=shelf.tree(SHOP))
        state = await answer(client, "status")
    assert (state["contents"], state["symbols"], state["trees"]) == (6, 18, 1)
