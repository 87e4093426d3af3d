"""Reads source files whole through retrieval."""

from loopcutter_host.repair.source import Source
from loopcutter_host.toolbox import Toolbox, use


class Reading:
    """The files of one tree, each read once; without the last line's end, as nobody says if it has one."""

    def __init__(self, tools: Toolbox, tree: str) -> None:
        self._tools = tools
        self._tree = tree
        self._texts: dict[str, str | None] = {}

    async def text(self, path: str) -> str | None:
        """All of a file; None when retrieval can't read it."""
        if path not in self._texts:
            self._texts[path] = await self._all_pages(path)
        return self._texts[path]

    async def source(self, path: str) -> Source | None:
        """The file as Python; None when it is none."""
        text = await self.text(path)
        if text is None or not path.endswith(".py"):
            return None
        try:
            return Source(path, text)
        except (SyntaxError, ValueError):
            return None

    async def _all_pages(self, path: str) -> str | None:
        pages: list[str] = []
        start = 1
        while True:
            outcome = await use(self._tools, "retrieval", "read", tree=self._tree, path=path, start=start, end=0)
            if not outcome.ok:
                return None
            pages.append(str(outcome.data["text"]))
            if int(outcome.data["end"]) >= int(outcome.data["total"]) or int(outcome.data["end"]) < start:
                break
            start = int(outcome.data["end"]) + 1
        return "\n".join(pages)
