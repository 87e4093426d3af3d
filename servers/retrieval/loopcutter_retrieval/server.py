"""Offers the library as MCP tools."""

import contextlib
from collections.abc import AsyncIterator, Callable
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from anyio import to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field, TypeAdapter

from loopcutter_retrieval.budget import LEAST, MOST
from loopcutter_retrieval.errors import RetrievalError
from loopcutter_retrieval.mentions import Failure, Frame
from loopcutter_retrieval.place import KINDS, Indexed, Located, Neighbours, Place, Places, Source, Sources, Status, Text
from loopcutter_retrieval.place import Context as Assembled
from loopcutter_snapshots import SnapshotError

if TYPE_CHECKING:
    from loopcutter_retrieval.library import Library

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS = (
    "Finds code in trees that vcs has published. Hand over the tree's hash with every call; a tree that was never"
    " indexed is indexed on the way. Start with search, look at the best places with read or symbol."
)
Tree = Annotated[
    str, Field(description="Hash of a published tree, as vcs.publish returned it", pattern="^[0-9a-f]{40}$")
]
Kind = Literal[KINDS]  # type: ignore[valid-type]
Limit = Annotated[int, Field(ge=1, le=100, description="How many at most")]
_Value = TypeVar("_Value")


class FrameIn(BaseModel):
    """A frame of a failure, as the sandbox reports it."""

    path: str
    line: int
    function: str = ""


class FailureIn(BaseModel):
    """A failing test, as the sandbox reports it."""

    test: str
    exception: str = ""
    message: str = ""
    frames: list[FrameIn] = []

    def plain(self) -> Failure:
        frames = tuple(Frame(frame.path, frame.line, frame.function) for frame in self.frames)
        return Failure(self.test, self.exception, self.message, frames)


class _Late:
    """The library, opened with the first call: it is as heavy to import as all the rest, and may never be asked."""

    def __init__(self, opening: "Callable[[], Library]") -> None:
        self._opening = opening
        self._lock = Lock()
        self._library: Library | None = None

    def __call__(self) -> "Library":
        with self._lock:
            if self._library is None:
                self._library = self._opening()
            return self._library

    def close(self) -> None:
        with self._lock:
            if self._library is not None:
                self._library.close()


def build(opening: "Callable[[], Library]") -> MCPServer:
    """The server of a library that is opened with the first call, and closed when the server stops."""
    library = _Late(opening)

    @contextlib.asynccontextmanager
    async def lifespan(_server: MCPServer) -> AsyncIterator[None]:
        try:
            yield
        finally:
            library.close()

    server = MCPServer(
        "loopcutter-retrieval",
        title="Retrieval",
        version=version("loopcutter"),
        instructions=_INSTRUCTIONS,
        lifespan=lifespan,
        log_level="WARNING",
        subscriptions=False,
    )
    _offer_search(server, library)
    _offer_reading(server, library)
    return server


def _offer_search(server: MCPServer, library: _Late) -> None:
    @server.tool(title="Index a tree", annotations=_READS)
    async def index(tree: Tree, ctx: Context) -> Annotated[CallToolResult, Indexed]:
        """Prepare a published tree for searching. Only files never seen before are parsed. Tells what is left out."""
        done = await _indexed(library, tree, ctx)
        left_out = f", {len(done.skipped)} kinds or files left out" if done.skipped else ""
        return _result(f"{done.files} files, {done.symbols} symbols, {done.parsed} parsed{left_out}.", done)

    @server.tool(title="Search the code", annotations=_READS)
    async def search(
        tree: Tree,
        query: Annotated[str, Field(description="A question, an issue, an error message, names, a stack trace.")],
        ctx: Context,
        limit: Limit = 10,
    ) -> Annotated[CallToolResult, Places]:
        """Find the functions, classes and files that some text speaks of, best first, each with the reason."""
        await _ready(library, tree, ctx)
        found = Places(tuple(await _thread(lambda: library().search(tree, query, limit))))
        return _result(_listed(found.places), found)

    @server.tool(title="Locate a fault", annotations=_READS)
    async def locate(
        tree: Tree,
        issue: Annotated[str, Field(description="The whole text of the issue, title first.")],
        ctx: Context,
        failures: Annotated[list[FailureIn], Field(description="Failing tests, as sandbox.run_tests gives them.")] = [],  # noqa: B006
        limit: Limit = 10,
        tried: Annotated[
            list[str], Field(description="Not to be named again: paths, or path::symbol with all that is in it.")
        ] = [],  # noqa: B006
    ) -> Annotated[CallToolResult, Located]:
        """Rank the files and the functions where the fault of an issue may be, failing tests taken into account.
        `paths` lists up to fifty files, for a model to choose from."""
        await _ready(library, tree, ctx)
        plain = [failure.plain() for failure in failures]
        located = await _thread(lambda: library().locate(tree, issue, plain, limit, frozenset(tried)))
        words = f"Files: {', '.join(file.path for file in located.files)}\n{_listed(located.places)}"
        return _result(words + (f"\nTried already: {located.left_out}." if located.left_out else ""), located)

    @server.tool(title="Assemble a context", annotations=_READS)
    async def context(
        tree: Tree,
        issue: Annotated[str, Field(description="The whole text of the issue, title first.")],
        budget_tokens: Annotated[int, Field(ge=LEAST, le=MOST)],
        ctx: Context,
        failures: Annotated[list[FailureIn], Field(description="As for locate.")] = [],  # noqa: B006
        tokens_per_character: Annotated[
            float, Field(ge=0, le=4, description="As the model server counts code; 0: estimated, erring upwards.")
        ] = 0.0,
    ) -> Annotated[CallToolResult, Assembled]:
        """Show, within a budget of tokens, the code to look at for an issue: likely culprits whole, others in brief."""
        await _ready(library, tree, ctx)
        plain = [failure.plain() for failure in failures]
        found = await _thread(lambda: library().context(tree, issue, budget_tokens, plain, tokens_per_character))
        return _result(found.text or "Nothing found: no word of the issue occurs in the tree.", found)


