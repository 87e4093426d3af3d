import asyncio
import gzip
import os
import re
from collections.abc import Iterable
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send
from support.serving import TOKEN, Certificates, Running, Start

from loopcutter_serving.receiver import git_routes
from loopcutter_snapshots import GitFailed, ObjectStore, git

AUTHORIZATION = f"Authorization: Bearer {TOKEN}"
REQUEST = "application/x-git-receive-pack-request"
NOTHING = "0" * 40


class Sender:
    """A repository to push from."""

    def __init__(self, path: Path) -> None:
        self.store = ObjectStore(path)

    def blob(self, content: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", stdin=content)

    def tree(self, *entries: tuple[str, str, str]) -> str:
        """A tree of (mode, name, object) as they are, however wrong."""
        raw = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(id) for mode, name, id in entries)
        return self.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw)

    def commit(self, tree: str, *parents: str) -> str:
        return self.git("commit-tree", tree, "-m", "snapshot", *(word for parent in parents for word in ("-p", parent)))

    def push(self, url: str, refspec: str, **settings: str) -> str:
        """What git said; raises `GitFailed` when it was refused."""
        header = {"http.extraHeader": AUTHORIZATION}
        return self.git("push", "--porcelain", url, refspec, settings=header | settings)

    def git(self, *arguments: str, stdin: bytes = b"", settings: dict[str, str] | None = None) -> str:
        return git(*arguments, git_dir=self.store.path, stdin=stdin, settings=settings).decode().strip()


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return Sender(tmp_path / "sender")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ObjectStore:
    return ObjectStore(tmp_path_factory.mktemp("receiver") / "store")


@pytest.fixture(scope="module")
def server(start: Start, store: ObjectStore) -> Running:
    """Receives at most a megabyte at once."""
    return start("--store", str(store.path), "--largest", str(1 << 20), LOOPCUTTER_TOKEN=TOKEN)


@pytest.fixture
def url(server: Running) -> str:
    return f"{server.root}/git"


def test_a_pushed_tree_arrives_as_it_is(sender: Sender, url: str, store: ObjectStore) -> None:
    tree = sender.tree(("100644", "a.txt", sender.blob(b"one\r\ntwo")))
    sender.push(url, f"{sender.commit(tree)}:refs/snapshots/{tree}")
    assert [(entry.path, store.read(tree, entry.path)) for entry in store.files(tree)] == [("a.txt", b"one\r\ntwo")]


def test_a_push_over_tls_needs_the_authority(
    start: Start, certificates: Certificates, sender: Sender, tmp_path: Path
) -> None:
    files = ("--tls-cert", str(certificates.certificate), "--tls-key", str(certificates.key))
    server = start("--store", str(tmp_path / "store"), *files, LOOPCUTTER_TOKEN=TOKEN)
    tree = sender.tree(("100644", "a.txt", sender.blob(b"a")))
    refspec = f"{sender.commit(tree)}:refs/snapshots/{tree}"
    with pytest.raises(GitFailed, match="certificate"):
        sender.push(f"{server.root}/git", refspec)
    sender.push(f"{server.root}/git", refspec, **{"http.sslCAInfo": str(certificates.authority)})
    assert ObjectStore(tmp_path / "store").read(tree, "a.txt") == b"a"


def test_only_what_is_new_crosses_the_wire(sender: Sender, url: str) -> None:
    many = [("100644", f"file{number:02}", sender.blob(os.urandom(64))) for number in range(50)]
    first = sender.commit(sender.tree(*many))
    second = sender.commit(sender.tree(*many[:-1], ("100644", "file49", sender.blob(b"edited"))), first)
    sender.push(url, f"{first}:refs/snapshots/first")
    arguments = ("push", "--progress", url, f"{second}:refs/snapshots/second")
    # The progress goes to stderr, which `git` gives only with a failure: accept none.
    with pytest.raises(GitFailed) as progress:
        git(*arguments, git_dir=sender.store.path, settings={"http.extraHeader": AUTHORIZATION}, accept=())
    assert "Total 3 " in progress.value.stderr


