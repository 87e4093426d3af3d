"""The door to the model: what passes, what doesn't, and that hanging up reaches the engine."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from mcp import Client
from support.ollama_server import OllamaServer, Reply

from loopcutter_inference.server import build
from loopcutter_inference.upstream import Upstream

TOKEN = "a-token-of-the-tests"
QUESTION = {"model": "any", "messages": [{"role": "user", "content": "hello"}]}


@contextmanager
def door(upstream: str) -> Iterator[httpx2.Client]:
    """A door in front of `upstream`, and a client that has its token."""
    command = [sys.executable, "-m", "loopcutter_inference", "serve", "--lease", "--upstream", upstream]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"LOOPCUTTER_INFERENCE_TOKEN": TOKEN}
    ) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"].removesuffix("/mcp")
        with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30) as client:
            yield client
        process.terminate()


def test_an_answer_streams_through_and_the_token_stays_at_the_door() -> None:
    with (
        OllamaServer(["one two three"]) as ollama,
        door(ollama.url) as client,
        client.stream("POST", "/api/chat", json=QUESTION) as answer,
    ):
        lines = [json.loads(line) for line in answer.iter_lines()]

    assert "".join(line["message"]["content"] for line in lines) == "one two three"
    assert lines[-1]["done"] is True
    assert [TOKEN in str(dict(request.headers)) for request in ollama.requests] == [False]


def test_without_the_token_nothing_passes() -> None:
    with OllamaServer(["secret"]) as ollama, door(ollama.url) as client:
        answer = client.get("/api/tags", headers={"Authorization": "Bearer wrong"})

    assert (answer.status_code, ollama.requests) == (401, [])


@pytest.mark.parametrize("path", ["/api/pull", "/api/delete", "/api/create", "/api/push", "/api/copy", "/"])
def test_what_changes_the_model_server_does_not_pass(path: str) -> None:
    with OllamaServer([]) as ollama, door(ollama.url) as client:
        answer = client.post(path, json={"model": "any"})

    assert (answer.status_code, ollama.requests) == (404, [])


def test_hanging_up_at_the_door_hangs_up_on_the_engine() -> None:
    with OllamaServer([Reply("one ", hang="after")]) as ollama, door(ollama.url) as client:
        with client.stream("POST", "/api/chat", json=QUESTION) as answer:
            next(answer.iter_lines())
        assert ollama.hung_up.wait(10)


def test_a_model_server_that_is_not_there_is_a_502_that_says_so() -> None:
    with door("http://127.0.0.1:9") as client:
        answer = client.get("/api/tags")

    assert (answer.status_code, "does not answer" in answer.json()["error"]) == (502, True)


def test_an_error_of_the_model_server_comes_through_as_it_is() -> None:
    with OllamaServer([]) as ollama, door(ollama.url) as client:
        answer = client.post("/api/show", json={"model": "missing"})

    assert (answer.status_code, "not found" in answer.text) == (404, True)


def test_status_tells_which_models_there_are() -> None:
    async def ask(url: str) -> dict[str, object]:
        async with Client(build(Upstream(url))) as client:
            result = await client.call_tool("status")
            assert result.structured_content is not None
            return result.structured_content

    with OllamaServer([]) as ollama:
        status = asyncio.run(ask(ollama.url))

    assert status.keys() == {"version", "models", "loaded"}
    assert status["version"]


def test_status_of_a_server_that_is_not_there_is_an_error_with_a_remedy() -> None:
    async def ask() -> str:
        async with Client(build(Upstream("http://127.0.0.1:9"))) as client:
            result = await client.call_tool("status")
            assert result.is_error
            return str(result.content[0])

    assert "ollama serve" in asyncio.run(ask())
