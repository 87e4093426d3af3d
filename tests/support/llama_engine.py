"""A real llama.cpp engine in a process of its own, serving the tiny models of `tiny_gguf`.

    with LlamaEngine(model, window=2048) as engine:
        ... talk to engine.url, which is an OpenAI-compatible address ...
        engine.wait_until_idle()

In a process of its own because the engine ends its process when one of its own checks fails.
"""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_SERVE = """
import sys, xllamacpp
settings = xllamacpp.CommonParams()
settings.model.path = sys.argv[1]
settings.n_ctx = int(sys.argv[2])
settings.n_parallel = 1
settings.warmup = False
settings.port = 0
settings.cpuparams.n_threads = 1
server = xllamacpp.Server(settings)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


class LlamaEngine:
    """Enter it to start it; it stops when its standard input is closed, so it never outlives the tests."""

    def __init__(self, model: Path, window: int = 4096) -> None:
        self._model = model
        self._window = window
        self._process: subprocess.Popen[str] | None = None
        self._address = ""

    @property
    def url(self) -> str:
        """The address of its OpenAI-compatible interface."""
        return f"{self._address}/v1"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(self._model), str(self._window)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self._address = self._process.stdout.readline().strip()
        assert self._address, "the engine did not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        with self._process as process:
            process.kill()

    @property
    def busy(self) -> bool:
        """Whether it is working on an answer."""
        return any(slot["is_processing"] for slot in self._get("/slots"))

    def wait_until_idle(self, seconds: float = 10) -> None:
        """Wait for it to stop working; it offers no event to wait for, so it is asked again and again."""
        ends = time.monotonic() + seconds
        while self.busy:
            assert time.monotonic() < ends, "the engine still works on an answer that nobody hears"
            time.sleep(0.01)

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self._address}{path}", timeout=10) as answer:
            return json.load(answer)