def test_a_push_without_the_token_is_refused(sender: Sender, url: str, store: ObjectStore) -> None:
    tree = sender.tree(("100644", "a.txt", sender.blob(b"secret")))
    with pytest.raises(GitFailed, match="could not read Username"):
        sender.push(url, f"{sender.commit(tree)}:refs/snapshots/x", **{"http.extraHeader": "Authorization: Bearer x"})
    assert not holds(store, tree)


@pytest.mark.parametrize("ref", ["refs/tags/x", "refs/replace/x", "refs/notes/x", "refs/snapshotsx/x", "refs/x"])
def test_refs_outside_the_two_places_are_refused(sender: Sender, url: str, ref: str) -> None:
    commit = sender.commit(sender.tree())
    with pytest.raises(GitFailed, match="failed to push"):
        sender.push(url, f"{commit}:{ref}")


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/snapshots/deep/below"])
def test_both_places_take_pushes_and_keep_them(sender: Sender, url: str, store: ObjectStore, ref: str) -> None:
    commit = sender.commit(sender.tree())
    sender.push(url, f"{commit}:{ref}")
    with pytest.raises(GitFailed, match="error: 403"):
        sender.push(url, f":{ref}")
    assert git("rev-parse", ref, git_dir=store.path).decode().strip() == commit


def test_nothing_can_be_fetched(sender: Sender, server: Running) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for service in ("?service=git-upload-pack", ""):
        answer = httpx2.get(f"{server.root}/git/info/refs{service}", headers=headers)
        assert (answer.status_code, answer.text.split(":")[0]) == (403, "this server only receives")
    assert httpx2.post(f"{server.root}/git/git-upload-pack", headers=headers).status_code == 404
    assert httpx2.get(f"{server.root}/git/HEAD", headers=headers).status_code == 404


@pytest.mark.parametrize("name", ["..", ".", ".git", ".GIT", "git~1", "a/b", "../x", "/tmp/x"])
def test_a_tree_with_a_hostile_name_is_refused(sender: Sender, url: str, store: ObjectStore, name: str) -> None:
    tree = sender.tree(("40000", name, sender.tree(("100644", "file", sender.blob(b"evil")))))
    with pytest.raises(GitFailed):
        sender.push(url, f"{sender.commit(tree)}:refs/snapshots/hostile")
    assert not holds(store, tree)


def test_a_tree_with_two_entries_of_one_name_is_refused(sender: Sender, url: str, store: ObjectStore) -> None:
    below = sender.tree(("100644", "passwd", sender.blob(b"evil")))
    tree = sender.tree(("120000", "link", sender.blob(b"/etc")), ("40000", "link", below))
    with pytest.raises(GitFailed):
        sender.push(url, f"{sender.commit(tree)}:refs/snapshots/hostile")
    assert not holds(store, tree)


def test_a_push_larger_than_agreed_is_refused_and_leaves_nothing(sender: Sender, url: str, store: ObjectStore) -> None:
    tree = sender.tree(("100644", "large", sender.blob(os.urandom(2 << 20))))
    with pytest.raises(GitFailed):
        sender.push(url, f"{sender.commit(tree)}:refs/snapshots/large")
    assert not holds(store, tree)
    assert half_received(store) == []


def test_a_push_in_chunks_is_taken(sender: Sender, url: str, store: ObjectStore) -> None:
    content = os.urandom(500_000)
    tree = sender.tree(("100644", "large", sender.blob(content)))
    sender.push(url, f"{sender.commit(tree)}:refs/snapshots/chunks", **{"http.postBuffer": "65536"})
    assert store.read(tree, "large") == content


def test_pushes_at_the_same_time_are_taken(sender: Sender, url: str, store: ObjectStore) -> None:
    trees = [sender.tree(("100644", "file", sender.blob(b"%d" % number))) for number in range(4)]

    async def push_all() -> None:
        pushes = (asyncio.to_thread(sender.push, url, f"{sender.commit(tree)}:refs/snapshots/{tree}") for tree in trees)
        await asyncio.gather(*pushes)

    asyncio.run(push_all())
    assert [store.read(tree, "file") for tree in trees] == [b"0", b"1", b"2", b"3"]


