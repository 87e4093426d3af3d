"""The code in the prompt of a plan: what the evidence names, else what retrieval puts together."""

from dataclasses import replace

import pytest
from support.cart import BRIEFING, CART, DISCOUNT, FAILURE, PLAN, TEST, TOTAL, ask_plan, asked, library
from support.library import Library
from support.ollama_server import OllamaServer, Reply

from loopcutter_host.dialogue import Dialogue, Exchange
from loopcutter_host.dialogue.showing import names_culprit
from loopcutter_host.model import Briefing, Place

CONTEXT = "code to look at, the most suspicious file first"
FILES = "files that may be at fault"
BODY = "code of Cart.total in shop/cart.py"
UNNAMED = replace(BRIEFING, paths=("shop/cart.py", "shop/long.py"))
FRAME = (*FAILURE.frames, ("shop/cart.py", 12, "total"))
BY_FRAME = replace(UNNAMED, failures=(replace(FAILURE, frames=FRAME),))
BY_TRACE = replace(UNNAMED, traces="  at shop/cart.py:12 in total\nKeyError: 1")
BY_LINES = replace(UNNAMED, suspicion={"shop/cart.py": {12: 1.0, 16: 0.4}})
MANY = tuple(Place("shop/cart.py", f"f{line}", (line, line), 0.5, "") for line in range(20, 30))
BY_TOO_MANY_LINES = replace(
    UNNAMED, places=(*BRIEFING.places, *MANY), suspicion={"shop/cart.py": dict.fromkeys(range(1, 30), 1.0)}
)
LONG = "".join(f"def other_{number}(x):\n    return x + {number}\n\n\n" for number in range(300))


def shop() -> Library:
    return Library({"shop/cart.py": CART, "tests/test_cart.py": TEST, "shop/long.py": LONG})


def parts_of(briefing: Briefing, tools: Library | None = None) -> list[str]:
    server = OllamaServer([PLAN])
    ask_plan(server, briefing, tools or shop())
    return [part for part in (CONTEXT, FILES, BODY) if part in server.prompts[0]]


@pytest.mark.parametrize("briefing", [BY_FRAME, BY_TRACE, BY_LINES])
def test_what_the_evidence_names_is_shown_and_retrieval_is_not_asked_for_more(briefing: Briefing) -> None:
    tools = shop()
    assert names_culprit(briefing)
    assert parts_of(briefing, tools) == [BODY]
    assert "context" not in {call.tool for call in tools.calls}


def test_of_a_culprit_too_long_to_be_shown_the_lines_that_failed_are_shown() -> None:
    reasons = "".join(f"        # reason {number}\n" for number in range(900))
    long = CART.replace("        return sum(", f"{reasons}        return sum(")
    frames = (*FAILURE.frames, ("shop/cart.py", 912, "total"))
    places = (replace(TOTAL, lines=(11, 912)), DISCOUNT)
    server = OllamaServer([PLAN])
    tools = Library({"shop/cart.py": long, "tests/test_cart.py": TEST})
    ask_plan(server, replace(UNNAMED, places=places, failures=(replace(FAILURE, frames=frames),)), tools, num_ctx=4096)
    assert "return sum(price for price, _ in self.lines)" in server.prompts[0]
    assert "# reason 300\n" not in server.prompts[0]


@pytest.mark.parametrize("briefing", [UNNAMED, BY_TOO_MANY_LINES])
def test_context_and_the_files_to_choose_among_are_shown_where_nothing_names_the_culprit(briefing: Briefing) -> None:
    assert not names_culprit(briefing)
    assert parts_of(briefing) == [CONTEXT, FILES]


class Older(Library):
    """Retrieval that can assemble no context."""

    def _context(self, **_: object) -> dict[str, object]:
        return {}


def test_without_a_context_the_likeliest_places_are_shown() -> None:
    assert parts_of(UNNAMED, Older(shop().files)) == [FILES, BODY]


def test_context_fits_is_the_same_again_and_says_what_it_left_out() -> None:
    heard: list[Exchange] = []
    tools = shop()

    async def twice(dialogue: Dialogue) -> None:
        await dialogue.plan(UNNAMED, tools)
        await dialogue.plan(replace(UNNAMED, issue=UNNAMED.issue), tools)

    asked(OllamaServer([PLAN]), twice, listen=heard.append)
    first, second = (exchange.messages[1].text for exchange in heard)
    assert first == second
    assert any("functions had no room, first shop/long.py::other_" in line for line in heard[0].left_out)
    calls = [repr(call) for call in tools.calls if call.tool == "context"]
    assert len(calls) == len(set(calls)) <= 3, "asked anew only for less room"
    assert heard[0].estimate <= 8192 - 1024


@pytest.mark.parametrize("window", [2048, 3072, 4096, 16_384])
def test_context_makes_way_for_what_matters_more(window: int) -> None:
    heard: list[Exchange] = []
    long = replace(UNNAMED, issue="The total is wrong. " * 3000)
    ask_plan(OllamaServer([PLAN]), long, shop(), num_ctx=window, listen=heard.append)
    assert heard[0].estimate <= window - min(1024, window // 2)
    assert "assert 5 == 10" in heard[0].messages[1].text


def test_context_is_scaled_by_what_the_models_server_counts() -> None:
    def rate(reply: Reply) -> float:
        tools = shop()

        async def read_then_plan(dialogue: Dialogue) -> None:
            await dialogue.read_test(UNNAMED, tools)
            await dialogue.plan(UNNAMED, tools)

        reading = Reply(
            '{"expected": "10", "actual": "5", "line": "", "hypothesis": "h"}', prompt_tokens=reply.prompt_tokens
        )
        asked(OllamaServer({"test": [reading], "plan": [PLAN]}), read_then_plan)
        return next(call.arguments["tokens_per_character"] for call in tools.calls if call.tool == "context")

    usual, dense = rate(Reply(prompt_tokens=100)), rate(Reply(prompt_tokens=1200))
    assert 0.2 < usual < 0.4
    assert dense > usual * 1.3


def test_short_file_of_the_list_can_be_named_as_a_whole() -> None:
    server = OllamaServer([PLAN.replace("Cart.total", "")])
    briefing = replace(UNNAMED, places=(DISCOUNT,), paths=("shop/cart.py",))
    assert ask_plan(server, briefing, library()).targets == (DISCOUNT,), "the place that is known in it"
    elsewhere = replace(briefing, places=(replace(DISCOUNT, path="shop/tax.py"),))
    [target] = ask_plan(OllamaServer([PLAN.replace("Cart.total", "")]), elsewhere, library()).targets
    assert (target.path, target.symbol, target.lines) == ("shop/cart.py", "", (1, 16))


def test_of_a_long_file_its_functions_are_told_to_choose_among() -> None:
    server = OllamaServer([PLAN.replace("shop/cart.py", "shop/long.py").replace("Cart.total", ""), PLAN])
    assert ask_plan(server, UNNAMED, shop()).targets == (TOTAL,)
    assert "Choose among: shop/long.py has other_0, other_1, other_2," in server.prompts[1]
