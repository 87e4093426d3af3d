"""A server that speaks OpenAI's chat protocol over real HTTP, with the manners and faults of one kind of server.

    with OpenAIServer(["hello"], kind="vllm", window=4096) as server:
        ... talk to server.url ...

The real llama.cpp engine is in `llama_engine`; this one stands for those that need a graphics card, and for faults
that no engine commits on request. It answers in threads of this process and keeps every request.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

Kind = Literal["plain", "vllm", "lmstudio"]


@dataclass(frozen=True)
class Fault:
    """An error in place of an answer."""

    status: int
    body: Any
    retry_after: str = ""


@dataclass(frozen=True)
class Said:
    """One answer, event by event where that matters."""

    text: str = ""
    events: Sequence[Mapping[str, Any]] = ()
    """In place of the text: these events as they are, and then the end."""
    prompt_tokens: int = 7
    reason: str = "stop"


Turn = str | Said | Fault
Judge = Callable[[Mapping[str, Any]], Turn | None]
"""Looks at a request and may answer it; None: the script does."""


class OpenAIServer:
    """Enter it to start it. It has one model, `coder-7b`."""

    def __init__(
        self, script: Sequence[Turn] = (), *, kind: Kind = "plain", window: int = 4096, judge: Judge = lambda body: None
    ) -> None:
        self.requests: list[tuple[str, Mapping[str, Any], Mapping[str, str]]] = []
        """(path, body, headers) of each."""
        self.kind = kind
        self.window = window
        self._script = script
        self._judge = judge
        self._given = 0
        handler = type("Handler", (_Handler,), {"server_of_tests": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="openai-server")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def chats(self) -> list[Mapping[str, Any]]:
        """The bodies of all requests for an answer."""
        return [body for path, body, _ in self.requests if path == "/v1/chat/completions"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def turn(self, body: Mapping[str, Any]) -> Turn:
        """What is answered to a request."""
        judged = self._judge(body)
        if judged is not None:
            return judged
        turn = self._script[min(self._given, len(self._script) - 1)]
        self._given += 1
        return turn


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server_of_tests: OpenAIServer

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        server = self.server_of_tests
        server.requests.append((self.path, {}, dict(self.headers)))
        match self.path, server.kind:
            case "/v1/models", "vllm":
                model = {"id": "coder-7b", "owned_by": "vllm", "max_model_len": server.window}
                self._json(200, {"object": "list", "data": [model]})
            case "/v1/models", _:
                self._json(200, {"object": "list", "data": [{"id": "coder-7b", "owned_by": "somebody"}]})
            case "/api/v0/models", "lmstudio":
                self._json(200, {"data": [{"id": "coder-7b", "loaded_context_length": server.window}]})
            case _:
                self._json(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        server = self.server_of_tests
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.requests.append((self.path, body, dict(self.headers)))
        if self.path == "/tokenize" and server.kind == "vllm":
            return self._json(200, {"count": len(body["prompt"].split()), "max_model_len": server.window})
        if self.path != "/v1/chat/completions":
            return self._json(404, {"detail": "Not Found"})
        turn = server.turn(body)
        match turn:
            case Fault():
                return self._json(turn.status, turn.body, turn.retry_after)
            case str():
                turn = Said(turn)
        self._stream(turn)

    def _stream(self, said: Said) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b": a comment\n\n")
        for event in said.events or _events(said):
            self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        self.wfile.write(b"data: [DONE]\n\n")

    def _json(self, status: int, body: Any, retry_after: str = "") -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(data)


def _events(said: Said) -> list[dict[str, Any]]:
    """An answer as such servers stream it: the role, the text in pieces, the reason, the counts."""
    middle = len(said.text) // 2
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": part} for part in (said.text[:middle], said.text[middle:]) if part]
    events = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": said.reason}]}
    usage = {"choices": [], "usage": {"prompt_tokens": said.prompt_tokens, "completion_tokens": 3}}
    return [*events, end, usage]
