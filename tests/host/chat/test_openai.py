"""The client for OpenAI's protocol, against real HTTP servers with the manners of vLLM, LM Studio and others.

The real llama.cpp engine is in `test_llama_engine.py`.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

import pytest
from support.openai_server import Fault, OpenAIServer, Said, Turn
from support.talking import HELLO, SEARCH, ask_openai, with_openai

from loopcutter_host.chat import Answer, Capacity, Message, ToolCall, collect
from loopcutter_host.chat.errors import (
    AnswerCut,
    ModelMissing,
    ModelTooLarge,
    PromptTooLong,
    Refused,
    ServerFailed,
    Unreachable,
)
from loopcutter_host.chat.openai import OpenAI, OpenAISettings

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def with_model(server: OpenAIServer, use: Callable[[OpenAI], Awaitable[Any]], **settings: Any) -> Any:
    return with_openai(server.url, use, **{"model": "coder-7b", **settings})


def ask(server: OpenAIServer, schema: Mapping[str, Any] | None = None, **settings: Any) -> Answer:
    return ask_openai(server.url, schema=schema, **{"model": "coder-7b", **settings})


def test_answer_comes_with_the_servers_counts() -> None:
    with OpenAIServer(["good day"]) as server:
        assert ask(server) == Answer("good day", prompt_tokens=7, answer_tokens=3)
    (sent,) = server.chats
    assert (sent["model"], sent["max_tokens"], sent["stream"]) == ("coder-7b", 4096, True)


def test_default_is_the_first_model_there() -> None:
    with OpenAIServer(["fine"]) as server:
        ask(server, model="default")
    assert server.chats[0]["model"] == "coder-7b"


def test_model_that_is_not_there_is_named_with_those_that_are() -> None:
    with OpenAIServer() as server, pytest.raises(ModelMissing, match=r"has no model 'other'.*coder-7b"):
        ask(server, model="other")


@pytest.mark.parametrize(("kind", "window"), [("vllm", 4096), ("lmstudio", 4096), ("plain", 16_384)])
def test_window_is_asked_of_each_kind_of_server(kind: Any, window: int) -> None:
    with OpenAIServer(kind=kind, window=4096) as server:
        capacity = with_model(server, lambda chat: chat.capacity())
    assert capacity == Capacity(window, min(window // 2, 4096), tools=False, billions=7)


def test_tokens_are_counted_by_the_server_where_it_can() -> None:
    async def count(chat: OpenAI) -> list[int]:
        return [await chat.count("one two three"), await chat.count("one two three")]

    with OpenAIServer(kind="vllm") as server:
        assert with_model(server, count) == [3, 3]
    assert [path for path, _, _ in server.requests].count("/tokenize") == 1


@pytest.mark.parametrize(
    ("taken", "forms"),
    [
        ("json_schema", ["json_schema"]),
        ("json_object", ["json_schema", "json_object"]),
        ("", ["json_schema", "json_object", ""]),
    ],
)
def test_form_of_constraint_that_a_server_refuses_is_not_sent_again(taken: str, forms: list[str]) -> None:
    def judge(body: Mapping[str, Any]) -> Turn | None:
        form = body.get("response_format", {}).get("type", "")
        return None if form in (taken, "") else Fault(400, {"error": {"message": f"unknown type {form}"}})

    async def twice(chat: OpenAI) -> None:
        await collect(chat.answer(HELLO, schema=SCHEMA))
        await collect(chat.answer(HELLO, schema=SCHEMA))

    with OpenAIServer(['{"n": 1}'], judge=judge) as server:
        with_model(server, twice)
    assert [body.get("response_format", {}).get("type", "") for body in server.chats] == [*forms, taken]


def test_option_that_an_old_server_does_not_know_is_left_out() -> None:
    def judge(body: Mapping[str, Any]) -> Turn | None:
        return Fault(422, {"detail": [{"loc": ["body", "stream_options"]}]}) if "stream_options" in body else None

    with OpenAIServer(["fine"], judge=judge) as server:
        assert ask(server).text == "fine"


@pytest.mark.parametrize(
    ("fault", "tokens", "window"),
    [
        (
            Fault(
                400,
                {
                    "error": {
                        "message": "This model's maximum context length is 2048 tokens. However, you requested 9000 "
                        "tokens (8000 in the messages, 1000 in the completion).",
                        "type": "BadRequestError",
                    }
                },
            ),
            8000,
            2048,
        ),
        (
            Said(
                events=[
                    {
                        "error": "Trying to keep the first 6547 tokens when context the overflows. However, the model "
                        "is loaded with context length of only 4096 tokens, which is not enough."
                    }
                ]
            ),
            6547,
            4096,
        ),
        (Said(prompt_tokens=9000), 9000, 0),
    ],
    ids=["vllm", "lmstudio", "lmstudio-silent"],
)
def test_overflow_is_understood_in_the_words_of_each_server(fault: Turn, tokens: int, window: int) -> None:
    async def twice(chat: OpenAI) -> tuple[PromptTooLong, int, int]:
        before = await chat.count("how much is this")
        with pytest.raises(PromptTooLong) as raised:
            await collect(chat.answer(HELLO, schema=None))
        return raised.value, await chat.count("how much is this"), before

    with OpenAIServer([fault], kind="lmstudio", window=4096) as server:
        long, after, before = with_model(server, twice)
    assert (long.tokens, long.window, long.by_server) == (tokens, window, True)
    assert after == 3 * before, "what the server counted corrects the estimate, within reason"


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Fault(401, {"error": {"message": "Invalid API key"}}), Refused, "LOOPCUTTER_OPENAI_API_KEY"),
        (Fault(404, {"error": {"message": "The model `x` does not exist"}}), ModelMissing, "default"),
        (Fault(500, {"error": "unable to allocate CUDA0 buffer"}), ModelTooLarge, "smaller model"),
        (Fault(500, "<html>oops</html>"), ServerFailed, "oops"),
        (Said(events=[{"choices": [{"delta": {"content": "half"}, "finish_reason": None}]}]), AnswerCut, "reason"),
        (Said(events=[{"choices": 7}]), AnswerCut, "not what such a server sends"),
    ],
)
def test_fault_becomes_an_error_that_says_what_to_do(fault: Turn, error: type[Exception], words: str) -> None:
    with OpenAIServer([fault]) as server, pytest.raises(error, match=words):
        ask(server)


def test_busy_server_is_asked_again() -> None:
    with OpenAIServer([Fault(429, {"error": "busy"}, retry_after="0"), "at last"]) as server:
        assert ask(server).text == "at last"


def test_thoughts_and_calls_in_fragments_are_put_together() -> None:
    def call(**function: str) -> dict[str, Any]:
        return {"choices": [{"delta": {"tool_calls": [{"index": 0, "function": function}]}}]}

    events = [
        {"choices": [{"delta": {"reasoning_content": "hm "}}]},
        {"choices": [{"delta": {"reasoning": "well"}}]},
        call(name="search", arguments=""),
        call(arguments='{"query": '),
        call(arguments='"total"}'),
        {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]},
    ]
    with OpenAIServer([Said(events=events)]) as server:
        answer = ask(server)
    assert (answer.thinking, answer.calls) == ("hm well", (ToolCall("search", {"query": "total"}),))


def test_tools_are_offered_only_when_asked_for_and_results_name_their_call() -> None:
    told = [*HELLO, Message("assistant", "", calls=(ToolCall("search", {"query": "a"}),)), Message("tool", "none")]

    async def look(chat: OpenAI) -> None:
        await collect(chat.answer(told, schema=None, tools=[SEARCH]))

    with OpenAIServer(["fine"]) as server:
        with_model(server, look, tools=True)
        with_model(server, look)
    first, second = server.chats
    assert (first["tools"][0]["function"]["name"], "tools" in second) == ("search", False)
    assert first["messages"][2]["tool_calls"][0]["id"] == first["messages"][3]["tool_call_id"]


def test_only_its_own_key_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "for the cloud")
    with OpenAIServer(["fine"]) as server:
        ask(server)
        monkeypatch.setenv("LOOPCUTTER_OPENAI_API_KEY", "for this server")
        ask(server)
    sent = [headers.get("Authorization") for path, _, headers in server.requests if path.endswith("completions")]
    assert sent == [None, "Bearer for this server"]


def test_unreachable_server_says_what_to_do() -> None:
    with socket.socket() as taken:  # bound, never listening
        taken.bind(("127.0.0.1", 0))

        async def run() -> None:
            url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
            async with aclosing(OpenAI("coder", OpenAISettings(url=url))) as chat:
                await chat.capacity()

        with pytest.raises(Unreachable, match="llama-server"):
            asyncio.run(run())