def _offer_reading(server: MCPServer, library: _Late) -> None:
    @server.tool(title="Read a file", annotations=_READS)
    async def read(
        tree: Tree,
        path: str,
        start: Annotated[int, Field(description="First line, counted from 1.")] = 1,
        end: Annotated[int, Field(description="Last line; 0 for the end of the file.")] = 0,
    ) -> Annotated[CallToolResult, Text]:
        """Read lines of a file of a tree. A long file is cut; read on from the line after `end`."""
        found = await _thread(lambda: library().read(tree, path, start, end))
        return _result(f"{found.path}, lines {found.start} to {found.end} of {found.total}:\n{found.text}", found)

    @server.tool(title="Look up a symbol", annotations=_READS)
    async def symbol(
        tree: Tree,
        name: Annotated[
            str, Field(description="`total`, `Cart.total`, `shop.cart.Cart` or `shop/cart.py::Cart.total`.")
        ],
        ctx: Context,
    ) -> Annotated[CallToolResult, Sources]:
        """Show the source of the functions, methods and classes of that name."""
        await _ready(library, tree, ctx)
        found = Sources(tuple(await _thread(lambda: library().symbol(tree, name))))
        return _result("\n\n".join(f"{_head(one)}\n{one.source}" for one in found.places), found)

    @server.tool(title="Show the neighbours of a symbol", annotations=_READS)
    async def neighbors(
        tree: Tree,
        symbol: Annotated[
            str, Field(description="A name, as for symbol; `shop/cart.py` or `shop.cart` for the file itself.")
        ],
        ctx: Context,
        kinds: Annotated[
            list[Kind], Field(description="Only these; all when empty. Neighbours by imports take longest.")
        ] = [],  # noqa: B006
    ) -> Annotated[CallToolResult, Neighbours]:
        """List what calls a symbol, what it calls, its bases, overrides and tests, what it contains, imports and
        changes, who imports and changes it, who raises and catches it; and what it does itself."""
        await _ready(library, tree, ctx)
        found = await _thread(lambda: library().neighbours(tree, symbol, kinds))
        return _result(_around(found), found)

    @server.tool(title="Show the index", annotations=_READS)
    async def status() -> Annotated[CallToolResult, Status]:
        """Tell what the index holds."""
        state = await _thread(lambda: library().status())
        return _result(f"{state.contents} contents, {state.symbols} symbols; vectors: {state.vectors}.", state)


async def _indexed(library: _Late, tree: str, ctx: Context) -> Indexed:
    """Index in small steps: after each, progress is told and a cancelled call ends."""
    steps = (await _thread(library)).indexing(tree)
    while True:
        step = await _thread(lambda: next(steps))
        if isinstance(step, Indexed):
            return step
        await ctx.report_progress(*step, f"{step[0]} of {step[1]} files parsed")


async def _ready(library: _Late, tree: str, ctx: Context) -> None:
    """Have the tree in memory, in the same small steps."""
    opened = await _thread(library)
    if not opened.holds(tree):
        steps = opened.preparing(tree)
        while (step := await _thread(lambda: next(steps, None))) is not None:
            await ctx.report_progress(*step, f"{step[0]} of {step[1]} files parsed")


async def _thread(work: Callable[[], _Value]) -> _Value:
    """Do it beside the event loop; what the subject raises comes in words for the model."""
    try:
        return await to_thread.run_sync(work)
    except (RetrievalError, SnapshotError) as error:
        raise ToolError(str(error)) from error


def _head(place: Place | Source) -> str:
    name = f"::{place.symbol}" if place.symbol else ""
    return f"{place.path}{name} lines {place.lines[0]}-{place.lines[1]} ({place.why})"


def _listed(places: tuple[Place, ...]) -> str:
    if not places:
        return "Nothing found: no word of the query occurs in the tree. Try other words, or names of symbols."
    return "\n".join(map(_head, places))


def _around(found: Neighbours) -> str:
    listed = [f"{kind}:\n{_listed(places)}" for kind in KINDS if (places := getattr(found, kind))]
    rest = [f"Does itself: {'; '.join(found.facts)}."] if found.facts else []
    rest += [f"{found.left_out} more left out."] if found.left_out else []
    return "\n".join([_head(found.symbol), *(listed or ["Nothing is known to surround it."]), *rest])


def _result(words: str, value: object) -> CallToolResult:
    structured = TypeAdapter(type(value)).dump_python(value, mode="json")
    return CallToolResult(content=[TextContent(type="text", text=words)], structured_content=structured)
