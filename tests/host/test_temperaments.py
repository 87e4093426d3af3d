"""Models of five temperaments at the same bug: with the real vcs, the real guard, and the host's own loop.

The scripts are in `tests/support/temperaments`. No run ends by an answer that can't be read.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
import yaml
from support import parking
from support.bench import Bench, bench
from support.case import open_case
from support.ollama_server import OllamaServer, Reply

from loopcutter_host.agent import work
from loopcutter_host.case import Case
from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.ollama import Ollama, OllamaSettings
from loopcutter_host.chat.openai import OpenAI, OpenAISettings
from loopcutter_host.chat.protocol import Chat
from loopcutter_host.chat.scripted import Script, Scripted, Turn
from loopcutter_host.chat.wire import Waits
from loopcutter_host.config import Limits
from loopcutter_host.dialogue import Dialogue, Exchange
from loopcutter_host.dialogue.editing import EditFormat, Target, reading
from loopcutter_host.model import Briefing, Failure, Place
from loopcutter_host.table import End
from loopcutter_host.toolbox import use

SCRIPTS = Path(__file__).parents[1] / "support" / "temperaments"
LADDER = ("fresh-context", "next-place", "reproduce-first", "other-granularity")
TEMPERAMENTS = ("good", "sloppy", "stubborn", "wandering", "hostile")
Way = Literal["script", "ollama", "engine"]


@dataclass
class Ended:
    """How a run went."""

    end: End
    case: Case
    heard: list[Exchange]
    bench: Bench

    @property
    def flaws(self) -> Counter[str]:
        return Counter(exchange.flaw for exchange in self.heard if exchange.flaw)

    def files(self) -> dict[str, str]:
        return self.bench.files(self.case.here.tree)


@asynccontextmanager
async def speaking(folder: Path, temperament: str, way: Way, window: int) -> AsyncIterator[Chat]:
    """A model of that temperament: from its script in this process, behind Ollama's protocol, or in a real engine."""
    script = yaml.safe_load((SCRIPTS / f"{temperament}.yaml").read_text("utf-8"))
    turns = {step: [Turn.model_validate(turn) for turn in script[step]] for step in script}
    if way == "script":
        yield Scripted(Script.model_validate({"name": temperament, "window": window, **script}))
    elif way == "ollama":
        replies = {
            step: [Reply(turn.text, turn.thinking, [call.model_dump() for call in turn.calls]) for turn in said]
            for step, said in turns.items()
        }
        settings = {"num_ctx": window, "num_predict": window // 4, "waits": Waits(connect_s=10, retries=0)}
        with OllamaServer(replies) as server:
            async with aclosing(Ollama("coder", OllamaSettings(url=server.url, **settings))) as chat:
                yield chat
    else:
        for module in ("xllamacpp", "gguf"):
            pytest.importorskip(module, reason="no llama.cpp engine here: pip install xllamacpp gguf numpy")
        from support import tiny_gguf
        from support.llama_engine import LlamaEngine

        path = folder / f"{temperament}.gguf"
        tiny_gguf.scripted(path, {f"step: {step}": [turn.text or "…" for turn in turns[step]] for step in turns})
        with LlamaEngine(path, window=window) as engine:
            async with aclosing(OpenAI("default", OpenAISettings(url=engine.url, num_ctx=window))) as chat:
                yield chat


def run(
    folder: Path,
    temperament: str,
    *,
    way: Way = "script",
    window: int = 32_768,
    attempts: int = 8,
    files: Mapping[str, str] = parking.FILES,
    issue: str = parking.ISSUE,
    edit_format: EditFormat | None = None,
) -> Ended:
    async def play() -> Ended:
        heard: list[Exchange] = []
        async with bench(folder, files) as servers, speaking(folder, temperament, way, window) as chat:
            case = await open_case(
                servers,
                Dialogue(chat, edit_format, listen=heard.append),
                folder,
                guard=await servers.guard(LADDER),
                issue=issue,
                limits=Limits(attempts=attempts),
                wanted=LADDER,
            )
            return Ended(await work(case), case, heard, servers)

    return asyncio.run(play())


def test_good_model_needs_one_attempt(tmp_path: Path) -> None:
    ended = run(tmp_path, "good")
    assert (ended.end, len(ended.case.attempts), ended.flaws) == (End.FIXED, 1, Counter())


def test_sloppy_model_is_understood_in_the_end_and_its_flaws_are_counted(tmp_path: Path) -> None:
    ended = run(tmp_path, "sloppy")
    assert ended.end is End.FIXED
    assert ended.flaws == {"empty": 1, "no-json": 2, "no-code": 1, "not-python": 1}
    assert parking.NEW.strip() in ended.files()["parking.py"]


def test_stubborn_model_is_cut_at_the_third_attempt_and_gets_another_prompt(tmp_path: Path) -> None:
    ended = run(tmp_path, "stubborn")
    results = [attempt.result for attempt in ended.case.attempts]
    assert [result.startswith("vetoed") for result in results[:3]] == [False, False, True]
    until_rollback = ended.bench.calls[: ended.bench.calls.index("vcs.rollback")]
    assert until_rollback.count("vcs.edit") == 2, "the third never touched the workspace"
    edits = [exchange for exchange in ended.heard if exchange.step == "edit"]
    before, after = edits[2].messages[1].text, edits[3].messages[1].text
    assert ("different approach is required" in before, "different approach is required" in after) == (False, True)
    assert ("the last attempt as a diff" in before, "the last attempt as a diff" in after) == (True, False)


def test_wandering_model_ends_in_an_honest_report(tmp_path: Path) -> None:
    ended = run(tmp_path, "wandering")
    assert ended.end in (End.GAVE_UP, End.STOPPED)
    assert ended.flaws["unknown-place"] >= 1
    assert ended.case.ended_because


def test_hostile_model_changes_no_test_and_nothing_outside(tmp_path: Path) -> None:
    ended = run(tmp_path, "hostile")
    assert ended.end in (End.GAVE_UP, End.STOPPED)
    assert ended.files()["tests/test_parking.py"] == parking.TESTS
    assert not list(tmp_path.rglob("outside.py"))
    assert {"edits-tests", "tool", "no-json"} <= set(ended.flaws)
    told = [exchange.messages[1].text for exchange in ended.heard]
    assert not any("\x1b" in text or "\x00" in text or "\u202e" in text for text in told)
    assert all(text.count("<data about=") == text.count("</data>") for text in told)


@pytest.mark.parametrize("temperament", TEMPERAMENTS)
def test_window_of_2048_is_enough_to_come_to_an_end(tmp_path: Path, temperament: str) -> None:
    ended = run(tmp_path, temperament, window=2048, attempts=3)
    assert (ended.end is End.FIXED) == (temperament in ("good", "sloppy"))
    assert all(exchange.estimate <= 1536 for exchange in ended.heard)


@pytest.mark.parametrize(
    ("temperament", "way"),
    [
        *((temperament, "ollama") for temperament in TEMPERAMENTS),
        ("good", "engine"),
        # An engine that has to keep to a grammar takes its time, also with a tiny model.
        *(pytest.param(temperament, "engine", marks=pytest.mark.long) for temperament in TEMPERAMENTS[1:]),
    ],
)
def test_every_temperament_comes_to_an_end_over_a_real_wire(tmp_path: Path, temperament: str, way: Way) -> None:
    ended = run(tmp_path, temperament, way=way, window=8192, attempts=5)
    # An engine's script begins anew with every question, so the sloppy one never comes to its good answer there.
    assert (ended.end is End.FIXED) == (temperament == "good" or (temperament, way) == ("sloppy", "ollama"))
    assert ended.files()["tests/test_parking.py"] == parking.TESTS
    assert max(exchange.estimate for exchange in ended.heard) <= 8192 - 2048
    counted = [exchange.answer.prompt_tokens for exchange in ended.heard]
    assert 0 < max(counted) <= 8192 - 2048


@pytest.mark.parametrize("form", ["function", "file", "blocks"])
def test_stubborn_model_is_cut_at_the_third_attempt_whatever_the_form(tmp_path: Path, form: EditFormat) -> None:
    ended = run(tmp_path, "stubborn", edit_format=form)
    results = [attempt.result for attempt in ended.case.attempts]
    assert [result.startswith("vetoed") for result in results[:3]] == [False, False, True]
    edits = [exchange.messages[1].text for exchange in ended.heard if exchange.step == "edit"]
    assert len(set(edits[2:4])) == 2
    assert ("different approach is required" in edits[2], "different approach is required" in edits[3]) == (False, True)


def test_stubborn_model_climbs_every_rung_and_no_test_run_is_spent_on_what_is_no_different(tmp_path: Path) -> None:
    ended = run(tmp_path, "stubborn", attempts=30)
    assert ended.case.climbed == list(LADDER)
    assert ended.end in (End.GAVE_UP, End.STOPPED)
    later = [attempt.result for attempt in ended.case.attempts[2:]]
    assert all(result.startswith(("vetoed", "refused", "no usable answer")) for result in later), later
    assert "refused: the edit is the same as attempt 1, but for its dress" in later
    told = [exchange.messages[1].text for exchange in ended.heard if exchange.step == "edit"]
    assert "Your last answer was refused: the edit is the same as attempt 1" in told[-1]


UNTESTED = {**parking.FILES, "tests/test_parking.py": parking.TESTS.replace("price(61) == 400", "price(61) > 0")}


@pytest.mark.parametrize("temperament", ["good", "sloppy"])
def test_bug_that_no_test_shows_is_reproduced_before_it_is_fixed(tmp_path: Path, temperament: str) -> None:
    ended = run(tmp_path, temperament, files=UNTESTED)
    assert ended.end is End.FIXED
    assert ended.case.reproduction is not None
    assert ended.case.reproduction.path == "tests/test_loopcutter_reproduction.py"
    assert ended.case.targets == ended.case.reproduction.tests
    assert parking.NEW.strip() in ended.files()["parking.py"]


@pytest.mark.parametrize("temperament", ["stubborn", "wandering", "hostile"])
def test_test_that_does_not_fail_for_its_reason_is_not_believed(tmp_path: Path, temperament: str) -> None:
    ended = run(tmp_path, temperament, files=UNTESTED)
    assert ended.end is End.NOT_REPRODUCED
    assert "no test could be made that shows it" in ended.case.ended_because
    assert ended.files() == UNTESTED
    asked = [exchange.messages[1].text for exchange in ended.heard if exchange.step == "reproduce"]
    assert (len(asked), "none of them shows the bug" in asked[1]) == (3, True)


WRAPPED = {
    "plain": "I round up.\n```python\n{code}```\n",
    "no language": "```\n{code}```",
    "tildes": "Here:\n~~~py\n{code}~~~\nDone.",
    "never closed": "```python\n{code}",
    "thinking": "<think>```python\nx = 1\n```</think>\n```python\n{code}```",
    "carriage returns": "```python\r\n{code}```",
    "draft first": "Draft:\n```python\ndef hours(minutes):\n    return 0\n```\nFinal:\n```python\n{code}```",
}
FORMS: dict[EditFormat, str] = {"function": parking.FUNCTION, "file": parking.FILE, "blocks": parking.BLOCK}
FITTING = [
    (form, code, wrapping)
    for form, code in FORMS.items()
    for wrapping in WRAPPED
    if not (form == "blocks" and wrapping == "draft first")
]
SWAPPED = [("function", parking.BLOCK, "plain"), ("blocks", parking.FUNCTION, "plain"),
           ("file", parking.FUNCTION, "plain"), ("blocks", parking.DIFF, "plain"),
           ("function", parking.DIFF, "plain")]  # fmt: skip


def test_every_good_fix_lands_in_every_form_and_wrapping(tmp_path: Path) -> None:
    place = Place("parking.py", "hours", (8, 10), 1.0, "")
    body = parking.FUNCTION.replace(parking.NEW, parking.OLD)
    target = Target(place, body, parking.PARKING)
    failure = Failure("tests/test_parking.py::test_hour_begun_counts", "AssertionError", "got 200")
    briefing = Briefing(parking.ISSUE, "t", "t", (failure,), (), places=(place,))

    async def land() -> list[tuple[str, str, str]]:
        failed = []
        async with bench(tmp_path, parking.FILES) as servers:
            opened = (await use(servers, "vcs", "open")).data
            workspace, base = opened["workspace"], opened["base"]["id"]
            for form, code, wrapping in [*FITTING, *SWAPPED]:
                text = WRAPPED[wrapping].format(code=code)
                if wrapping == "carriage returns":
                    text = text.replace("\r\n", "\n").replace("\n", "\r\n")
                proposal = await reading(form, target, briefing)(Answer(text))
                made = await use(servers, "vcs", "edit", workspace=workspace, edits=[dict(e) for e in proposal.edits])
                after = servers.files(made.data["checkpoint"]["tree"])["parking.py"] if made.ok else made.text
                if after != parking.FILE:
                    failed.append((form, wrapping, after))
                await use(servers, "vcs", "rollback", workspace=workspace, checkpoint=base)
        return failed

    assert asyncio.run(land()) == []
