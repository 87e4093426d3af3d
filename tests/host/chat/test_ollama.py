"""The Ollama client against a real HTTP server that speaks its protocol."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from hashlib import sha512
from typing import Any

import pytest
from support.ollama_server import OllamaServer, Reply

from loopcutter_host.chat import Answer, Capacity, Message, Piece, ToolCall, ToolSpec, collect
from loopcutter_host.chat.errors import (
    AnswerCut,
    ContextTooSmall,
    ModelMissing,
    ModelTooLarge,
    PromptTooLong,
    Refused,
    ServerFailed,
    TooSlow,
    Unreachable,
)
from loopcutter_host.chat.ollama import Ollama, OllamaSettings, address
from loopcutter_host.chat.wire import Waits

HELLO = [Message("system", "You help."), Message("user", "Hello?")]
SEARCH = ToolSpec("search", "Finds.", {"type": "object", "properties": {"query": {"type": "string"}}})


def with_model(
    server: OllamaServer, use: Callable[[Ollama], Awaitable[Any]], model: str = "coder", **settings: Any
) -> Any:
    named = [name for name in settings if name.endswith("_s") or name == "retries"]
    waits = Waits(pause_s=0, **{name: settings.pop(name) for name in named})

    async def run() -> Any:
        async with aclosing(Ollama(model, OllamaSettings(url=server.url, waits=waits, **settings))) as ollama:
            return await use(ollama)

    return asyncio.run(run())


def ask(server: OllamaServer, model: str = "coder", **settings: Any) -> Answer:
    return with_model(server, lambda ollama: collect(ollama.answer(HELLO, schema=None)), model, **settings)


def test_answer_is_streamed_in_pieces_and_ends_with_counts() -> None:
    async def pieces(ollama: Ollama) -> list[Piece]:
        return [piece async for piece in ollama.answer(HELLO, schema=None)]

    with OllamaServer([Reply("good day", thinking="hm", prompt_tokens=11)]) as server:
        assert with_model(server, pieces) == [
            Piece(thinking="hm"),
            Piece("good"),
            Piece(" day"),
            Piece(done_reason="stop", prompt_tokens=11, answer_tokens=2),
        ]


def test_every_request_carries_the_same_window_cap_and_keep_alive() -> None:
    with OllamaServer(["one", "two"]) as server:

        async def twice(ollama: Ollama) -> None:
            await collect(ollama.answer(HELLO, schema=None))
            await collect(ollama.answer([*HELLO, *HELLO], schema={"type": "object"}, temperature=0.7))

        with_model(server, twice, num_ctx=8192, num_predict=512)
    first, second = server.chats
    assert first["options"] == {"num_ctx": 8192, "num_predict": 512, "temperature": 0.2}
    assert second["options"] == {"num_ctx": 8192, "num_predict": 512, "temperature": 0.7}
    assert (first["keep_alive"], first.get("format"), second["format"]) == ("30m", None, {"type": "object"})
    assert (first["stream"], "think" in first) == (True, False)


def test_tools_are_offered_and_native_calls_come_back() -> None:
    async def look(ollama: Ollama) -> Answer:
        earlier = Message("assistant", "", calls=(ToolCall("search", {"query": "a"}),))
        result = Message("tool", "nothing found", tool="search")
        return await collect(ollama.answer([*HELLO, earlier, result], schema=None, tools=[SEARCH]))

    with OllamaServer([Reply(calls=[{"name": "search", "arguments": {"query": "total"}}])]) as server:
        assert with_model(server, look).calls == (ToolCall("search", {"query": "total"}),)
    assert server.chats[0]["tools"][0]["function"]["name"] == "search"
    assert server.chats[0]["messages"][2:] == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"function": {"name": "search", "arguments": {"query": "a"}}}],
        },
        {"role": "tool", "content": "nothing found", "tool_name": "search"},
    ]


def test_model_without_tools_is_not_offered_any() -> None:
    with OllamaServer(["fine"], capabilities=["completion"]) as server:
        with_model(server, lambda ollama: collect(ollama.answer(HELLO, schema=None, tools=[SEARCH])))
    assert "tools" not in server.chats[0]


def test_capacity_is_no_more_than_the_model_was_trained_for() -> None:
    with OllamaServer(trained_window=2048) as server:
        capacity = with_model(server, lambda ollama: ollama.capacity(), num_ctx=16_384)
    assert capacity == Capacity(window=2048, reply=1024, tools=True, billions=7.6)


def test_prompt_that_does_not_fit_is_never_sent() -> None:
    long = [Message("user", "word " * 2000)]
    with OllamaServer(["never"]) as server, pytest.raises(PromptTooLong, match="about 2049 tokens and only 1024 fit"):
        with_model(server, lambda ollama: collect(ollama.answer(long, schema=None)), num_ctx=2048)
    assert server.chats == []


def test_window_that_the_server_made_smaller_is_found_out() -> None:
    async def twice(ollama: Ollama) -> tuple[Answer, Capacity]:
        return await collect(ollama.answer(HELLO, schema=None)), await ollama.capacity()

    with OllamaServer(["fine"], loaded_window=4096) as server:
        answer, capacity = with_model(server, twice, num_ctx=8192)
    assert (answer.text, "4096 tokens instead of 8192" in answer.note) == ("fine", True)
    assert (capacity.window, capacity.prompt) == (4096, 2048)


def test_prompt_that_a_smaller_window_may_have_cut_is_refused_to_be_made_anew() -> None:
    long = [Message("user", "word " * 2400)]
    with OllamaServer(["cut"], loaded_window=4096) as server, pytest.raises(PromptTooLong) as refused:
        with_model(server, lambda ollama: collect(ollama.answer(long, schema=None)), num_ctx=8192)
    assert (refused.value.by_server, refused.value.window) == (True, 4096)


def test_window_that_no_prompt_fits_into_ends_the_run() -> None:
    with OllamaServer(["cut"], loaded_window=1024) as server, pytest.raises(ContextTooSmall, match="1024 tokens"):
        ask(server, num_ctx=8192)


def test_good_answer_is_not_lost_when_the_window_can_not_be_looked_at() -> None:
    with OllamaServer(["fine"], tells_loaded=False) as server:
        assert ask(server).text == "fine"


def test_count_far_below_the_estimate_makes_it_look_again() -> None:
    server = OllamaServer(["fine", Reply("cut", prompt_tokens=3)])

    async def shrink(ollama: Ollama) -> Answer:
        await collect(ollama.answer(HELLO * 20, schema=None))
        server.loaded_window = 2048
        return await collect(ollama.answer(HELLO * 20, schema=None))

    with server:
        assert "2048 tokens instead of" in with_model(server, shrink).note


def test_missing_model_is_named_with_the_command_that_gets_it() -> None:
    with OllamaServer() as server, pytest.raises(ModelMissing, match="ollama pull missing:1b"):
        ask(server, model="missing:1b")


def test_unreachable_server_says_what_to_do() -> None:
    with socket.socket() as taken:  # bound, never listening
        taken.bind(("127.0.0.1", 0))

        async def run() -> None:
            async with aclosing(
                Ollama("coder", OllamaSettings(url=f"http://127.0.0.1:{taken.getsockname()[1]}"))
            ) as ollama:
                await ollama.capacity()

        with pytest.raises(Unreachable, match="ollama serve") as raised:
            asyncio.run(run())
    assert raised.value.exit_code == 4


def test_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with OllamaServer(["hello"]) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url.removeprefix("http://"))

        async def run() -> Answer:
            async with aclosing(Ollama("coder")) as ollama:
                return await collect(ollama.answer(HELLO, schema=None))

        assert asyncio.run(run()).text == "hello"


def test_token_is_sent_when_the_server_wants_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with OllamaServer(["hello"], token="secret") as server:
        with pytest.raises(Refused, match="OLLAMA_API_KEY"):
            ask(server)
        monkeypatch.setenv("OLLAMA_API_KEY", "secret")
        assert ask(server).text == "hello"


def test_other_kind_of_server_is_called_one() -> None:
    async def elsewhere(ollama: Ollama) -> None:
        await ollama.capacity()

    with OllamaServer() as server:

        async def run() -> None:
            async with aclosing(Ollama("coder", OllamaSettings(url=f"{server.url}/other"))) as ollama:
                await elsewhere(ollama)

        with pytest.raises(Refused, match="Check the address"):
            asyncio.run(run())


@pytest.mark.parametrize("fault", [Reply(status=503, error="server busy"), Reply(cut=True), Reply(error="CUDA error")])
def test_fault_before_the_first_token_is_tried_again(fault: Reply) -> None:
    with OllamaServer([fault, fault, "at last"]) as server:
        assert ask(server).text == "at last"
    assert len(server.chats) == 3


def test_retries_end() -> None:
    broken = OllamaServer([Reply(status=500, error="out of memory")])
    with broken as server, pytest.raises(ServerFailed, match="out of memory"):
        ask(server)
    assert len(server.chats) == 3


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Reply("half an", cut=True), AnswerCut, "broke off"),
        (Reply("half an", error="an error was encountered while running the model"), ServerFailed, "encountered"),
    ],
)
def test_fault_in_the_middle_is_not_hidden_by_a_retry(fault: Reply, error: type[Exception], words: str) -> None:
    with OllamaServer([fault, "never asked"]) as server, pytest.raises(error, match=words):
        ask(server)
    assert len(server.chats) == 1


@pytest.mark.parametrize(
    ("reply", "limits", "waited_for"),
    [
        (Reply(hang="before"), {"first_token_s": 0.05}, "the first token"),
        (Reply("half", hang="after"), {"gap_s": 0.05}, "the next token"),
        (Reply("half", hang="after"), {"answer_s": 0.2}, "0.2 s for the whole answer"),
    ],
)
def test_every_wait_has_an_end_and_hangs_up(reply: Reply, limits: dict[str, float], waited_for: str) -> None:
    with OllamaServer([reply]) as server:
        with pytest.raises(TooSlow, match=waited_for):
            ask(server, **limits)
        assert server.hung_up.wait(5)


def test_cancelling_stops_the_model() -> None:
    heard = asyncio.Event()

    async def cancel(ollama: Ollama) -> None:
        async def listen() -> None:
            async for _ in ollama.answer(HELLO, schema=None):
                heard.set()

        listening = asyncio.create_task(listen())
        await heard.wait()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    with OllamaServer([Reply("and so on", hang="after")]) as server:
        with_model(server, cancel)
        assert server.hung_up.wait(5)


def test_chant_is_cut_while_it_streams() -> None:
    chant = Reply("Let me check. " + "I will now fix the function. " * 400, hang="after")
    with OllamaServer([chant]) as server:
        answer = ask(server)
        assert server.hung_up.wait(5)
    assert (answer.done_reason, len(answer.text) < 2000) == ("chant", True)


def test_the_server_is_forbidden_to_cut_either() -> None:
    with OllamaServer(["fine"]) as server:
        ask(server)
    assert (server.chats[0]["truncate"], server.chats[0]["shift"]) == (False, False)


def test_window_is_a_round_number_so_that_two_runs_share_a_loaded_model() -> None:
    with OllamaServer() as server:
        assert with_model(server, lambda ollama: ollama.capacity(), num_ctx=9000).window == 8192


def test_thinking_is_set_only_where_the_model_can() -> None:
    with OllamaServer(["fine"], capabilities=["completion", "thinking"]) as server:
        ask(server, think="low")
    with OllamaServer(["fine"]) as other:
        ask(other, think="low")
    assert (server.chats[0]["think"], "think" in other.chats[0]) == ("low", False)


def test_model_that_is_partly_on_the_processor_is_told_once() -> None:
    async def twice(ollama: Ollama) -> list[str]:
        return [(await collect(ollama.answer(HELLO, schema=None))).note for _ in range(2)]

    with OllamaServer(["fine"], on_card=0.7) as server:
        first, second = with_model(server, twice)
    assert ("30 % of its memory outside the graphics card" in first, second) == (True, "")


def test_model_too_large_for_the_memory_is_not_asked_again() -> None:
    said = "model requires more system memory (19.3 GiB) than is available (14.8 GiB)"
    with (
        OllamaServer([Reply(status=500, error=said)]) as server,
        pytest.raises(ModelTooLarge, match="smaller") as raised,
    ):
        ask(server)
    assert (raised.value.exit_code, len(server.chats)) == (4, 1)


def test_overflow_that_only_the_server_sees_makes_it_count_higher() -> None:
    said = "the input length exceeds the context length"

    async def count(ollama: Ollama) -> tuple[int, int]:
        before = await ollama.count("some text to be counted")
        with pytest.raises(PromptTooLong) as raised:
            await collect(ollama.answer(HELLO, schema=None))
        assert raised.value.by_server
        return before, await ollama.count("some text to be counted")

    with OllamaServer([Reply(status=400, error=said)]) as server:
        before, after = with_model(server, count)
    assert after > before


def test_zero_bytes_are_an_empty_answer() -> None:
    with OllamaServer([""]) as server:
        assert ask(server).text == ""


def test_answer_without_an_end_is_cut_and_hung_up() -> None:
    endless = Reply(" ".join(sha512(b"%d" % number).hexdigest() for number in range(3000)), hang="after")
    with OllamaServer([endless]) as server:
        answer = ask(server)
        assert server.hung_up.wait(5)
    assert (answer.done_reason, len(answer.text)) == ("length", 200_000)


def test_one_line_of_ten_megabytes_is_not_kept() -> None:
    with OllamaServer([Reply("x" * 10_000_000)]) as server, pytest.raises(AnswerCut, match="a line of more than"):
        ask(server, retries=0)


def test_what_steers_a_terminal_is_taken_out() -> None:
    with OllamaServer(["\x1b[31mred\x1b[0m \x00and \u202ebackwards\ud83d\ude00"]) as server:
        assert ask(server).text == "red and backwards😀"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("box", "http://box:11434"),
        (":8080", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:9000", "http://127.0.0.1:9000"),
        ("https://box.example/", "https://box.example"),
        ("http://[::1]:9000/door", "http://[::1]:9000/door"),
    ],
)
def test_address_is_understood_as_ollama_does(host: str, url: str) -> None:
    assert address(host) == url
