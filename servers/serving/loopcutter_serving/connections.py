"""Ends what clients hold open on an MCP server. The SDK has no public way to, so what it hides is touched only here."""

from mcp.server import MCPServer


class Connections:
    """The listen streams and the sessions of one server."""

    def __init__(self, server: MCPServer) -> None:
        self.server = server

    def close_listen_streams(self) -> None:
        """Tell every client that listens for changes that there will be none any more."""
        entry = self.server._lowlevel_server.get_request_handler("subscriptions/listen")
        close = getattr(entry.handler, "close", None) if entry is not None else None
        if close is not None:
            close()

    async def end_sessions(self) -> None:
        """Cancel the calls of clients that speak a protocol with sessions (before 2026), and end their streams.

        Left to itself, the SDK cancels them after it has stopped reading what they answer, and waits a second for
        each answer to be read.
        """
        for transport in list(self.server.session_manager._server_instances.values()):
            await transport.terminate()
