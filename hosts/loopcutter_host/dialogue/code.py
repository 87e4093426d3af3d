"""The code as retrieval shows it: bodies of places, the test that fails, what a name stands for.

What was read once is remembered. Trees are named by their hash, so it can't have changed, and a host that reads the
same lines for every prompt would look to the guard like an agent that goes in circles.
"""

import json
from collections.abc import Mapping
from typing import Any

from loopcutter_host.locating import failures_told
from loopcutter_host.model import Briefing, Failure, Place
from loopcutter_host.toolbox import Toolbox, use

_WHOLE_FILE_LINES = 150
"""A file up to this length is shown whole; small models do better with it than with a part."""
_HEAD_LINES = 30
"""Of a longer file, where its imports are."""
_TEST_LINES_BEFORE = 15
_NAMED = "named by the model"
_MOST_NAMES = 30
_REWRITTEN_LINES = 120
"""A file up to this length may be written anew as a whole."""


class Code:
    """Reads the workspace through retrieval, always as it stands now."""

    def __init__(self) -> None:
        self._read: dict[str, Mapping[str, Any]] = {}

    async def text(self, briefing: Briefing, tools: Toolbox, path: str, start: int = 1, end: int = 0) -> str:
        """Lines of a file; empty when they can't be had."""
        return str((await self._ask(briefing, tools, "read", path=path, start=start, end=end)).get("text", ""))

    async def around(self, briefing: Briefing, tools: Toolbox, path: str) -> str:
        """The whole file if it is short, else its head."""
        shown = await self._ask(briefing, tools, "read", path=path, start=1, end=_WHOLE_FILE_LINES)
        lines = str(shown.get("text", "")).splitlines()
        whole = int(shown.get("total", 0)) <= _WHOLE_FILE_LINES
        return "\n".join(lines if whole else [*lines[:_HEAD_LINES], "…"])

    async def short(self, briefing: Briefing, tools: Toolbox, path: str) -> str:
        """The whole file, if it is short enough to be written anew; else nothing."""
        shown = await self._ask(briefing, tools, "read", path=path, start=1, end=_WHOLE_FILE_LINES)
        whole = 0 < int(shown.get("total", 0)) <= _REWRITTEN_LINES
        return str(shown.get("text", "")) if whole else ""

    async def body(self, briefing: Briefing, tools: Toolbox, place: Place) -> str:
        """The code of a place."""
        if place.symbol:
            found = await self._named(briefing, tools, place.symbol)
            here = [one for one in found if one.get("path") == place.path and one.get("source")]
            # A property and its setter have one name.
            here.sort(key=lambda one: abs(int(one["lines"][0]) - place.lines[0]))
            if here:
                return str(here[0]["source"])
        return await self.text(briefing, tools, place.path, *place.lines)

    async def context(
        self, briefing: Briefing, tools: Toolbox, budget_tokens: int, tokens_per_character: float
    ) -> Mapping[str, Any]:
        """What retrieval would have a model look at, within a budget; empty when it can't be had."""
        told = failures_told(briefing.failures)
        asked = {"issue": briefing.issue, "failures": told, "budget_tokens": budget_tokens}
        return await self._ask(briefing, tools, "context", **asked, tokens_per_character=tokens_per_character)

    async def names(self, briefing: Briefing, tools: Toolbox, path: str) -> tuple[str, ...]:
        """The functions and classes of a file, in their order."""
        near = await self._ask(briefing, tools, "neighbors", symbol=path, kinds=["contains"])
        return tuple(str(found["symbol"]) for found in near.get("contains") or () if found.get("path") == path)

    async def find(self, briefing: Briefing, tools: Toolbox, path: str, symbol: str) -> Place | None:
        """The place that a model means by a path and a name; None when there is no such thing."""
        for place in briefing.places:
            if _same(place.path, path, "/") and (not symbol or _same(place.symbol, symbol, ".")):
                return place
        for found in await self._named(briefing, tools, symbol) if symbol else ():
            if _same(str(found["path"]), path, "/") and _same(str(found["symbol"]), symbol, "."):
                first, last = found["lines"]
                return Place(found["path"], found["symbol"], (first, last), found.get("score", 0.0), _NAMED)
        return None if symbol else await self._file(briefing, tools, path)

    async def _file(self, briefing: Briefing, tools: Toolbox, path: str) -> Place | None:
        """A file as a place: of a long one that has functions, one of those has to be named."""
        known = next((each for each in briefing.paths if _same(each, path, "/")), "")
        shown = await self._ask(briefing, tools, "read", path=known, start=1, end=_WHOLE_FILE_LINES) if known else {}
        total = int(shown.get("total", 0))
        if not total or (total > _WHOLE_FILE_LINES and await self.names(briefing, tools, known)):
            return None
        return Place(known, "", (1, total), 0.0, _NAMED)

    async def choice(self, briefing: Briefing, tools: Toolbox, path: str) -> str:
        """What can be named in a file, in words; empty when nothing is known of it."""
        known = next((each for each in briefing.paths if _same(each, path, "/")), "")
        names = await self.names(briefing, tools, known) if known else ()
        return f"{known} has {', '.join(names[:_MOST_NAMES])}" if names else ""

    async def test(self, briefing: Briefing, tools: Toolbox, failure: Failure) -> str:
        """The lines of a test around the one where it failed."""
        path = failure.test.split("::", 1)[0]
        line = next(
            (line for frame, line, _ in failure.frames if frame == path), failure.line if failure.file == path else 0
        )
        if not line:
            return ""
        return await self.text(briefing, tools, path, max(1, line - _TEST_LINES_BEFORE), line + 1)

    async def _named(self, briefing: Briefing, tools: Toolbox, name: str) -> list[Mapping[str, Any]]:
        return list((await self._ask(briefing, tools, "symbol", name=name)).get("places", ()))

    async def _ask(self, briefing: Briefing, tools: Toolbox, tool: str, **arguments: Any) -> Mapping[str, Any]:
        """The answer for the tree as it is now; if retrieval doesn't know it, for the tree of the beginning."""
        for tree in dict.fromkeys((briefing.tree, briefing.base_tree)):
            key = json.dumps([tree, tool, arguments], sort_keys=True)
            if key not in self._read:
                outcome = await use(tools, "retrieval", tool, tree=tree, **arguments)
                self._read[key] = outcome.data if outcome.ok else {}
            if self._read[key]:
                return self._read[key]
        return {}


def _same(known: str, said: str, separator: str) -> bool:
    """Whether a model that said `total` or `shop.Cart.total` means `Cart.total`; likewise for paths."""
    shorter, longer = sorted((known, said), key=len)
    return shorter == longer or (bool(shorter) and longer.endswith(separator + shorter))
