"""How a change is asked for: which form the answer is to have, and what is shown of the code.

Small models write a whole function best, larger ones search/replace blocks; a short file may be written anew. When one
form keeps failing, or is too long for an answer, another is taken.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.errors import Unusable
from loopcutter_host.chat.extraction import prose, without_thoughts
from loopcutter_host.chat.protocol import Capacity, Chat
from loopcutter_host.dialogue import edits
from loopcutter_host.dialogue.blocks import blocks, has_blocks
from loopcutter_host.dialogue.budget import shortened
from loopcutter_host.model import Briefing, Edit, Place, Proposal

EditFormat = Literal["function", "file", "blocks"]

_SMALL = 15
"""Billions of parameters below which a model is better with whole functions than with blocks; one called 14b has 14.8.

A model of unknown size is taken for a small one: large ones write whole functions too, small ones no blocks.
"""
_SHOWN_SHARE = 0.22
"""Of a prompt, for the code that is to be changed; of a longer one an excerpt is shown."""
_WRITTEN_SHARE = 0.8
"""Of an answer, for that code written anew."""
_KINDS: dict[EditFormat, str] = {"function": "symbol", "file": "file", "blocks": "replace"}
"""The kind of edit that comes of each form."""
_OTHERS: dict[EditFormat, tuple[EditFormat, ...]] = {
    "function": ("file", "blocks"),
    "file": ("function", "blocks"),
    "blocks": ("function", "file"),
}


@dataclass(frozen=True)
class Target:
    """What is to be changed, with its code as it is now."""

    place: Place
    body: str
    """The code of the place."""
    file: str
    """The whole file if it is short, else nothing."""

    def named(self, form: EditFormat) -> str:
        """As it is called in the prompt."""
        if form == "file" or not self.place.symbol:
            return f"the file `{self.place.path}`"
        return f"`{self.place.symbol}` in `{self.place.path}`"


async def forms(chat: Chat, target: Target, briefing: Briefing, preferred: EditFormat | None) -> list[EditFormat]:
    """The forms in which this change can be asked for, the one to take first."""
    capacity = await chat.capacity()
    best = preferred or ("blocks" if capacity.billions >= _SMALL else "function")
    possible = {"blocks"}
    if target.place.symbol and target.place.path.endswith(".py") and await _fits(chat, capacity, target.body):
        possible.add("function")
    if target.file and await _fits(chat, capacity, target.file):
        possible.add("file")
    order = [form for form in (best, *_OTHERS[best]) if form in possible]
    refused = [attempt.result.startswith("refused") for attempt in briefing.attempts if attempt.model == chat.name]
    if briefing.rung == "other-granularity":
        last = next((attempt.kinds for attempt in reversed(briefing.attempts) if attempt.kinds), ())
        order.sort(key=lambda form: _KINDS[form] in last)
    elif refused[-2:] == [True, True]:
        order = [*order[1:], order[0]]
    return order


async def _fits(chat: Chat, capacity: Capacity, code: str) -> bool:
    """Whether the code can be shown whole and written anew in one answer."""
    return await chat.count(code) <= min(capacity.prompt * _SHOWN_SHARE, capacity.reply * _WRITTEN_SHARE)


async def shown(chat: Chat, target: Target, form: EditFormat, briefing: Briefing) -> str:
    """The code that is to be changed, or the lines of it around the one where a test failed."""
    code = target.file if form == "file" else target.body
    capacity = await chat.capacity()
    lines = code.splitlines()
    first = target.place.lines[0]
    reached = [
        line - first
        for failure in briefing.failures
        for path, line, _ in failure.frames
        if path == target.place.path and first <= line < first + len(lines)
    ]
    middle = reached[-1] if reached else 0
    count = len(lines)
    while count > 1 and await chat.count(code) > capacity.prompt * _SHOWN_SHARE:
        count = count * 3 // 4
        start = min(max(0, middle - count // 2), len(lines) - count)
        before, behind = [lines[0], "…"] if start else [], ["…"] if start + count < len(lines) else []
        code = "\n".join([*before, *lines[start : start + count], *behind])
    return code


def reading(form: EditFormat, target: Target, briefing: Briefing) -> Callable[[Answer], Awaitable[Proposal]]:
    """How the answer is read. A change in another form than was asked for is a change all the same."""

    async def read(answer: Answer) -> Proposal:
        try:
            made = _read(form, answer, target)
        except Unusable:
            other = _other_form(form, answer, target)
            if other is None:
                raise
            made = other
        _refuse_tests(made, briefing)
        hypothesis = briefing.plan.hypothesis if briefing.plan else ""
        return Proposal(made, shortened(prose(without_thoughts(answer.text)) or hypothesis, 300))

    return read


def _read(form: EditFormat, answer: Answer, target: Target) -> tuple[Edit, ...]:
    match form:
        case "function":
            return edits.whole_function(answer, target.place, target.body, target.file)
        case "file":
            return edits.whole_file(answer, target.place, target.file)
        case "blocks":
            return blocks(answer, target.place, target.body)


def _other_form(form: EditFormat, answer: Answer, target: Target) -> tuple[Edit, ...] | None:
    other: EditFormat = "function" if form == "blocks" else "blocks"
    fitting = has_blocks(answer) if other == "blocks" else bool(target.place.symbol)
    if not fitting or not target.place.path.endswith(".py"):
        return None
    try:
        return _read(other, answer, target)
    except Unusable:
        return None


def _refuse_tests(made: tuple[Edit, ...], briefing: Briefing) -> None:
    """A model that can't make a test pass likes to change the test."""
    tests = {failure.test.split("::", 1)[0] for failure in briefing.failures if not briefing.tests_may_change}
    if changed := next((edit["path"] for edit in made if edit["path"] in tests), None):
        problem = f"{changed} holds the tests, which are right; change the code that they test"
        raise Unusable(problem, "edits-tests")
