"""Whether a good fix lands: said by a model in some form and dress, read by the host, made by the real vcs.

The code is shown and looked up by the real retrieval, so that a place is what retrieval says it is.
"""

import dataclasses
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loopcutter_host.chat.scripted import Script, Scripted
from loopcutter_host.connections import outcome
from loopcutter_host.dialogue import Dialogue
from loopcutter_host.dialogue.editing import EditFormat
from loopcutter_host.errors import ModelFailed
from loopcutter_host.model import Briefing, Failure, Place
from loopcutter_host.toolbox import use
from loopcutter_loopguard.events import Call, Outcome
from support.desk import Desk, desk
from support.repository import make_repository
from support.shapes import DRESSES, PATH, Shape, dressed, written
from support.shelf import Shelf

FORMS: tuple[EditFormat, ...] = ("function", "file", "blocks")
_FAILURE = Failure("tests/test_prices.py::test_it", "AssertionError", "assert 1 == 2")


@dataclass(frozen=True)
class Workplace:
    """The real vcs and the real retrieval, in memory."""

    desk: Desk
    shelf: Shelf

    async def call(self, call: Call) -> Outcome:
        if call.server == "retrieval":
            return self._retrieved(call)
        result = await self.desk.client.call_tool(call.tool, dict(call.arguments))
        words = "\n".join(getattr(part, "text", "") for part in result.content)
        return outcome(call, not result.is_error, words, dict(result.structured_content or {}))

    def _retrieved(self, call: Call) -> Outcome:
        library, arguments = self.shelf.library, dict(call.arguments)
        tree = arguments.pop("tree")
        try:
            if call.tool == "symbol":
                data: dict[str, Any] = {
                    "places": [dataclasses.asdict(one) for one in library.symbol(tree, **arguments)]
                }
            else:
                data = dataclasses.asdict(library.read(tree, **arguments))
        except Exception as error:
            return outcome(call, False, str(error), {})
        return outcome(call, True, "found", data)

    async def land(self, shape: Shape, form: EditFormat, dress: str) -> str:
        """What is wrong with the file after the edit; empty when it is as it shall be."""
        tree = self.shelf.tree({PATH: shape.file.encode()})
        opened = (await use(self, "vcs", "open")).data
        place = self._place(tree, shape)
        briefing = Briefing("It is wrong.", tree, tree, (_FAILURE,), (), places=(place,))
        script = {"window": 32_768, "edit": [dressed(written(shape, form), dress), "I have no other answer."]}
        try:
            proposal = await Dialogue(Scripted(Script.model_validate(script)), form).edit(briefing, self)
        except ModelFailed as failure:
            return str(failure)
        edits = [dict(edit) for edit in proposal.edits]
        made = await use(self, "vcs", "edit", workspace=opened["workspace"], edits=edits)
        if not made.ok:
            return made.text
        after = self.desk.content(made.data["checkpoint"]["tree"], PATH).decode()
        # Who writes a file anew ends its last line, and retrieval can't tell that it was not ended.
        wanted = shape.mended.rstrip("\n") + "\n" if form == "file" else shape.mended
        return "" if after == wanted else f"it reads\n{after}"

    def _place(self, tree: str, shape: Shape) -> Place:
        """The place that retrieval knows for the wrong line."""
        around = [
            one
            for one in self.shelf.library.symbol(tree, shape.symbol)
            if one.lines[0] <= shape.wrong_line <= one.lines[1]
        ]
        return Place(PATH, around[0].symbol, around[0].lines, 1.0, "")


async def failed_landings(folder: Path, shape: Shape, forms: Sequence[EditFormat] = FORMS) -> list[tuple[str, ...]]:
    """(shape, form, dress, what came of it) of every good answer that did not land."""
    found = []
    async with workplace(folder, shape) as place:
        for form, dress in itertools.product(forms, DRESSES):
            if came := await place.land(shape, form, dress):
                found.append((shape.name, form, dress, came))
    return found


@asynccontextmanager
async def workplace(folder: Path, shape: Shape) -> AsyncIterator[Workplace]:
    """A workplace over a repository that holds the file of a shape, byte for byte."""
    repository = folder / "repository"
    (repository / PATH).parent.mkdir(parents=True)
    (repository / PATH).write_bytes(shape.file.encode())
    make_repository(repository, {})
    shelf = Shelf(folder / "shelf")
    async with desk(repository, folder / "store") as opened:
        try:
            yield Workplace(opened, shelf)
        finally:
            shelf.library.close()
