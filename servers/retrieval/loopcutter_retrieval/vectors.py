"""Vector search, as far as it is there: asks the process that keeps the vectors, and does without when it can't.

Vectors only ever add to a ranking. They are made in the background, they are rebuilt when damaged, and no answer waits
for them longer than a moment.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from loopcutter_retrieval.vector_settings import BUILT_IN, VectorSettings

_PATIENCE_S = 0.5
"""How long an answer may take before the search goes on without."""
_LONGEST = 20_000
_ANEW = ", begun anew: the process that keeps them crashed, or could not read what an earlier one had kept"
_LIVES = 2
"""After the second crash vectors stay off: the first may have been a damaged folder, which is made anew."""


class Similarity(Protocol):
    """Finds texts that are worded alike."""

    def search(self, text: str, limit: int) -> Mapping[str, float]:
        """Chunks and how similar they are, 0 to 1; empty when it can't be told now."""
        ...

    def refresh(self) -> None:
        """The index has more than before."""
        ...

    def reset(self) -> None:
        """The index was made anew."""
        ...

    def status(self) -> str: ...

    def close(self) -> None: ...


class NoVectors:
    """The search does without."""

    def search(self, text: str, limit: int) -> Mapping[str, float]:
        return {}

    def refresh(self) -> None:
        pass

    def reset(self) -> None:
        pass

    def status(self) -> str:
        return "off"

    def close(self) -> None:
        pass


class VectorProcess:
    """The process of `filler.py`, started when something was indexed, and again when it dies."""

    def __init__(self, folder: Path, settings: VectorSettings = BUILT_IN) -> None:
        self._folder = folder
        self._settings = settings
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._ready = False
        self._why = ""
        self._number = 0
        self._crashes = 0

    def refresh(self) -> None:
        with self._lock:
            if self._connection is None and not self._why:
                self._start()
            self._send({"do": "fill"})

    def search(self, text: str, limit: int) -> Mapping[str, float]:
        answer = self._ask({"do": "search", "text": text[:_LONGEST], "limit": limit})
        found: Mapping[str, float] = answer.get("found", {})
        return found

    @property
    def pid(self) -> int:
        """Of the process, 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def reset(self) -> None:
        with self._lock:
            self._end()

    def settle(self, patience_s: float = 60.0) -> int:
        """Wait until everything in the index is embedded; how many texts there are."""
        answer = self._ask({"do": "settle"}, patience_s)
        return int(answer.get("count", 0))

    def status(self) -> str:
        answer = self._ask({"do": "count"})
        if "count" in answer:
            trouble = f"; {answer['trouble']}" if answer.get("trouble") else ""
            return f"on, {answer['count']} texts{_ANEW if self._crashes else ''}{trouble}"
        return f"off: {self._why}" if self._why else "starting" if self._process else "not started"

    def close(self) -> None:
        with self._lock:
            self._why = self._why or "closed"
            self._end()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = os.environ | {"PYTHONWARNINGS": "ignore", "ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1"}
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "loopcutter_retrieval.filler"),
                    *(str(self._folder), str(theirs.fileno()), self._settings.to_json()),
                ],
                pass_fds=[theirs.fileno()],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._connection = Connection(ours.detach())
        self._ready = False

    def _ask(self, request: dict[str, Any], patience_s: float = _PATIENCE_S) -> dict[str, Any]:
        """The answer, or nothing when there is none in time."""
        if not self._lock.acquire(timeout=patience_s):
            return {}
        try:
            if not self._is_ready(patience_s if patience_s > _PATIENCE_S else 0):
                return {}
            self._number += 1
            self._send(request | {"number": self._number})
            return self._received(patience_s)
        finally:
            self._lock.release()

    def _is_ready(self, patience_s: float) -> bool:
        """Whether it has said that it is; it may also have said why it can't be."""
        try:
            if self._connection is not None and not self._ready and self._connection.poll(patience_s):
                first = self._connection.recv()
                self._ready = bool(first.get("ready"))
                if not self._ready:
                    self._why = first["why"]
                    self._end()
        except (EOFError, OSError):
            self._crashed()
        return self._ready and self._connection is not None

    def _received(self, patience_s: float) -> dict[str, Any]:
        try:
            while self._connection is not None and self._connection.poll(patience_s):
                answer: dict[str, Any] = self._connection.recv()
                if answer.get("number") == self._number:  # older ones came too late for who had asked
                    return answer
        except (EOFError, OSError):
            self._crashed()
        return {}

    def _send(self, request: dict[str, Any]) -> None:
        try:
            if self._connection is not None:
                self._connection.send(request)
        except OSError:
            self._crashed()

    def _crashed(self) -> None:
        """Begin again with an empty folder, but not for ever."""
        self._end()
        self._crashes += 1
        if self._crashes >= _LIVES:
            self._why = "the process that keeps them crashed twice"
            return
        shutil.rmtree(self._folder / "vectors", ignore_errors=True)
        self._start()

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._connection = self._process = None
        self._ready = False
