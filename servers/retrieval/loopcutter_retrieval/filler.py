"""The process that keeps the vectors: fills a chromadb folder from the index, and answers searches meanwhile.

chromadb lives in a process of its own because it costs most of a second and a hundred megabytes to import, because a
damaged vector folder can crash the process that opens it, and because filling must never hold up an answer. The server
talks to it over a connection; when that ends, so does this process.

Run as ``python -m loopcutter_retrieval.filler FOLDER FD SETTINGS``.
"""

import os
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from loopcutter_retrieval import chunk
from loopcutter_retrieval.embedding import Embedding
from loopcutter_retrieval.errors import EmbeddingFailed
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.language import Language
from loopcutter_retrieval.vector_settings import KEY, VectorSettings
from loopcutter_snapshots import ObjectStore, UnknownBlob

_CONTENTS_AT_ONCE = 20
_CLOSEST = 0.9
"""Cosine distance beyond which two texts have nothing in common."""


class Collection(Protocol):
    """The part of a chromadb collection that is used."""

    def count(self) -> int: ...
    def get(self, ids: list[str], include: list[str]) -> Any: ...
    def upsert(self, ids: list[str], embeddings: Any) -> None: ...
    def query(self, query_embeddings: Any, n_results: int, include: list[str]) -> Any: ...


class Filler:
    """Embeds what the index has and the collection has not."""

    def __init__(
        self,
        collection: Collection,
        embedding: Embedding,
        index: Index,
        store: ObjectStore,
        languages: dict[str, Language],
    ) -> None:
        self._collection = collection
        self._embedding = embedding
        self._index = index
        self._store = store
        self._languages = languages
        self._done = 0
        self._trouble = ""
        """Why the last text could not be embedded."""

    def fill(self) -> bool:
        """Embed a few more contents; whether there were any, and it could be done."""
        try:
            more = self._fill()
        except EmbeddingFailed as error:  # asked again when the index has more, or with the next search
            self._trouble = str(error)
            return False
        self._trouble = "" if more else self._trouble
        return more

    def _fill(self) -> bool:
        rows = self._index.chunks_after(self._done, _CONTENTS_AT_ONCE)
        wanted = {one: content for _, content, chunks in rows for one in chunks}
        known = set(self._collection.get(ids=list(wanted), include=[])["ids"]) if wanted else set()  # the first pieces
        missing = {one: content for one, content in wanted.items() if one not in known}
        if missing:
            texts = dict(self._texts(missing))
            if texts:
                self._collection.upsert(ids=list(texts), embeddings=self._embedding.embed(list(texts.values())))
        if rows:
            self._done = rows[-1][0]
        return bool(rows)

    def _texts(self, missing: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
        contents = list(dict.fromkeys(missing.values()))
        blobs = self._store.read_blobs(hash for hash, _ in contents)
        try:
            for (_, language), (_, source) in zip(contents, blobs, strict=True):
                for symbol in self._languages[language].outline(source).symbols:
                    if chunk.key(symbol) in missing:
                        yield from chunk.pieces(symbol).items()
        except UnknownBlob:  # the index remembers what the store has dropped
            return

    def search(self, text: str, limit: int) -> dict[str, float]:
        """Chunks similar to a text, and how similar, 0 to 1: as similar as their most similar pieces."""
        size = self._collection.count()
        if not size:
            return {}
        found = self._collection.query(
            query_embeddings=self._embedding.query(text), n_results=min(limit, size), include=["distances"]
        )
        similar: dict[str, float] = {}
        for piece, distance in zip(found["ids"][0], found["distances"][0], strict=True):  # the closest first
            if distance < _CLOSEST:
                similar.setdefault(chunk.symbol_of(piece), round(1 - float(distance), 4))
        return similar

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["do"] == "search":
            return {"found": self._searched(request["text"], request["limit"])}
        if request["do"] == "settle":
            while self.fill():
                pass
        return {"count": self._collection.count(), "trouble": self._trouble}

    def _searched(self, text: str, limit: int) -> dict[str, float]:
        try:
            found = self.search(text, limit)
        except EmbeddingFailed as error:
            self._trouble = str(error)
            return {}
        self._trouble = ""
        return found


def open_collection(folder: Path, name: str, server: str = "") -> Collection:
    """The collection, without telemetry and without an embedding function that would download a model.

    It lies in `folder`, or on a chroma server, which others may use too.
    """
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    if server:
        at = urlsplit(server)
        secure = at.scheme == "https"
        port = at.port or (443 if secure else 80)
        client = chromadb.HttpClient(at.hostname or "", port, ssl=secure, settings=quiet)
    else:
        client = chromadb.PersistentClient(str(folder), quiet)
        for other in client.list_collections():  # of another embedding, which is in force no more
            if other.name != name:
                client.delete_collection(other.name)
    settings: Any = {"hnsw": {"space": "cosine"}}
    return cast(Collection, client.get_or_create_collection(name, embedding_function=None, configuration=settings))


def serve(filler: Filler, connection: Connection) -> None:
    """Answer requests as they come, fill while there are none, until the other side is gone."""
    busy = True
    while True:
        if not connection.poll(0 if busy else None):
            busy = filler.fill()
            continue
        request = connection.recv()
        if request["do"] == "fill":
            busy = True
        else:
            connection.send({"number": request["number"], **filler.answer(request)})
            busy = True  # what could not be embedded before perhaps can be now


def main(folder: Path, descriptor: int, settings: VectorSettings) -> None:
    import fcntl

    from loopcutter_retrieval.opening import objects
    from loopcutter_retrieval.readers import languages

    os.nice(5)
    connection = Connection(descriptor)
    (folder / "vectors").mkdir(exist_ok=True)
    with (folder / "vectors.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            connection.send({"why": "another server fills them"})
            return
        embedding = settings.open(os.environ.pop(KEY, ""))
        try:
            collection = open_collection(folder / "vectors", f"{embedding.name}-{chunk.LONGEST}", settings.chroma)
        except ModuleNotFoundError as error:
            connection.send({"why": f"{error.name} is missing: pip install 'loopcutter[retrieval]'"})
            return
        except Exception as error:
            if not settings.chroma:
                raise  # what lies in the folder can't be read: it is begun anew
            cause = " ".join(str(error).split())[:200] or type(error).__name__
            connection.send({"why": f"the chroma server {settings.chroma} can't be used ({cause})"})
            return
        index = Index(folder / "index.sqlite")
        readers = {language.name: language for language in languages().values()}
        connection.send({"ready": True})
        try:
            serve(Filler(collection, embedding, index, ObjectStore(objects(folder)), readers), connection)
        except (EOFError, ConnectionError):
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), VectorSettings.from_json(sys.argv[3]))
