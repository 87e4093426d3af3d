"""Vectors of a model that another server runs: Ollama, or any of OpenAI's protocol (llama.cpp, vLLM, LM Studio).

Protocols: Ollama's `POST /api/embed`, OpenAI's `POST /embeddings`. The texts go to the address that was given and
nowhere else: no proxy, no redirection.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import httpx2
import numpy as np

from loopcutter_retrieval.embedding import Vectors
from loopcutter_retrieval.errors import EmbeddingFailed

_AT_ONCE = 16
"""Texts of one request."""
_LONGEST = 6_000
"""Characters of a text: models read some 512 to 8,192 tokens, and the servers cut what is more, or refuse it."""
_CONNECT_S, _ANSWER_S = 2.0, 120.0


class RemoteEmbedding:
    """A model of a server; raises `EmbeddingFailed` when it can't be asked, or answers what is no vectors."""

    def __init__(self, kind: str, model: str, url: str, key: str, query_prefix: str, text_prefix: str) -> None:
        self._kind, self._model = kind, model
        self._url = url.rstrip("/")
        self._query_prefix, self._text_prefix = query_prefix, text_prefix
        self._client = httpx2.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx2.Timeout(_ANSWER_S, connect=_CONNECT_S),
            trust_env=False,
            follow_redirects=False,
        )

    @property
    def name(self) -> str:
        """The model's name as far as letters and digits go, and a hash of all that the vectors depend on."""
        told = "\n".join((self._kind, self._model, self._query_prefix, self._text_prefix))
        plain = re.sub(r"[^A-Za-z0-9]+", "-", self._model).strip("-")[:40]
        return f"{self._kind}-{plain}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._asked([f"{self._text_prefix}{text[:_LONGEST]}" for text in texts])

    def query(self, text: str) -> Vectors:
        return self._asked([f"{self._query_prefix}{text[:_LONGEST]}"])

    def _asked(self, texts: Sequence[str]) -> Vectors:
        rows: list[Any] = []
        for start in range(0, len(texts), _AT_ONCE):
            batch = list(texts[start : start + _AT_ONCE])
            told = self._vectors(batch)
            if len(told) != len(batch):
                raise EmbeddingFailed(self._url, f"it gave {len(told)} vectors for {len(batch)} texts")
            rows += told
        try:
            found = np.asarray(rows, np.float32)
        except (TypeError, ValueError):
            raise EmbeddingFailed(self._url, "what it gave are no vectors of one length") from None
        if found.ndim != 2 or not found.shape[1] or not np.isfinite(found).all():
            raise EmbeddingFailed(self._url, "what it gave are no vectors of one length")
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(lengths > 0, lengths, 1))

    def _vectors(self, batch: list[str]) -> list[Any]:
        try:
            if self._kind == "ollama":
                told = self._post("/api/embed", {"model": self._model, "input": batch, "truncate": True})
                return list(told["embeddings"])
            told = self._post("/embeddings", {"model": self._model, "input": batch, "encoding_format": "float"})
            return [each["embedding"] for each in sorted(told["data"], key=lambda each: each["index"])]
        except (KeyError, TypeError, ValueError):
            raise EmbeddingFailed(self._url, "its answer is not what the protocol says") from None

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        try:
            answer = self._client.post(self._url + path, json=body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise EmbeddingFailed(self._url, str(error) or type(error).__name__) from error
        if answer.status_code != 200:
            words = " ".join(answer.text[:300].split())
            raise EmbeddingFailed(self._url, f"status {answer.status_code}: {words}")
        return answer.json()
