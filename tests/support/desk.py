"""A vcs server in memory over a real repository, and the calls tests make of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import Client

from loopcutter_snapshots import Entry, ObjectStore
from loopcutter_vcs.publishing import Remotes
from loopcutter_vcs.server import build

SHOP = {
    "shop/cart.py": '''"""The cart."""


class Cart:
    """What somebody wants to buy."""

    def __init__(self, prices):
        self.prices = prices

    def total(self):
        return sum(self.prices)

    @property
    def empty(self):
        return not self.prices
''',
    "shop/money.py": '''"""Money."""


def rounded(amount):
    return round(amount, 2)
''',
    "README.md": "# Shop\n",
}


@dataclass(frozen=True)
class Desk:
    """A connected client."""

    client: Client
    repository: Path
    store: Path

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured result of a call that works."""
        result = await self.client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        return dict(result.structured_content or {})

    async def refused(self, tool: str, **arguments: Any) -> str:
        """What a call that does not work says."""
        result = await self.client.call_tool(tool, arguments)
        assert result.is_error, result.structured_content
        said = result.content[0]
        assert said.type == "text"
        return said.text.removeprefix(f"Error executing tool {tool}: ")

    async def open(self, *, files: bool = False) -> str:
        """The handle of a new workspace."""
        return str((await self.call("open", files=files))["workspace"])

    async def edit(self, workspace: str, *edits: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """The report of edits that are made."""
        return await self.call("edit", workspace=workspace, edits=[dict(edit) for edit in edits], **more)

    async def refused_edit(self, workspace: str, *edits: Mapping[str, Any]) -> str:
        """What the server says to edits that it does not make."""
        return await self.refused("edit", workspace=workspace, edits=[dict(edit) for edit in edits])

    @property
    def objects(self) -> ObjectStore:
        """Where the snapshots are."""
        [folder] = self.store.glob("*/git")
        return ObjectStore(folder)

    def entries(self, tree: str) -> dict[str, Entry]:
        """What a tree holds."""
        return {entry.path: entry for entry in self.objects.files(tree)}

    def content(self, tree: str, path: str) -> bytes:
        """A file of a tree."""
        return self.objects.read(tree, path)

    def worktree(self, workspace: str) -> Path:
        """Where the files of a workspace are, if they were asked for."""
        [folder] = self.store.glob(f"work/*/{workspace}/tree")
        return folder


@asynccontextmanager
async def desk(
    repository: Path, store: Path, remotes: Remotes | None = None, *, init: bool = False
) -> AsyncIterator[Desk]:
    """A server for one repository, and a client of it."""
    server = build(store, {"shop": repository}, remotes, init=init)
    async with Client(server) as client:
        yield Desk(client, repository, store)


def replace(path: str, search: str, replacement: str, **more: Any) -> dict[str, Any]:
    """A replace edit."""
    return {"kind": "replace", "path": path, "search": search, "replace": replacement, **more}
