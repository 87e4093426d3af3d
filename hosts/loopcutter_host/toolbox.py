"""The only way from the host to a server: a toolbox, and the guarded toolbox that holds one."""

from typing import Any, Protocol

from loopcutter_loopguard.events import Call, Outcome


class Toolbox(Protocol):
    """Calls a tool on a server."""

    async def call(self, call: Call) -> Outcome:
        """Make the call. A tool that fails gives an outcome that is not `ok`; a server that can't be reached raises."""
        ...


async def use(tools: Toolbox, server: str, tool: str, **arguments: Any) -> Outcome:
    """Call a tool by name: ``await use(tools, "retrieval", "read", tree=tree, path="shop/cart.py")``."""
    return await tools.call(Call(server, tool, arguments))
