"""A server that speaks Ollama's protocol over real HTTP and answers from a script. No model is behind it.

    with OllamaServer({"plan": ['{"hypothesis": …}'], "edit": ["```python\\n…```"]}) as server:
        ... run something with OLLAMA_HOST=server.url ...
        assert "already tried" in server.prompts[-1]

The script is a list of answers, or one list a step (`plan`, `edit`, `reflect`), told apart by the marker in the system
prompt. A list's last answer is given again for ever. An answer is a text, or a `Reply` (or a mapping of its fields),
which also knows the faults of real servers: errors, hangs, broken streams, a window cut in secret.

It serves /api/chat (streamed as NDJSON, or whole), /api/show, /api/tags, /api/ps and /api/version on a loopback port,
in threads of this process, and keeps every request.
"""

import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from support import ollama_protocol as protocol
from support.ollama_protocol import Reply

__all__ = ["OllamaServer", "Reply", "Request", "Script"]

_STEP = re.compile(r"\bstep: (plan|edit|test|reproduce|reflect)\b")


_SILENT = {
    "test": ['{"expected": "", "actual": "", "line": "", "hypothesis": "nothing is said about it"}'],
    "reproduce": ["No test comes to mind."],
}
"""What is said at a step that a script has no answers for, where there is something that can be said."""


Script = Mapping[str, Sequence[str | Mapping[str, Any] | Reply]] | Sequence[str | Mapping[str, Any] | Reply]


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class OllamaServer:
    """Enter it to start it; `url` is where it listens. Every model but `missing:latest` is there."""

    def __init__(
        self,
        script: Script = (),
        *,
        capabilities: Sequence[str] = ("completion", "tools"),
        trained_window: int = 32_768,
        loaded_window: int | None = None,
        on_card: float = 1.0,
        size: str = "7.6B",
        tells_loaded: bool = True,
        token: str = "",
    ) -> None:
        self.requests: list[Request] = []
        self.hung_up = threading.Event()
        """Set when a client closed a connection on which an answer was still to come."""
        self.capabilities = capabilities
        self.trained_window = trained_window
        self.loaded_window = loaded_window
        """The window reported by /api/ps; by default what was asked for."""
        self.on_card = on_card
        """The share of the model's memory that is on the graphics card, as reported by /api/ps."""
        self.tells_loaded = tells_loaded
        """Whether /api/ps is answered: a door in front of Ollama may not let it through."""
        self.size = size
        """The number of parameters, as reported by /api/show."""
        self.token = token
        self._script = script
        self._given: Counter[str] = Counter()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = False
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="ollama-server")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def chats(self) -> list[Mapping[str, Any]]:
        """The bodies of all /api/chat requests."""
        return [request.body for request in self.requests if request.path == "/api/chat"]

    @property
    def prompts(self) -> list[str]:
        """All that the model was told in each /api/chat request, as one text."""
        return ["\n\n".join(message.get("content", "") for message in chat["messages"]) for chat in self.chats]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        with self._lock:
            for connection in self._connections:
                connection.shutdown(socket.SHUT_RDWR)
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(_Handler):
            ollama = server

        return Handler

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def reply(self, messages: Sequence[Mapping[str, Any]]) -> Reply:
        """The next answer of the script for a prompt."""
        if isinstance(self._script, Mapping):
            match = next((_STEP.search(turn.get("content", "")) for turn in messages if turn["role"] == "system"), None)
            step = match[1] if match else ""
            answers = self._script.get(step, _SILENT.get(step, ()))
        else:
            step, answers = "", self._script
        if not answers:
            return Reply(status=500, error=f"the script has no answer for the step {step!r}")
        with self._lock:
            answer = answers[min(self._given[step], len(answers) - 1)]
            self._given[step] += 1
        match answer:
            case str():
                return Reply(answer)
            case Reply():
                return answer
        return Reply(**answer)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    ollama: OllamaServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.ollama.opened(self.connection)

    def finish(self) -> None:
        self.ollama.closed(self.connection)
        with suppress(OSError):  # the client is gone; what was buffered for it is nobody's
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True
            self.ollama.hung_up.set()

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        self._serve(json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}"))

    def _serve(self, body: Mapping[str, Any]) -> None:
        ollama = self.ollama
        ollama.requests.append(Request(self.command, self.path, dict(self.headers), body))
        if ollama.token and self.headers.get("Authorization") != f"Bearer {ollama.token}":
            return self._json(401, {"error": "unauthorized"})
        model = str(body.get("model", ""))
        if self.command == "POST" and model.startswith("missing"):
            return self._json(404, {"error": f"model '{model}' not found"})
        match self.path:
            case "/":
                self._whole(200, b"Ollama is running", "text/plain")
            case "/api/version":
                self._json(200, {"version": "0.12.6"})
            case "/api/tags":
                self._json(200, {"models": [protocol.entry("qwen2.5-coder:7b", self.ollama.size)]})
            case "/api/ps" if self.ollama.tells_loaded:
                self._json(200, {"models": self._loaded()})
            case "/api/show":
                self._json(200, protocol.shown(self.ollama.size, self.ollama.trained_window, self.ollama.capabilities))
            case "/api/chat":
                self._chat(body)
            case _:
                self._whole(404, b"404 page not found", "text/plain")

    def _loaded(self) -> list[dict[str, Any]]:
        if not self.ollama.chats:
            return []
        last = self.ollama.chats[-1]
        window = self.ollama.loaded_window or last.get("options", {}).get("num_ctx", 4096)
        return [protocol.loaded(last["model"], self.ollama.size, window, self.ollama.on_card)]

    def _chat(self, body: Mapping[str, Any]) -> None:
        if body.get("tools") and "tools" not in self.ollama.capabilities:
            return self._json(400, {"error": f"registry.ollama.ai/library/{body['model']} does not support tools"})
        reply = self.ollama.reply(body["messages"])
        if reply.status != 200:
            return self._json(reply.status, {"error": reply.error or "something went wrong"})
        if reply.hang == "before":
            return self._wait_for_the_client_to_leave()
        lines = protocol.lines(body, reply)
        if body.get("stream", True):
            return self._stream(lines, reply)
        *_, last = lines
        whole = {"role": "assistant", "content": reply.text}
        self._json(200, {**last, "message": {**last["message"], **whole}})

    def _stream(self, lines: Iterable[Mapping[str, Any]], reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in lines:
            self._chunk(json.dumps(line).encode() + b"\n")
        if reply.hang == "after":
            return self._wait_for_the_client_to_leave()
        if reply.cut:
            self.close_connection = True
            return
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _wait_for_the_client_to_leave(self) -> None:
        self.close_connection = True
        if not self.connection.recv(1):
            self.ollama.hung_up.set()

    def _json(self, status: int, body: Mapping[str, Any]) -> None:
        self._whole(status, json.dumps(body).encode(), "application/json; charset=utf-8")

    def _whole(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
