"""What goes wrong on the way to Ollama and back: faults, hangs, answers without an end."""

import asyncio
from hashlib import sha512

import pytest
from support.ollama_server import OllamaServer, Reply
from support.talking import HELLO, ask_ollama, with_ollama

from loopcutter_host.chat.errors import AnswerCut, ServerFailed, TooSlow
from loopcutter_host.chat.ollama import Ollama


@pytest.mark.parametrize("fault", [Reply(status=503, error="server busy"), Reply(cut=True), Reply(error="CUDA error")])
def test_fault_before_the_first_token_is_tried_again(fault: Reply) -> None:
    with OllamaServer([fault, fault, "at last"]) as server:
        assert ask_ollama(server).text == "at last"
    assert len(server.chats) == 3


def test_retries_end() -> None:
    broken = OllamaServer([Reply(status=500, error="out of memory")])
    with broken as server, pytest.raises(ServerFailed, match="out of memory"):
        ask_ollama(server)
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
        ask_ollama(server)
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
            ask_ollama(server, **limits)
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
        with_ollama(server, cancel)
        assert server.hung_up.wait(5)


def test_chant_is_cut_while_it_streams() -> None:
    chant = Reply("Let me check. " + "I will now fix the function. " * 400, hang="after")
    with OllamaServer([chant]) as server:
        answer = ask_ollama(server)
        assert server.hung_up.wait(5)
    assert (answer.done_reason, len(answer.text) < 2000) == ("chant", True)


def test_zero_bytes_are_an_empty_answer() -> None:
    with OllamaServer([""]) as server:
        assert ask_ollama(server).text == ""


def test_answer_without_an_end_is_cut_and_hung_up() -> None:
    endless = Reply(" ".join(sha512(b"%d" % number).hexdigest() for number in range(3000)), hang="after")
    with OllamaServer([endless]) as server:
        answer = ask_ollama(server)
        assert server.hung_up.wait(5)
    assert (answer.done_reason, len(answer.text)) == ("length", 200_000)


def test_one_line_of_ten_megabytes_is_not_kept() -> None:
    with OllamaServer([Reply("x" * 10_000_000)]) as server, pytest.raises(AnswerCut, match="a line of more than"):
        ask_ollama(server, retries=0)


def test_what_steers_a_terminal_is_taken_out() -> None:
    with OllamaServer(["\x1b[31mred\x1b[0m \x00and \u202ebackwards\ud83d\ude00"]) as server:
        assert ask_ollama(server).text == "red and backwards😀"
