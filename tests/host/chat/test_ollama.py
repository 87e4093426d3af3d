"""The Ollama client against a real HTTP server that speaks its protocol: what is asked, and what comes back."""

import asyncio
import socket
from contextlib import aclosing

import pytest
from support.ollama_server import OllamaServer, Reply
from support.talking import HELLO, SEARCH, ask_ollama, with_ollama

from loopcutter_host.chat import Answer, Message, Piece, ToolCall, collect
from loopcutter_host.chat.errors import ModelMissing, Refused, Unreachable
from loopcutter_host.chat.ollama import Ollama, OllamaSettings, address


def test_answer_is_streamed_in_pieces_and_ends_with_counts() -> None:
    async def pieces(ollama: Ollama) -> list[Piece]:
        return [piece async for piece in ollama.answer(HELLO, schema=None)]

    with OllamaServer([Reply("good day", thinking="hm", prompt_tokens=11)]) as server:
        assert with_ollama(server, pieces) == [
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

        with_ollama(server, twice, num_ctx=8192, num_predict=512)
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
        assert with_ollama(server, look).calls == (ToolCall("search", {"query": "total"}),)
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
        with_ollama(server, lambda ollama: collect(ollama.answer(HELLO, schema=None, tools=[SEARCH])))
    assert "tools" not in server.chats[0]


def test_missing_model_is_named_with_the_command_that_gets_it() -> None:
    with OllamaServer() as server, pytest.raises(ModelMissing, match="ollama pull missing:1b"):
        ask_ollama(server, model="missing:1b")


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
            ask_ollama(server)
        monkeypatch.setenv("OLLAMA_API_KEY", "secret")
        assert ask_ollama(server).text == "hello"


def test_other_kind_of_server_is_called_one() -> None:
    async def elsewhere(ollama: Ollama) -> None:
        await ollama.capacity()

    with OllamaServer() as server:

        async def run() -> None:
            async with aclosing(Ollama("coder", OllamaSettings(url=f"{server.url}/other"))) as ollama:
                await elsewhere(ollama)

        with pytest.raises(Refused, match="Check the address"):
            asyncio.run(run())


def test_thinking_is_set_only_where_the_model_can() -> None:
    with OllamaServer(["fine"], capabilities=["completion", "thinking"]) as server:
        ask_ollama(server, think="low")
    with OllamaServer(["fine"]) as other:
        ask_ollama(other, think="low")
    assert (server.chats[0]["think"], "think" in other.chats[0]) == ("low", False)


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