def body_of_a_push(sender: Sender, commit: str, ref: str) -> bytes:
    """What git sends to bring `commit` under `ref` into an empty store."""
    line = f"{NOTHING} {commit} {ref}\0 report-status".encode()
    pack = git("pack-objects", "--stdout", "--revs", "-q", git_dir=sender.store.path, stdin=f"{commit}\n".encode())
    return f"{len(line) + 4:04x}".encode() + line + b"0000" + pack


def post(server: Running, body: bytes, **headers: str) -> httpx2.Response:
    given = {"Authorization": f"Bearer {TOKEN}", "Content-Type": REQUEST} | headers
    return httpx2.post(f"{server.root}/git/git-receive-pack", headers=given, content=body)


def test_a_gzipped_push_is_taken(sender: Sender, server: Running, store: ObjectStore) -> None:
    tree = sender.tree(("100644", "a", sender.blob(b"gzipped")))
    body = body_of_a_push(sender, sender.commit(tree), "refs/snapshots/gzipped")
    answer = post(server, gzip.compress(body), **{"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-git-receive-pack-result")
    assert "unpack ok" in answer.text
    assert store.read(tree, "a") == b"gzipped"


def test_a_pushed_bomb_is_refused(server: Running) -> None:
    answer = post(server, gzip.compress(b"\0" * (8 << 20)), **{"Content-Encoding": "gzip"})
    assert answer.status_code in (400, 413)


def test_what_is_no_push_is_refused_with_words(server: Running) -> None:
    answers = [post(server, body) for body in (b"nonsense", b"0005\0" + b"0000", b"0003", b"00")]
    answers.append(post(server, b"{}", **{"Content-Type": "application/json"}))
    assert [(answer.status_code, answer.text) for answer in answers] == [
        *[(400, "this is no push: use `git push`\n")] * 3,
        (400, "git did not understand the request: use `git push`\n"),
        (415, f"the Content-Type must be {REQUEST}: use `git push`\n"),
    ]


def test_a_store_of_another_user_is_served(tmp_path: Path, sender: Sender) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    store = tmp_path / "store"
    app = Starlette(routes=git_routes(store))
    for path in (store, *store.rglob("*")):
        os.chown(path, 65534, 65534)

    async def advertised() -> int:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost") as client:
            return (await client.get("/git/info/refs?service=git-receive-pack")).status_code

    assert asyncio.run(advertised()) == 200


async def broken_off(app: Starlette, body: bytes, end: str) -> None:
    """Push `body` and no more, wait until git has begun to receive it, and go away in the way of `end`."""
    received = asyncio.Event()
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": True}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        received.set()  # the first piece has been handed to git
        if end != "disconnect":
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None: ...

    headers = [(b"content-type", REQUEST.encode())]
    scope: Scope = {"type": "http", "method": "POST", "path": "/git/git-receive-pack", "headers": headers}
    push = asyncio.create_task(call(app, scope, receive, send))
    await received.wait()
    if end == "cancel":
        push.cancel()
    await asyncio.wait({push})


async def call(app: Starlette, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads /proc")
@pytest.mark.parametrize("end", ["disconnect", "cancel"])
def test_a_push_that_is_broken_off_leaves_no_process_and_no_objects(tmp_path: Path, sender: Sender, end: str) -> None:
    store = ObjectStore(tmp_path / "store")
    commit = sender.commit(sender.tree(("100644", "large", sender.blob(os.urandom(1 << 20)))))
    body = body_of_a_push(sender, commit, "refs/snapshots/half")
    asyncio.run(broken_off(Starlette(routes=git_routes(store.path)), body[: len(body) // 2], end))
    assert list(processes_about(store.path)) == []
    assert half_received(store) == []


def processes_about(path: Path) -> Iterable[str]:
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if os.fsencode(path) in line:
            yield line.decode()


def half_received(store: ObjectStore) -> list[Path]:
    return [path for path in (store.path / "objects").iterdir() if re.match(r"incoming|tmp", path.name)]


def holds(store: ObjectStore, tree: str) -> bool:
    return tree in git("cat-file", "--batch-all-objects", "--batch-check", git_dir=store.path).decode()
