"""The client for OpenAI's protocol against a real llama.cpp engine with tiny models: no stand-in has these manners."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace

import pytest
from support.library import Library
from support.llama_engine import LlamaEngine
from support.talking import HELLO, ask_openai, with_openai

from loopcutter_host.chat import Capacity, Message, Piece, ToolCall, collect
from loopcutter_host.chat.errors import PromptTooLong, TooSlow
from loopcutter_host.chat.extraction import without_thoughts
from loopcutter_host.chat.openai import OpenAI, OpenAISettings
from loopcutter_host.chat.tool_calls import written_calls
from loopcutter_host.dialogue import Dialogue, Exchange
from loopcutter_host.model import Briefing, Failure, Place, Plan, Proposal, Reflection

NEXT = {
    "type": "object",
    "properties": {"lesson": {"type": "string", "maxLength": 20}, "next": {"enum": ["edit", "plan", "stop"]}},
    "required": ["lesson", "next"],
}
FILES = {
    "shop/cart.py": "class Cart:\n    def total(self):\n        return sum(price for price, _ in self.lines)\n",
    "tests/test_cart.py": "def test_total():\n    assert cart.total() == 10\n",
}
TOTAL = Place("shop/cart.py", "Cart.total", (2, 3), 0.9, "frame")
BRIEFING = Briefing(
    issue="The total is wrong.",
    tree="tree-1",
    base_tree="tree-1",
    failures=(Failure("tests/test_cart.py::test_total", "AssertionError", "assert 5 == 10"),),
    passing=(),
    places=(TOTAL,),
)


def test_window_and_tokenizer_are_the_engines_own(scripted_engine: str) -> None:
    async def examine(chat: OpenAI) -> tuple[Capacity, int]:
        return await chat.capacity(), await chat.count("zzzzzzzz")

    capacity, count = with_openai(scripted_engine, examine)
    assert capacity == Capacity(window=8192, reply=4096, billions=capacity.billions)
    assert 0 < capacity.billions < 0.01, "counted by the engine: nobody called it by a size"
    assert count == 8, "to this model such letters are tokens of their own, which no estimate would guess"


def test_answer_is_streamed_and_counted(scripted_engine: str) -> None:
    async def listen(chat: OpenAI) -> list[Piece]:
        messages = [Message("system", "say a thought")]
        return [piece async for piece in chat.answer(messages, schema=None)]

    *pieces, last = with_openai(scripted_engine, listen)
    assert len(pieces) > 5
    assert "".join(piece.text for piece in pieces) == "<think>Is it {this}? No.</think>The sum is wrong."
    assert (last.done_reason, last.prompt_tokens > 0, last.answer_tokens) == ("stop", True, len(pieces) + 1)


def test_thoughts_that_leak_are_taken_out(scripted_engine: str) -> None:
    assert without_thoughts(ask_openai(scripted_engine, "say a thought").text) == "The sum is wrong."


def test_tool_call_that_comes_as_bare_json_is_understood(scripted_engine: str) -> None:
    answer = ask_openai(scripted_engine, "call as text")
    assert answer.calls == ()
    assert written_calls(answer.text, {"search"}) == (ToolCall("search", {"query": "cart total"}),)


def test_a_model_that_can_only_babble_is_bound_to_the_schema(noisy_engine: str) -> None:
    answer = with_openai(noisy_engine, lambda chat: collect(chat.answer(HELLO, schema=NEXT)))
    said = json.loads(answer.text)
    assert (sorted(said), said["next"] in ("edit", "plan", "stop")) == (["lesson", "next"], True)


def test_form_that_the_engine_refuses_falls_back(noisy_engine: str) -> None:
    answer = with_openai(noisy_engine, lambda chat: collect(chat.answer(HELLO, schema={"type": "nonsense"})))
    assert answer.done_reason in ("stop", "length")


def test_prompt_that_does_not_fit_is_never_sent(noisy_engine: str) -> None:
    with pytest.raises(PromptTooLong) as raised:
        ask_openai(noisy_engine, "x" * 1500)
    assert (raised.value.by_server, raised.value.tokens > 1500) == (False, True)


def test_overflow_that_only_the_engine_sees_is_understood_and_learnt(noisy_engine: str) -> None:
    class Blind(OpenAI):
        """Can't count: as with an engine that has no tokenizer to ask."""

        async def count(self, text: str) -> int:
            return self._estimate(text)

    async def twice() -> tuple[PromptTooLong, PromptTooLong]:
        long = [Message("user", "ordinary words " * 300)]
        async with aclosing(Blind("default", OpenAISettings(url=noisy_engine))) as chat:
            with pytest.raises(PromptTooLong) as first:
                await collect(chat.answer(long, schema=None))
            with pytest.raises(PromptTooLong) as second:
                await collect(chat.answer(long, schema=None))
        return first.value, second.value

    first, second = asyncio.run(twice())
    assert (first.by_server, first.window, first.tokens > 4000) == (True, 2048, True)
    assert not second.by_server, "now it is known beforehand"


