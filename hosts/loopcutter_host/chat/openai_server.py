"""What an OpenAI-compatible server is: which models it has, how large their window is, whether it counts tokens.

The protocol only lists names. Each server tells the rest in a way of its own, and what it doesn't tell is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from loopcutter_host.chat import size
from loopcutter_host.chat.errors import AnswerCut, ServerFailed
from loopcutter_host.chat.wire import BadStatus, Wire

Kind = Literal["llama.cpp", "vllm", "lmstudio", ""]


@dataclass(frozen=True)
class OpenAIServer:
    """One server and the model asked of it."""

    kind: Kind
    models: tuple[str, ...]
    """Names of all that it lists; empty when it lists none."""
    windows: Mapping[str, int]
    """Model → tokens, where the server says."""
    tokenizer: Kind = ""
    """Whose way of counting tokens it has; empty when it has none."""
    model: str = ""
    """The name to ask for."""
    sizes: Mapping[str, float] = field(default_factory=dict)
    """Model → parameters in billions, where the server counted them."""

    def of(self, model: str) -> "OpenAIServer | None":
        """The same with a model chosen, by default the first; None when the server hasn't that one."""
        if not model:
            return replace(self, model=self.models[0] if self.models else "")
        if self.models and model not in self.models:
            # llama.cpp lists the path of the file; one may name the file alone.
            close = [name for name in self.models if name.rpartition("/")[2].removesuffix(".gguf") == model]
            return replace(self, model=close[0]) if close else None
        return replace(self, model=model)

    @property
    def window(self) -> int:
        """Tokens that prompt and answer may have together; 0 when the server doesn't say."""
        return self.windows.get(self.model, 0)

    @property
    def billions(self) -> float:
        """Parameters in billions, as the server counted them or the name says them; 0 when neither does."""
        return self.sizes.get(self.model) or size.named(self.model)

    def to_count(self, text: str) -> Mapping[str, Any]:
        """The request that has the tokens of a text counted."""
        if self.tokenizer == "vllm":
            return {"model": self.model, "prompt": text, "add_special_tokens": False}
        return {"content": text, "add_special": False, "parse_special": True}

    def counted(self, answer: Mapping[str, Any]) -> int:
        """The count in the answer to that request."""
        return int(answer["count"]) if self.tokenizer == "vllm" else len(answer["tokens"])


def root(url: str) -> str:
    """The server's own address: what lies beside `/v1` is not part of the protocol."""
    return url.removesuffix("/v1").rstrip("/")


async def examine(wire: Wire, url: str) -> OpenAIServer:
    """Ask a server what it is. Raises `BadStatus` when it does not even list its models."""
    try:
        listed = await wire.ask("GET", "/v1/models")
    except BadStatus as bad:
        if bad.status not in (404, 405, 501):
            if bad.status >= 500:
                raise ServerFailed(url, f"status {bad.status} for its list of models") from bad
            raise
        return OpenAIServer("", (), {})
    found = [entry for entry in _entries(listed) if isinstance(entry.get("id"), str)]
    kind = _kind(found)
    windows = {str(entry["id"]): _window(entry) for entry in found}
    if kind == "llama.cpp":
        slot = await _optional(wire, "/props")
        own = _number((slot.get("default_generation_settings") or {}).get("n_ctx"))
        windows = {name: own or window for name, window in windows.items()}
    elif not kind and (details := _entries(await _optional(wire, "/api/v0/models"))):
        kind = "lmstudio"
        windows |= {str(entry.get("id")): _number(entry.get("loaded_context_length")) for entry in details}
    tokenizer: Kind = kind if kind in ("llama.cpp", "vllm") else ""
    sizes = {str(entry["id"]): size.counted(entry.get("meta") or {}, "n_params") for entry in found}
    return OpenAIServer(kind, tuple(windows), windows, tokenizer, sizes=sizes)


def _kind(entries: Sequence[Mapping[str, Any]]) -> Kind:
    owners = {entry.get("owned_by") for entry in entries}
    return "llama.cpp" if "llamacpp" in owners else "vllm" if "vllm" in owners else ""


def _entries(listed: Any) -> list[Mapping[str, Any]]:
    entries = listed.get("data") if isinstance(listed, Mapping) else None
    return [entry for entry in entries or () if isinstance(entry, Mapping)]


def _window(entry: Mapping[str, Any]) -> int:
    """As vLLM tells it, or llama.cpp."""
    return _number(entry.get("max_model_len")) or _number((entry.get("meta") or {}).get("n_ctx"))


async def _optional(wire: Wire, path: str) -> Mapping[str, Any]:
    """The answer to a question that only some servers understand."""
    try:
        answer = await wire.ask("GET", path)
    except (BadStatus, AnswerCut):
        return {}
    return answer if isinstance(answer, Mapping) else {}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
