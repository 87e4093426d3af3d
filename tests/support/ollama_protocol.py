"""What a server of Ollama says, in its own words: what a model is, what is loaded, the lines of a streamed answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

CREATED = "2026-01-01T00:00:00.000000Z"
_BYTES = 4_683_087_332
_TOKEN = re.compile(r"\s*\S+|\s+\Z")


@dataclass(frozen=True)
class Reply:
    """One answer, or one fault."""

    text: str = ""
    thinking: str = ""
    calls: Sequence[Mapping[str, Any]] = ()
    """`{"name": …, "arguments": {…}}` each; sent as native tool calls."""
    status: int = 200
    """Any other: an error is sent instead of an answer."""
    error: str = ""
    """With status 200: a line `{"error": …}` in the stream, after the text."""
    hang: Literal["", "before", "after"] = ""
    """Send nothing at all, or nothing more after the text, until the client hangs up."""
    cut: bool = False
    """Drop the connection after the text, without a last line."""
    done_reason: str = "stop"
    prompt_tokens: int | None = None
    """What is reported; by default a plausible count."""


def entry(name: str, size: str) -> dict[str, Any]:
    """A model of a list. `size` is the label of its parameters: `7.6B`."""
    details = {"format": "gguf", "family": "qwen2", "parameter_size": size, "quantization_level": "Q4_K_M"}
    return {"name": name, "model": name, "size": _BYTES, "digest": "0" * 64, "details": details}


def shown(size: str, trained_window: int, capabilities: Sequence[str]) -> dict[str, Any]:
    """The answer of /api/show."""
    return {
        "modelfile": "",
        "parameters": "",
        "template": "{{ .Prompt }}",
        "details": entry("", size)["details"],
        "model_info": {
            "general.architecture": "qwen2",
            "general.parameter_count": _parameters(size),
            "qwen2.context_length": trained_window,
        },
        "capabilities": list(capabilities),
    }


def loaded(model: str, size: str, window: int, on_card: float) -> dict[str, Any]:
    """A model of /api/ps."""
    name = model if ":" in model else f"{model}:latest"
    memory = {"size_vram": int(_BYTES * on_card), "context_length": window}
    return {**entry(name, size), **memory, "expires_at": CREATED}


def _parameters(label: str) -> int:
    """The count that a label rounds: 7,600,000,000 for `7.6B`; 0 for none."""
    return round(float(label[:-1]) * {"M": 1e6, "B": 1e9}[label[-1]]) if label else 0


def lines(body: Mapping[str, Any], reply: Reply) -> Iterator[Mapping[str, Any]]:
    """The lines of a stream as Ollama sends them: thoughts, text token by token, tool calls, counts last."""
    head = {"model": body["model"], "created_at": CREATED}

    def line(**message: Any) -> dict[str, Any]:
        return {**head, "message": {"role": "assistant", "content": "", **message}, "done": False}

    for token in _TOKEN.finditer(reply.thinking):
        yield line(thinking=token.group())
    for token in _TOKEN.finditer(reply.text):
        yield line(content=token.group())
    if reply.calls:
        yield line(tool_calls=[{"function": dict(call)} for call in reply.calls])
    if reply.error:
        yield {"error": reply.error}
    if reply.error or reply.cut or reply.hang:
        return
    sent = sum(len(turn.get("content", "").encode()) for turn in body["messages"]) // 4
    window = body.get("options", {}).get("num_ctx", 4096)
    yield {
        **line(),
        "done": True,
        "done_reason": reply.done_reason,
        "total_duration": 2_000_000,
        "load_duration": 1_000_000,
        "prompt_eval_count": min(sent, window) if reply.prompt_tokens is None else reply.prompt_tokens,
        "prompt_eval_duration": 500_000,
        "eval_count": len(reply.text) // 4,
        "eval_duration": 500_000,
    }
