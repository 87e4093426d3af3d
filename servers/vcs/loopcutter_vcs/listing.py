"""Tools listed in few words: what a model reads of them is paid for with every request it is sent."""

from typing import Any

from mcp.server import MCPServer
from mcp.types import Tool


class BriefServer(MCPServer[Any]):
    """A server whose schemas leave out what says nothing new: titles made from names, and OpenAPI's discriminators."""

    async def list_tools(self) -> list[Tool]:
        """Every tool, its schema in few words."""
        tools = await super().list_tools()
        return [tool.model_copy(update={"input_schema": _brief(tool.input_schema)}) for tool in tools]


def _brief(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_brief(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _brief(part) for key, part in schema.items() if not _says_nothing_new(key, part)}


def _says_nothing_new(key: str, part: Any) -> bool:
    # A property of the name `title` has a schema and no text; one called `discriminator` has no `propertyName`.
    return (key == "title" and isinstance(part, str)) or (key == "discriminator" and "propertyName" in part)
