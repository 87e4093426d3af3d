"""How a tool answers: words for the model and data by schema, or, when it went wrong, words alone."""

from types import TracebackType
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent
from pydantic import TypeAdapter

from loopcutter_sandbox.errors import SandboxError
from loopcutter_snapshots import SnapshotError


class explained:
    """What the subject raises, in words for the model."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, SandboxError | SnapshotError):
            raise ToolError(str(error)) from error


def answer(text: str, content: Any) -> CallToolResult:
    """`content`, one of the types of `report`, with a sentence on it."""
    structured = TypeAdapter(type(content)).dump_python(content, mode="json")
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)
