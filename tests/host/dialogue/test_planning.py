"""A plan: places that exist, and looks at the code before."""

from dataclasses import replace

import pytest
from support.cart import BRIEFING, PLAN, TOTAL, ask_plan, asked, library
from support.ollama_server import OllamaServer, Reply

from loopcutter_host.chat.errors import NoUsableAnswer
from loopcutter_host.dialogue import Dialogue
from loopcutter_host.model import Plan


def test_plan_names_places_that_exist() -> None:
    assert ask_plan(OllamaServer([PLAN])) == Plan("total ignores the quantity", (TOTAL,))


def test_plan_prompt_holds_issue_failure_test_and_code() -> None:
    server = OllamaServer([PLAN])
    ask_plan(server)
    for fact in (BRIEFING.issue, "assert 5 == 10", "cart.add(5, 2)", "return sum(price for", "Cart.total  [frame of"):
        assert fact in server.prompts[0]


def test_plan_is_bound_to_a_schema_when_no_tools_can_be_called() -> None:
    server = OllamaServer([PLAN], capabilities=["completion"])
    ask_plan(server)
    assert (server.chats[0]["format"]["required"], "tools" in server.chats[0]) == (["hypothesis", "targets"], False)


def test_place_that_only_retrieval_knows_can_be_named() -> None:
    found = ask_plan(OllamaServer([PLAN.replace("Cart.total", "Cart.add")]))
    assert [(place.symbol, place.lines) for place in found.targets] == [("Cart.add", (8, 9))]


@pytest.mark.parametrize(
    "target",
    [
        '{"path": "./cart.py", "symbol": "total()"}',
        '{"path": "shop/cart.py", "symbol": null}',
        '"shop/cart.py::Cart.total"',
    ],
)
def test_garbled_target_is_understood(target: str) -> None:
    assert ask_plan(OllamaServer([f'{{"hypothesis": "it", "targets": [{target}]}}'])).targets == (TOTAL,)


def test_invented_place_is_sent_back_with_the_real_ones() -> None:
    server = OllamaServer([PLAN.replace("Cart.total", "Basket.sum"), PLAN])
    assert ask_plan(server).targets == (TOTAL,)
    assert "there is no shop/cart.py Basket.sum. Choose among: shop/cart.py Cart.total" in server.prompts[1]
    assert server.chats[1]["format"]["title"] == "PlanDecision"


@pytest.mark.parametrize(
    "look",
    [
        Reply(calls=[{"name": "symbol", "arguments": {"name": "Cart.add"}}]),
        Reply('```json\n{"name": "symbol", "arguments": {"name": "Cart.add"}}\n```'),
    ],
)
def test_model_may_look_at_code_before_it_plans(look: Reply) -> None:
    server = OllamaServer([look, PLAN])
    assert ask_plan(server, replace(BRIEFING, places=(TOTAL,))).targets == (TOTAL,)
    assert "self.lines.append((price, quantity))" in server.chats[1]["messages"][-1]["content"]


def test_looking_has_an_end() -> None:
    server = OllamaServer([Reply(calls=[{"name": "search", "arguments": {"query": "total"}}])])
    with pytest.raises(NoUsableAnswer, match="no calls left"):
        ask_plan(server, lookups=2)
    offered = ["tools" in chat for chat in server.chats]
    assert offered == [True, True, False, False, False]
    assert "That was the last call" in server.prompts[2]


def test_tool_that_does_not_exist_is_not_called() -> None:
    server, tools = OllamaServer([Reply(calls=[{"name": "shell", "arguments": {}}]), PLAN]), library()
    assert ask_plan(server, tools=tools).targets == (TOTAL,)
    assert "there is no such tool" in server.prompts[1]
    assert {call.tool for call in tools.calls} == {"read", "symbol", "context"}


def test_same_code_is_read_once() -> None:
    tools = library()

    async def twice(dialogue: Dialogue) -> None:
        await dialogue.plan(BRIEFING, tools)
        await dialogue.plan(BRIEFING, tools)

    asked(OllamaServer([PLAN]), twice)
    calls = [repr(call) for call in tools.calls]
    assert len(calls) == len(set(calls)) > 0
