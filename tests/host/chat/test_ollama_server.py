"""The stand-in server speaks the protocol: Ollama's own client takes its answers."""

from ollama import Client
from support.ollama_server import OllamaServer, Reply


def test_official_client_understands_every_answer() -> None:
    script = [Reply("good day", calls=[{"name": "search", "arguments": {"query": "x"}}])]
    with OllamaServer(script) as server, Client(server.url) as client:
        whole = client.chat("coder", [{"role": "user", "content": "Hi"}])
        streamed = list(client.chat("coder", [{"role": "user", "content": "Hi"}], stream=True))
        listed, loaded, shown = client.list().models, client.ps().models, client.show("coder")
    assert (whole.message.content, whole.done, whole.done_reason) == ("good day", True, "stop")
    assert "".join(part.message.content or "" for part in streamed) == "good day"
    assert [call.function.name for part in streamed for call in part.message.tool_calls or ()] == ["search"]
    assert [model.model for model in [*listed, *loaded]] == ["qwen2.5-coder:7b", "coder:latest"]
    assert (loaded[0].context_length, shown.capabilities) == (4096, ["completion", "tools"])


def test_script_follows_the_step_in_the_prompt() -> None:
    server = OllamaServer({"plan": ["one", "two"], "edit": [{"text": "three"}]})

    def ask(client: Client, step: str) -> str | None:
        return client.chat("coder", [{"role": "system", "content": f"This is the step: {step}."}]).message.content

    with server, Client(server.url) as client:
        answers = [ask(client, step) for step in ("plan", "edit", "plan", "plan")]
    assert answers == ["one", "three", "two", "two"]
    assert server.prompts[1] == "This is the step: edit."
