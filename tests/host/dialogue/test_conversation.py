"""One question: flaws are counted and repaired, what does not fit is left out, what breaks off is asked again."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest
from support.cart import BRIEFING, EDIT, PLAN, PLANNED, SYMBOL_EDIT, ask_edit, ask_plan, library
from support.ollama_server import OllamaServer, Reply

from loopcutter_host.chat.errors import Unreachable
from loopcutter_host.chat.ollama import Ollama, OllamaSettings
from loopcutter_host.dialogue import Dialogue, Exchange


def test_code_that_does_not_parse_is_sent_back_with_the_error() -> None:
    server = OllamaServer(["```python\ndef total(self):\n    return sum(\n```", EDIT])
    assert ask_edit(server).edits == (SYMBOL_EDIT,)
    assert "not valid Python: '(' was never closed in line 2" in server.prompts[1]


def test_thoughts_are_never_fed_back() -> None:
    server = OllamaServer([Reply("<think>secret musing</think>no code", thinking="more musing"), EDIT])
    ask_edit(server)
    assert "no code" in server.prompts[1]
    assert "musing" not in server.prompts[1]


def test_answer_that_breaks_off_is_asked_for_again() -> None:
    server = OllamaServer([Reply("I mul", cut=True), EDIT])
    assert ask_edit(server).edits == (SYMBOL_EDIT,)
    assert len(server.chats[1]["messages"]) == 2


def test_cut_function_is_not_taken_for_a_whole_one() -> None:
    cut = "```python\ndef total(self):\n    result = 0\n"
    server = OllamaServer([Reply(cut, done_reason="length"), EDIT])
    assert ask_edit(server).edits == (SYMBOL_EDIT,)
    assert "be brief" in server.prompts[1]


def test_what_does_not_fit_is_left_out_and_said() -> None:
    heard: list[Exchange] = []
    server = OllamaServer([PLAN])
    long = replace(BRIEFING, issue="The total is wrong. " * 2000)
    ask_plan(server, long, num_ctx=4096, listen=heard.append)
    assert heard[0].left_out[0].startswith("the issue: cut from 40000 to ")
    assert heard[0].step == "plan"
    assert heard[0].answer.prompt_tokens > 0


def test_prompt_that_the_server_finds_too_long_is_made_shorter_and_sent_again() -> None:
    heard: list[Exchange] = []
    server = OllamaServer([Reply(status=400, error="the input length exceeds the context length"), EDIT])
    made = ask_edit(server, replace(PLANNED, issue="The total is wrong. " * 5000), listen=heard.append)
    assert made.edits == (SYMBOL_EDIT,)
    assert [exchange.flaw for exchange in heard] == ["too-long", None]
    first, second = server.prompts
    assert len(second) < len(first) * 0.8


@pytest.mark.parametrize(
    ("reply", "flaw"),
    [
        (Reply("", done_reason="stop"), "empty"),
        (Reply("I would change the sum."), "no-code"),
        (Reply("```python\ndef total(self):\n    return (\n```"), "not-python"),
        (Reply("```python\ndef sum(self):\n    pass\n```"), "other-code"),
        (Reply("```python\ndef total(self):\n    ...\n    # ... rest of the code\n```"), "left-out"),
        (Reply("```python\ndef total(self):", done_reason="length"), "cut-code"),
        (Reply("I mul", cut=True), "broke-off"),
    ],
)
def test_every_unusable_answer_is_told_with_its_kind(reply: Reply, flaw: str) -> None:
    heard: list[Exchange] = []
    assert ask_edit(OllamaServer([reply, EDIT]), listen=heard.append).edits == (SYMBOL_EDIT,)
    # An answer that breaks off before anything came is asked for again without further ado; "I mul" came.
    assert [exchange.flaw for exchange in heard] == [flaw, None]


def test_server_that_is_gone_ends_the_run() -> None:
    server = OllamaServer()
    with server:
        url = server.url

    async def late() -> None:
        async with aclosing(Ollama("coder", OllamaSettings(url=url))) as ollama:
            await Dialogue(ollama).plan(BRIEFING, library())

    with pytest.raises(Unreachable):
        asyncio.run(late())