def test_answer_is_cut_at_its_limit(noisy_engine: str) -> None:
    answers = [ask_openai(noisy_engine, f"number {number}", max_tokens=3) for number in range(5)]
    assert "length" in {answer.done_reason for answer in answers}


def test_chant_is_cut_and_the_engine_stops(chanting_engine: LlamaEngine) -> None:
    answer = ask_openai(chanting_engine.url, "x", max_tokens=30_000, num_ctx=32_768)
    assert (answer.done_reason, len(answer.text) < 3000) == ("chant", True)
    chanting_engine.wait_until_idle()


def test_cancelling_stops_the_engine(chanting_engine: LlamaEngine) -> None:
    async def cancel(chat: OpenAI) -> bool:
        heard = asyncio.Event()

        async def listen() -> None:
            async for _ in chat.answer(HELLO, schema=None):
                heard.set()

        listening = asyncio.create_task(listen())
        await heard.wait()
        busy = await asyncio.to_thread(lambda: chanting_engine.busy)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        return busy

    assert with_openai(chanting_engine.url, cancel, max_tokens=30_000, num_ctx=32_768)
    chanting_engine.wait_until_idle()


def test_whole_answer_has_an_end_and_the_engine_stops(chanting_engine: LlamaEngine) -> None:
    async def listen(chat: OpenAI) -> None:
        async for _ in chat.answer(HELLO, schema=None):
            pass

    with pytest.raises(TooSlow, match="the whole answer"):
        with_openai(chanting_engine.url, listen, max_tokens=30_000, num_ctx=32_768, answer_s=0.3)
    chanting_engine.wait_until_idle()


def test_plan_edit_and_reflection_come_from_a_real_engine(scripted_engine: str) -> None:
    heard: list[Exchange] = []

    async def work(chat: OpenAI) -> tuple[Plan, Proposal, Reflection]:
        dialogue, tools = Dialogue(chat, listen=heard.append), Library(FILES)
        plan = await dialogue.plan(BRIEFING, tools)
        edit = await dialogue.edit(replace(BRIEFING, plan=plan), tools)
        return plan, edit, await dialogue.reflect(BRIEFING, tools)

    plan, edit, reflection = with_openai(scripted_engine, work)
    assert plan == Plan("total ignores the quantity", (TOTAL,))
    assert edit.edits[0]["source"].endswith("for price, quantity in self.lines)\n")
    assert reflection == Reflection("one is not enough; not: the sum; instead: look at add", "plan")
    assert [(exchange.step, exchange.flaw) for exchange in heard] == [
        ("plan", None),
        ("edit", "no-code"),
        ("edit", None),
        ("reflect", None),
    ]
    spare = [exchange.estimate - exchange.answer.prompt_tokens for exchange in heard]
    assert (0 <= spare[0] < 60, min(spare) >= 0) == (True, True), spare
