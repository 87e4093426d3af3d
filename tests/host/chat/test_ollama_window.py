"""How much a model behind Ollama can take in: asked for, found out, and never overrun in silence."""

import pytest
from support.ollama_server import OllamaServer, Reply
from support.talking import HELLO, ask_ollama, with_ollama

from loopcutter_host.chat import Answer, Capacity, Message, collect
from loopcutter_host.chat.errors import ContextTooSmall, ModelTooLarge, PromptTooLong
from loopcutter_host.chat.ollama import Ollama


def test_capacity_is_no_more_than_the_model_was_trained_for() -> None:
    with OllamaServer(trained_window=2048) as server:
        capacity = with_ollama(server, lambda ollama: ollama.capacity(), num_ctx=16_384)
    assert capacity == Capacity(window=2048, reply=1024, tools=True, billions=7.6)


def test_prompt_that_does_not_fit_is_never_sent() -> None:
    long = [Message("user", "word " * 2000)]
    with OllamaServer(["never"]) as server, pytest.raises(PromptTooLong, match="about 2049 tokens and only 1024 fit"):
        with_ollama(server, lambda ollama: collect(ollama.answer(long, schema=None)), num_ctx=2048)
    assert server.chats == []


def test_window_that_the_server_made_smaller_is_found_out() -> None:
    async def twice(ollama: Ollama) -> tuple[Answer, Capacity]:
        return await collect(ollama.answer(HELLO, schema=None)), await ollama.capacity()

    with OllamaServer(["fine"], loaded_window=4096) as server:
        answer, capacity = with_ollama(server, twice, num_ctx=8192)
    assert (answer.text, "4096 tokens instead of 8192" in answer.note) == ("fine", True)
    assert (capacity.window, capacity.prompt) == (4096, 2048)


def test_prompt_that_a_smaller_window_may_have_cut_is_refused_to_be_made_anew() -> None:
    long = [Message("user", "word " * 2400)]
    with OllamaServer(["cut"], loaded_window=4096) as server, pytest.raises(PromptTooLong) as refused:
        with_ollama(server, lambda ollama: collect(ollama.answer(long, schema=None)), num_ctx=8192)
    assert (refused.value.by_server, refused.value.window) == (True, 4096)


def test_window_that_no_prompt_fits_into_ends_the_run() -> None:
    with OllamaServer(["cut"], loaded_window=1024) as server, pytest.raises(ContextTooSmall, match="1024 tokens"):
        ask_ollama(server, num_ctx=8192)


def test_good_answer_is_not_lost_when_the_window_can_not_be_looked_at() -> None:
    with OllamaServer(["fine"], tells_loaded=False) as server:
        assert ask_ollama(server).text == "fine"


def test_count_far_below_the_estimate_makes_it_look_again() -> None:
    server = OllamaServer(["fine", Reply("cut", prompt_tokens=3)])

    async def shrink(ollama: Ollama) -> Answer:
        await collect(ollama.answer(HELLO * 20, schema=None))
        server.loaded_window = 2048
        return await collect(ollama.answer(HELLO * 20, schema=None))

    with server:
        assert "2048 tokens instead of" in with_ollama(server, shrink).note


def test_the_server_is_forbidden_to_cut_either() -> None:
    with OllamaServer(["fine"]) as server:
        ask_ollama(server)
    assert (server.chats[0]["truncate"], server.chats[0]["shift"]) == (False, False)


def test_window_is_a_round_number_so_that_two_runs_share_a_loaded_model() -> None:
    with OllamaServer() as server:
        assert with_ollama(server, lambda ollama: ollama.capacity(), num_ctx=9000).window == 8192


def test_model_that_is_partly_on_the_processor_is_told_once() -> None:
    async def twice(ollama: Ollama) -> list[str]:
        return [(await collect(ollama.answer(HELLO, schema=None))).note for _ in range(2)]

    with OllamaServer(["fine"], on_card=0.7) as server:
        first, second = with_ollama(server, twice)
    assert ("30 % of its memory outside the graphics card" in first, second) == (True, "")


def test_model_too_large_for_the_memory_is_not_asked_again() -> None:
    said = "model requires more system memory (19.3 GiB) than is available (14.8 GiB)"
    with (
        OllamaServer([Reply(status=500, error=said)]) as server,
        pytest.raises(ModelTooLarge, match="smaller") as raised,
    ):
        ask_ollama(server)
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
        before, after = with_ollama(server, count)
    assert after > before
