"""Vectors of a model that another server runs, and vectors that a chroma server keeps: over real HTTP."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.__main__ import main
from loopcutter_retrieval.embedding import Trained
from loopcutter_retrieval.library import Library
from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.vector_settings import KEY, VectorSettings

FILES = SHOP | {"shop/store.py": b"def rmtree(directory):\n    shutil.rmdir(directory)\n"}
OTHERWISE = "erases folders with everything below"
TEXTS = 16


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Model(ThreadingHTTPServer):
    """An embedding server that speaks both protocols; its model is the built-in one, with a column more."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.texts: list[str] = []
        self.keys: set[str] = set()
        self.says: tuple[int, bytes] | None = None
        """What it answers instead."""

    def vectors(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return [[*map(float, row), 0.0] for row in Trained().embed(texts) * 3]


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.keys.add(self.headers.get("Authorization", ""))
        told: dict[str, Any]
        if self.path == "/api/embed":
            told = {"model": body["model"], "embeddings": self.server.vectors(body["input"])}
        else:
            assert self.path == "/v1/embeddings"
            rows = list(enumerate(self.server.vectors(body["input"])))
            told = {"object": "list", "data": [{"index": at, "embedding": row} for at, row in reversed(rows)]}
        status, content = self.server.says or (200, json.dumps(told).encode())
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def running(model: Model) -> Iterator[Model]:
    thread = Thread(target=model.serve_forever, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.shutdown()
        model.server_close()


@pytest.fixture
def model() -> Iterator[Model]:
    with running(Model()) as one:
        yield one


@contextmanager
def opened(shelf: Shelf, settings: VectorSettings) -> Iterator[Library]:
    library = open_library(shelf.folder, vectors=settings)
    try:
        yield library
    finally:
        library.close()


def settled(library: Library, words: str) -> str:
    """What its status says of vectors once that begins with some words, or after half a minute."""
    ends = time.monotonic() + 30
    while not (said := library.status().vectors).startswith(words) and time.monotonic() < ends:
        time.sleep(0.05)
    return said


def why(library: Library, tree: str) -> str:
    return {place.symbol: place.why for place in library.search(tree, OTHERWISE)}.get("rmtree", "")


@pytest.mark.parametrize(("kind", "path"), [("ollama", ""), ("openai", "/v1")])
def test_a_model_of_a_server_ranks_in_place_of_the_built_in_one(
    kind: str, path: str, shelf: Shelf, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "secret")
    tree = shelf.tree(FILES)
    settings = VectorSettings(f"{kind}:tiny-embed:1b", model.url + path, "query: ", "text: ")
    with opened(shelf, settings) as library:
        library.index(tree)
        assert settled(library, f"on, {TEXTS}") == f"on, {TEXTS} texts"
        assert "similar wording" in why(library, tree)
    assert f"query: {OTHERWISE}" in model.texts
    assert sum(text.startswith("text: ") for text in model.texts) == TEXTS
    assert model.keys == {"Bearer secret"}


def test_without_the_server_answers_come_all_the_same_and_vectors_once_it_is_there(shelf: Shelf) -> None:
    port = free_port()
    tree = shelf.tree(FILES)
    with opened(shelf, VectorSettings("ollama:tiny-embed", f"http://127.0.0.1:{port}")) as library:
        library.index(tree)
        assert library.search(tree, "load a price list")[0].symbol == "load_price_list"
        assert f"the embedding server http://127.0.0.1:{port} fails" in settled(library, "on, 0 texts; the emb")
        with running(Model(port)):
            library.search(tree, OTHERWISE)
            assert settled(library, f"on, {TEXTS}") == f"on, {TEXTS} texts"


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (404, b'{"error":"model \\"tiny-embed\\" not found, try pulling it first"}', "try pulling it first"),
        (200, b"<html>", "not what the protocol says"),
        (200, b'{"embeddings": [[1, 2]]}', "vectors for"),
        (200, b'{"embeddings": 7}', "not what the protocol says"),
        (302, b"", "status 302"),
    ],
)
def test_a_server_that_answers_something_else_is_named_in_the_status(
    shelf: Shelf, model: Model, status: int, content: bytes, words: str
) -> None:
    model.says = status, content
    tree = shelf.tree(FILES)
    with opened(shelf, VectorSettings("ollama:tiny-embed", model.url)) as library:
        library.index(tree)
        assert words in settled(library, "on, 0 texts; the emb")
        assert library.search(tree, "load a price list")[0].symbol == "load_price_list"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--embedding", "word2vec"], "'word2vec' is no embedding; name trained, ollama:MODEL or openai:MODEL"),
        (["--embedding", "ollama:"], "is no embedding"),
        (["--embedding", "ollama:m", "--embedding-url", "localhost"], "is no address of the embedding server"),
        (["--chroma", "ftp://there"], "is no address of the chroma server; give it as http://HOST:PORT"),
    ],
)
def test_what_can_not_be_meant_is_refused_before_anything_starts(
    options: list[str], words: str, tmp_path: Path
) -> None:
    ended = CliRunner().invoke(main, ["serve", "--store", str(tmp_path), *options])
    assert ended.exit_code == 2
    assert words in ended.output


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[str]:
    """The address of a real chroma server."""
    port = free_port()
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", tmp_path / "chroma", "--port", str(port)]
    process = subprocess.Popen([*command, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def test_a_chroma_server_keeps_the_vectors_and_what_others_keep_there_stays(shelf: Shelf, chroma: str) -> None:
    others = "import sys, chromadb; client = chromadb.HttpClient('127.0.0.1', int(sys.argv[1]));"
    port = chroma.rpartition(":")[2]
    create, listed = f"{others} client.create_collection('of-others')", f"{others} print(client.count_collections())"
    subprocess.run([sys.executable, "-W", "ignore", "-c", create, port], check=True, capture_output=True)
    tree = shelf.tree(FILES)
    with opened(shelf, VectorSettings(chroma=chroma)) as library:
        library.index(tree)
        assert settled(library, f"on, {TEXTS}") == f"on, {TEXTS} texts"
        assert "similar wording" in why(library, tree)
    count = subprocess.run([sys.executable, "-W", "ignore", "-c", listed, port], check=True, capture_output=True)
    assert count.stdout.strip() == b"2"
    assert not list((shelf.folder / "vectors").glob("chroma.sqlite3"))


def test_without_the_chroma_server_answers_come_without_vectors(shelf: Shelf) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    tree = shelf.tree(FILES)
    with opened(shelf, VectorSettings(chroma=address)) as library:
        library.index(tree)
        assert f"off: the chroma server {address} can't be used" in settled(library, "off")
        assert library.search(tree, "load a price list")[0].symbol == "load_price_list"
