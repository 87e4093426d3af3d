"""The code a model sees before it says what is wrong: what the evidence names, else what retrieval puts together.

Frames, the issue's own stack traces and the spectrum of covered lines mostly lead to a few functions; then those are
shown, whole. Where they don't, retrieval's `context` packs the likeliest functions and what surrounds them into the
room there is.
"""

from dataclasses import dataclass
from math import ceil

from loopcutter_host.chat.protocol import Chat
from loopcutter_host.dialogue import editing, material
from loopcutter_host.dialogue.budget import Part
from loopcutter_host.dialogue.code import Code
from loopcutter_host.dialogue.editing import Target
from loopcutter_host.locating import heat
from loopcutter_host.model import Briefing
from loopcutter_host.repair.spectrum import is_test
from loopcutter_host.toolbox import Toolbox

_SHOWN_PLACES = 5
_CONTEXT_SHARE = 1 / 3
"""Of a prompt, for the context of retrieval."""
_LEAST_CONTEXT = 300
"""Tokens below which a context shows next to nothing; the likeliest function says more then."""
_STEP = 100
_SAMPLED_PLACES, _SAMPLE = 3, 8_000
"""Places, and characters, of code by which it is seen how many tokens a character makes."""
_OWN_RESERVE = 7 / 8
"""Retrieval keeps a seventh in reserve, for it can't count; what it gives is counted here, so that is not needed."""
_HOT = 0.5
_FEW = 3
"""Functions that failing tests run and passing ones don't: so few name the culprit, more are a part of the code."""


@dataclass(frozen=True)
class Showing:
    """Chooses the code for the prompts of one question."""

    chat: Chat
    code: Code
    briefing: Briefing
    tools: Toolbox

    async def suspects(self) -> list[Part]:
        """The code to look at for a fault whose place is still to be found."""
        if not names_culprit(self.briefing) and (context := await self._context()) is not None:
            return [context]
        return await self.bodies()

    async def bodies(self) -> list[Part]:
        """The code of the most suspicious places, each whole or not at all; of the first, if it is long, an excerpt."""
        shown = []
        for rank, place in enumerate(self.briefing.places[:_SHOWN_PLACES]):
            body = await self.code.body(self.briefing, self.tools, place)
            if rank == 0:
                body = await editing.shown(self.chat, Target(place, body, ""), "function", self.briefing)
            shown.append(material.code(place, body, priority=1 + rank))
        return shown

    async def _context(self) -> Part | None:
        """What retrieval would show; None when there is no room for it, or nothing comes."""
        room = int((await self.chat.capacity()).prompt * _CONTEXT_SHARE)
        if room < _LEAST_CONTEXT:
            return None
        part = await self._context_of(room)
        return part if part.text.strip() else None

    async def _context_of(self, tokens: int) -> Part:
        if tokens < _LEAST_CONTEXT:
            return material.context("", ())
        # In steps: a few tokens more or less elsewhere in the prompt are no reason to show other code.
        budget = tokens // _STEP * _STEP
        found = await self.code.context(self.briefing, self.tools, budget, await self._tokens_per_character())
        left_out = tuple(str(name) for name in found.get("left_out") or ())
        return material.context(str(found.get("text") or ""), left_out, self._context_of)

    async def _tokens_per_character(self) -> float:
        """Of this code, as the model's server counts: with its tokenizer, or as its counts corrected the estimate.

        In steps of a hundredth, so that what is learnt from each answer does not change what is shown.
        """
        likeliest = self.briefing.places[:_SAMPLED_PLACES]
        bodies = [await self.code.body(self.briefing, self.tools, place) for place in likeliest]
        sample = "\n".join(bodies)[:_SAMPLE]
        return ceil(await self.chat.count(sample) / len(sample) * _OWN_RESERVE * 100) / 100 if sample.strip() else 0.0


def names_culprit(briefing: Briefing) -> bool:
    """Whether a stack leads into code that is no test, or the spectrum of covered lines to a few functions."""
    tests = {failure.test.partition("::")[0] for failure in briefing.failures}
    reached = {path for failure in briefing.failures for path, _, _ in failure.frames} - tests
    if any(not is_test(path) for path in reached):
        return True
    if any(line.startswith("  at ") for line in briefing.traces.splitlines()):
        return True
    if not briefing.failures:
        return False  # a spectrum without a failing test tells nothing
    heats = [heat(place, briefing.suspicion) for place in briefing.places]
    hottest = max(heats, default=0.0)
    return hottest >= _HOT and heats.count(hottest) <= _FEW
