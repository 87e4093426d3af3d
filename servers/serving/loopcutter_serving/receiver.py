"""The door for pushed trees: git's smart HTTP, receiving only.

`git push http://host:port/git <commit>:refs/snapshots/<name>` brings objects into a store; only what the store lacks
crosses the wire. Git itself checks every object and confines the refs; this module moves bytes, with limits.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from loopcutter_serving.body import body
from loopcutter_serving.commands import without_deletes
from loopcutter_serving.errors import BodyRefused, Gone, Unavailable
from loopcutter_snapshots import ObjectStore, SnapshotError
from loopcutter_snapshots.git import environment

LARGEST_PUSH = 512 << 20
"""Bytes one push may bring, unpacked from its transfer encoding."""

LONGEST_PUSH = 600.0
"""Seconds one push may take."""

_PATIENCE = 0.2
"""Seconds git gets to end by itself when a push is broken off."""

_SERVICE = "git-receive-pack"
_REQUEST = f"application/x-{_SERVICE}-request"
_RESULT = f"application/x-{_SERVICE}-result"
_ADVERTISEMENT = f"application/x-{_SERVICE}-advertisement"
_NO_CACHE = {"Cache-Control": "no-cache"}


def git_routes(store: Path, *, largest: int = LARGEST_PUSH) -> list[Route]:
    """The routes under which `store` receives pushes: the push URL of a server at http://h:p/mcp is http://h:p/git."""
    try:
        objects = ObjectStore(store)
        objects.sweep(older_than=LONGEST_PUSH)
    except SnapshotError as error:
        raise Unavailable(str(error)) from None
    receiver = Receiver(objects.path.resolve(), largest)
    return [
        Route("/git/info/refs", receiver.advertise, methods=["GET"]),
        # An ASGI app and not an endpoint: it must see the client disconnect while git is at work.
        Route(f"/git/{_SERVICE}", _Push(receiver), methods=["POST"]),
    ]


class Receiver:
    """Runs `git receive-pack` on one store."""

    def __init__(self, store: Path, largest: int) -> None:
        self.store = store
        self.largest = largest

    async def advertise(self, request: Request) -> Response:
        """What the store has, so that a client sends only the rest."""
        if request.query_params.get("service") != _SERVICE:
            return _refuse(403, "this server only receives: it can be pushed to, not fetched from")
        async with self.git("--advertise-refs") as process:
            listing, _ = await process.communicate()
        if process.returncode:
            return _refuse(500, "git can't read the store of this server: look into the server's log")
        banner = f"# service={_SERVICE}\n"
        return Response(f"{len(banner) + 4:04x}{banner}0000".encode() + listing, 200, _NO_CACHE, _ADVERTISEMENT)

    @asynccontextmanager
    async def git(self, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A `git receive-pack` that does not outlive the block."""
        process = await asyncio.create_subprocess_exec(
            *("git", "receive-pack", "--stateless-rpc", *options, str(self.store)),
            env=environment(settings=self._settings()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # git starts helpers; a signal to the group reaches them all
        )
        try:
            yield process
        finally:
            await _end(process)

    def _settings(self) -> dict[str, str | tuple[str, ...]]:
        return {
            "receive.fsckObjects": "true",
            "receive.maxInputSize": str(self.largest),
            # A ref that is hidden can't be written either: this confines pushes to the two places that are not.
            "receive.hideRefs": ("refs", "!refs/heads", "!refs/snapshots"),
            "receive.autogc": "false",
        }


class _Push:
    """One push: the request's body goes into git, git's answer comes back, both while they happen."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if headers.get("content-type") != _REQUEST:
            await _refuse(415, f"the Content-Type must be {_REQUEST}: use `git push`")(scope, receive, send)
            return
        async with self.receiver.git() as process:
            answer = _Answer(process, send)
            feeding = asyncio.create_task(self._feed(headers, receive, process, answer.may_end))
            answering = asyncio.create_task(answer.relay())
            try:
                await asyncio.wait({feeding, answering}, timeout=LONGEST_PUSH, return_when=asyncio.FIRST_COMPLETED)
                refusal = _why(feeding, answering)
            finally:
                feeding.cancel()
                answering.cancel()
                await asyncio.gather(feeding, answering, return_exceptions=True)
        if refusal is not None and not answer.started:
            await refusal(scope, receive, send)

    async def _feed(
        self, headers: Headers, receive: Receive, process: asyncio.subprocess.Process, fed: asyncio.Event
    ) -> None:
        """Write the body into git and set `fed`; then wait until the client goes away. Ends only by an exception."""
        assert process.stdin is not None
        reads = True
        pieces = body(receive, headers.get("content-encoding", "identity"), self.receiver.largest)
        async for piece in without_deletes(pieces):
            # Git may refuse before it has read everything. The rest is still taken, or the client never sees why.
            if reads:
                try:
                    process.stdin.write(piece)
                    await process.stdin.drain()
                except (BrokenPipeError, ConnectionResetError):
                    reads = False
        process.stdin.close()
        fed.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        raise Gone


class _Answer:
    """Git's answer on its way to the client."""

    def __init__(self, process: asyncio.subprocess.Process, send: Send) -> None:
        self.process = process
        self.send = send
        self.started = False
        self.may_end = asyncio.Event()
        """Set when the client has sent everything; before, it does not listen."""

    async def relay(self) -> None:
        """Send what git says. Raises `BodyRefused` when it fails without a word."""
        assert self.process.stdout is not None
        while piece := await self.process.stdout.read(64 << 10):
            await self._start()
            await self.send({"type": "http.response.body", "body": piece, "more_body": True})
        await self.may_end.wait()
        if await self.process.wait() and not self.started:
            raise BodyRefused(400, "git did not understand the request: use `git push`")
        await self._start()
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start(self) -> None:
        if not self.started:
            self.started = True
            headers = [(b"content-type", _RESULT.encode()), (b"cache-control", b"no-cache")]
            await self.send({"type": "http.response.start", "status": 200, "headers": headers})


def _why(feeding: "asyncio.Task[None]", answering: "asyncio.Task[None]") -> Response | None:
    """What to tell a client whose push was broken off; None when there is nothing to tell, or nobody."""
    # What git has said counts more than what the client did meanwhile.
    finished = next((task for task in (answering, feeding) if task.done()), None)
    if finished is None:
        return _refuse(503, f"the push took longer than {LONGEST_PUSH:.0f} s: push less at once")
    error = finished.exception()
    if isinstance(error, BodyRefused):
        return _refuse(error.status, str(error))
    if error is not None and not isinstance(error, Gone):
        raise error
    return None


def _refuse(status: int, text: str) -> Response:
    # Plain text, because git shows that to its user.
    return PlainTextResponse(text + "\n", status, _NO_CACHE)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let git go by itself, which it does when nothing more comes; then make it, and its helpers.

    A signal would be sooner, but then git leaves behind what it has received so far.
    """
    if process.stdin is not None:
        process.stdin.close()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
