"""Where vectors come from and where they are kept, as whoever starts the server wishes."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopcutter_retrieval.errors import BadVectorSettings

if TYPE_CHECKING:  # it imports numpy, which a server does without until the first call
    from loopcutter_retrieval.embedding import Embedding

_TRAINED = "trained"
KEY = "LOOPCUTTER_RETRIEVAL_EMBEDDING_KEY"
"""The environment variable that may hold a key for an embedding server; it is put into no command line."""
_URLS = {"ollama": "http://127.0.0.1:11434", "openai": "http://127.0.0.1:8080/v1"}


@dataclass(frozen=True)
class VectorSettings:
    """How texts become vectors; everything empty is the embedding that is built in, kept in a folder."""

    embedding: str = _TRAINED
    """`trained`, `ollama:MODEL` or `openai:MODEL`, for any server that speaks OpenAI's protocol."""
    url: str = ""
    """Of the embedding server."""
    query_prefix: str = ""
    """What the model wants to read before a query, `search_query: ` say."""
    text_prefix: str = ""
    chroma: str = ""
    """The address of a chroma server; empty: vectors are kept in the server's own folder."""

    def check(self) -> None:
        """Raise `BadVectorSettings` for what can't be meant."""
        kind, _, model = self.embedding.partition(":")
        if self.embedding != _TRAINED and (kind not in _URLS or not model):
            raise BadVectorSettings(f"{self.embedding!r} is no embedding", "name trained, ollama:MODEL or openai:MODEL")
        for name, url in (("embedding", self.url), ("chroma", self.chroma)):
            if url and not _is_address(url):
                raise BadVectorSettings(f"{url!r} is no address of the {name} server", "give it as http://HOST:PORT")

    def open(self, key: str = "") -> "Embedding":
        """The embedding; nothing is asked of a server yet."""
        self.check()
        if self.embedding == _TRAINED:
            from loopcutter_retrieval.embedding import Trained

            return Trained()
        from loopcutter_retrieval.remote_embedding import RemoteEmbedding

        kind, _, model = self.embedding.partition(":")
        return RemoteEmbedding(kind, model, self.url or _URLS[kind], key, self.query_prefix, self.text_prefix)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "VectorSettings":
        return cls(**json.loads(text))


BUILT_IN = VectorSettings()
"""The embedding that comes with the package, in the server's own folder."""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
