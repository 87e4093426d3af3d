"""Tells over MCP how the model server is: `status`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from loopcutter_inference.errors import Unreachable
from loopcutter_inference.upstream import Upstream

_LOOKS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


class LoadedModel(BaseModel):
    """A model in memory."""

    name: str
    on_gpu: float = Field(ge=0, le=1, description="Share of it that is on the GPU.")
    context_length: int = Field(description="Tokens it was loaded for; 0 when the server doesn't say.")


class Status(BaseModel):
    """How the model server is."""

    version: str
    models: list[str]
    loaded: list[LoadedModel]


def build(upstream: Upstream) -> MCPServer:
    """The server; it closes `upstream` when it stops."""

    @asynccontextmanager
    async def lifespan(server: MCPServer) -> AsyncIterator[None]:
        yield
        await upstream.close()

    server = MCPServer(
        "loopcutter-inference",
        title="Inference",
        version=version("loopcutter"),
        instructions="Tells which models the machine behind this door has, and which are loaded.",
        log_level="WARNING",
        subscriptions=False,
        lifespan=lifespan,
    )

    @server.tool(title="State of the model server", annotations=_LOOKS)
    async def status() -> Annotated[CallToolResult, Status]:
        """Which models there are, and which are loaded, for how many tokens, and how much of each is on the GPU."""
        try:
            loaded = [
                LoadedModel(
                    name=model.name,
                    on_gpu=min(1.0, model.size_vram / model.size) if model.size else 0.0,
                    context_length=model.context_length,
                )
                for model in await upstream.loaded()
            ]
            found = Status(version=await upstream.version(), models=await upstream.models(), loaded=loaded)
        except Unreachable as error:
            raise ToolError(str(error)) from error
        names = ", ".join(model.name for model in loaded) or "none"
        text = f"{len(found.models)} models, loaded: {names}."
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=found.model_dump())

    return server
