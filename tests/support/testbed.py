"""Trees for the sandbox, and its tools called through MCP, in memory."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import Client

from loopcutter_sandbox.sandbox import Sandbox
from loopcutter_sandbox.server import build
from loopcutter_snapshots import ObjectStore, git

Files = Mapping[str, str | bytes]


def make_tree(store: ObjectStore, files: Files) -> str:
    """The hash of a tree that holds `files`, made with real git straight into the store."""
    lines = []
    for path, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        blob = git("hash-object", "-w", "--stdin", git_dir=store.path, stdin=data).decode().strip()
        lines.append(f"100644 {blob}\t{path}\n")
    index = store.path / f"index-{os.getpid()}"
    git("read-tree", "--empty", git_dir=store.path, index=index)
    git("update-index", "--add", "--index-info", git_dir=store.path, index=index, stdin="".join(lines).encode())
    return git("write-tree", git_dir=store.path, index=index).decode().strip()


@dataclass
class Testbed:
    """One sandbox with the store its trees come from."""

    store: ObjectStore
    sandbox: Sandbox
    folder: Path
    """Where it makes its workspaces."""

    __test__ = False

    def tree(self, files: Files) -> str:
        """Receive a tree."""
        return make_tree(self.store, files)

    async def say(self, tool: str, **arguments: Any) -> tuple[bool, str, dict[str, Any]]:
        """Call a tool: whether it went well, its words, its data."""
        async with Client(build(self.sandbox)) as client:
            result = await client.call_tool(tool, arguments)
        words = "\n".join(getattr(part, "text", "") for part in result.content)
        return not result.is_error, words, dict(result.structured_content or {})

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool that has to go well."""
        well, words, content = await self.say(tool, **arguments)
        assert well, words
        return content

    async def test(self, files: Files, **arguments: Any) -> dict[str, Any]:
        """Run the tests of a tree made of `files`."""
        return await self.call("run_tests", tree=self.tree(files), **arguments)

    async def command(self, command: str, files: Files | None = None, **arguments: Any) -> dict[str, Any]:
        """Run a command in a tree made of `files`."""
        return await self.call("run_command", tree=self.tree(files or {"empty": ""}), command=command, **arguments)

    async def script(self, script: str) -> dict[str, Any]:
        """Run a shell script from a file: the guard judges what is typed, the isolation has to hold the rest."""
        return await self.command("sh script.sh", {"script.sh": script})

    def left_over(self) -> list[str]:
        """The workspaces that are still there."""
        return sorted(path.name for path in self.sandbox.workspaces.folder.glob("run-*"))
