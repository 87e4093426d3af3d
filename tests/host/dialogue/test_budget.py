"""Prompts fit, keep what must be there, and begin as the one before: whatever the size of what there is to say."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Library

from loopcutter_host.chat.errors import PromptTooLong
from loopcutter_host.chat.scripted import Script, Scripted
from loopcutter_host.chat.tokens import tokens
from loopcutter_host.dialogue import Dialogue, Exchange
from loopcutter_host.dialogue.budget import Assembled, Part, assemble
from loopcutter_host.model import Attempt, Briefing, Failure, Place, Plan

SMALL = Part("small", "one two three", 1)


async def count(text: str) -> int:
    return tokens(text)


def fit(*parts: Part, room: int) -> Assembled:
    return asyncio.run(assemble(parts, room, count))


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    def part(number: int) -> Part:
        return Part(
            title=f"part {number}",
            text=draw(st.text(alphabet="ab \n{}é漢🙂9", max_size=60)) * draw(st.integers(0, 200)),
            priority=draw(st.integers(0, 4)),
            data=draw(st.booleans()),
            keep=draw(st.integers(0, 4)) == 0,
            share=draw(st.sampled_from((0.1, 0.3, 1.0))),
            lasting=draw(st.booleans()),
        )

    return [part(number) for number in range(draw(st.integers(0, 7)))]


@settings(max_examples=60, deadline=None)
@given(parts(), st.integers(0, 4000))
def test_prompt_is_never_larger_than_its_room_and_says_what_it_lost(made: list[Part], room: int) -> None:
    try:
        prompt = fit(*made, room=room)
    except PromptTooLong:
        assert any(part.keep and not part.priority for part in made)
        return
    assert tokens(prompt.text) <= max(room, 1)
    lost = {line.split(": ")[0] for line in prompt.left_out}
    missing = {part.title for part in made if part.text.strip() and part.shown() not in prompt.text}
    assert missing <= lost


@settings(max_examples=60, deadline=None)
@given(parts(), st.integers(100, 4000), st.integers(0, 30))
def test_what_lasts_begins_the_prompt_and_stays_while_the_rest_grows_a_little(
    made: list[Part], room: int, more: int
) -> None:
    made = [replace(part, keep=False) for part in made]
    news = Part("news", "word " * 10, 0, share=0.3)
    grown = replace(news, text="word " * (10 + more))
    lasting = [part for part in made if part.lasting]
    first, second = fit(*lasting, news, room=room), fit(*lasting, grown, room=room)
    steps = [int(8 * tokens(part.shown()) / room) for part in (news, grown)]
    if steps[0] == steps[1]:
        assert first.text.partition('<data about="news">')[0] == second.text.partition('<data about="news">')[0]


def test_lasting_parts_stand_first_and_unimportant_ones_go_first() -> None:
    parts = [
        Part("new", "word " * 20, 0),
        Part("old", "word " * 20, 1, lasting=True),
        Part("nice", "word " * 200, 4, keep=True),
    ]
    prompt = fit(*parts, room=200)
    assert prompt.text.index("old") < prompt.text.index("new")
    assert prompt.left_out == ("nice: left out (1000 characters)",)


def test_no_part_takes_more_than_its_share() -> None:
    prompt = fit(Part("issue", "word " * 5000, 0, share=0.25), SMALL, room=1000)
    assert prompt.tokens <= 270
    assert prompt.left_out[0].startswith("issue: cut from 25000 to ")


CODE = "def total(self):\n    return sum(price for price, _ in self.lines)\n"
PLACE = Place("shop/cart.py", "total", (1, 2), 1.0, "frame of the failing test")
REPLIES = {
    "plan": ['{"hypothesis": "h", "targets": [{"path": "shop/cart.py", "symbol": "total"}]}'],
    "edit": [f"```python\n{CODE}```"],
    "reflect": ['{"lesson": "l", "next": "edit"}'],
}


@st.composite
def briefings(draw: st.DrawFn) -> Briefing:
    def text(longest: int) -> str:
        return draw(st.text(alphabet="aé漢 \n0}", min_size=1, max_size=40)) * draw(st.integers(0, longest // 20))

    failure = Failure(
        "tests/test_cart.py::test_total",
        "AssertionError",
        "assert 5 == 10 " + text(4000),
        frames=(("tests/test_cart.py", 4, "test_total"), ("shop/cart.py", 2, "total")),
    )
    tried = [
        Attempt(number + 1, "m", text(400), text(400), text(3000), "1 fails " + text(400), lesson=text(400))
        for number in range(draw(st.integers(0, 9)))
    ]
    return Briefing(
        issue="The total is wrong. " + text(60_000),
        tree="tree-1",
        base_tree="tree-1",
        failures=(failure, *[replace(failure, test=f"t::{n}") for n in range(draw(st.integers(0, 5)))]),
        passing=(),
        places=(PLACE, *[Place(f"a{n}.py", text(60), (1, 2), 0.1, text(100)) for n in range(draw(st.integers(0, 20)))]),
        plan=Plan(text(500), (PLACE,)),
        attempts=tuple(tried),
        directive=text(2000),
        rung=draw(st.sampled_from(("", "fresh-context"))),
    )


@settings(max_examples=25, deadline=None)
@given(briefings(), st.sampled_from((2048, 4096, 16_384)))
def test_every_prompt_fits_and_holds_the_failing_test_its_frames_and_the_culprit(
    briefing: Briefing, window: int
) -> None:
    heard = asked(briefing, window)
    for exchange in heard:
        assert exchange.estimate <= window * 3 // 4
        prompt = exchange.messages[1].text
        assert "tests/test_cart.py::test_total" in prompt
        if exchange.step == "edit":
            assert "at shop/cart.py:2 in total" in prompt
            assert "return sum(price for price, _ in self.lines)" in prompt


def asked(briefing: Briefing, window: int = 16_384) -> list[Exchange]:
    """What is said to a model in one round of plan, edit and reflect."""
    heard: list[Exchange] = []
    chat = Scripted(Script.model_validate({"window": window, **REPLIES}))
    dialogue = Dialogue(chat, listen=heard.append, lookups=0)
    tools = Library(
        {"shop/cart.py": CODE, "tests/test_cart.py": "def test_total():\n    c = 1\n    d = 2\n    assert c\n"}
    )

    async def work() -> None:
        await dialogue.plan(briefing, tools)
        await dialogue.edit(briefing, tools)
        await dialogue.reflect(briefing, tools)

    asyncio.run(work())
    return heard


def test_lookups_and_repairs_never_make_the_conversation_too_long() -> None:
    heard: list[Exchange] = []
    look = {"calls": [{"name": "read", "arguments": {"path": "long.py"}}]}
    answers = [look, look, look, "word " * 5000, "word " * 5000, REPLIES["plan"][0]]
    chat = Scripted(Script.model_validate({"window": 4096, "plan": answers}))
    tools = Library({"shop/cart.py": CODE, "long.py": "a = 1  # 漢字\n" * 5000})
    briefing = Briefing("The total is wrong. " * 500, "tree-1", "tree-1", (), (), places=(PLACE,))
    asyncio.run(Dialogue(chat, listen=heard.append).plan(briefing, tools))
    assert [exchange.flaw for exchange in heard] == [None, None, None, "no-json", "no-json", None]
    assert max(exchange.estimate for exchange in heard) <= 3072
    assert all("漢字" in exchange.messages[-1].text for exchange in heard[1:4]), "what was looked up was shown"


@pytest.mark.parametrize("step", ["plan", "edit", "reflect"])
def test_next_prompt_of_a_step_differs_only_behind_what_was_learnt(step: str) -> None:
    failure = Failure("tests/test_cart.py::test_total", "AssertionError", "assert 5 == 10", "tests/test_cart.py", 4)
    before = Briefing(
        "The total is wrong.", "tree-1", "tree-1", (failure,), (), places=(PLACE,), plan=Plan("h", (PLACE,))
    )
    after = replace(
        before,
        failures=(replace(failure, message="assert 6 == 10"),),
        attempts=(Attempt(1, "m", "h", "I add one.", "", "1 fails"),),
    )
    first, second = (
        next(exchange for exchange in asked(briefing) if exchange.step == step) for briefing in (before, after)
    )
    assert first.messages[0] == second.messages[0]
    shared = len(_common(first.messages[1].text, second.messages[1].text))
    new = min(second.messages[1].text.index(mark) for mark in ("assert 6 == 10", "already tried"))
    assert shared >= new - len('<data about="')
    assert "the failing test" in second.messages[1].text[:shared]


def _common(one: str, other: str) -> str:
    length = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[:length]
