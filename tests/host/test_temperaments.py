"""Models of five temperaments at the same bug: with the real vcs, the real guard, and the host's own loop.

The scripts are in `tests/support/temperaments`. No run ends by an answer that can't be read.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import parking
from support.bench import Bench, bench

from loopcutter_host.agent import work
from loopcutter_host.case import Case, Checkpoint
from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.scripted import Scripted
from loopcutter_host.config import Limits
from loopcutter_host.dialogue import Dialogue, Exchange
from loopcutter_host.dialogue.editing import EditFormat, Target, reading
from loopcutter_host.guard import GuardedToolbox
from loopcutter_host.model import Briefing, Failure, Place
from loopcutter_host.runlog import RunLog
from loopcutter_host.table import End
from loopcutter_host.toolbox import use

SCRIPTS = Path(__file__).parents[1] / "support" / "temperaments"
TEMPERAMENTS = ("good", "sloppy", "stubborn", "wandering", "hostile")


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


def run(folder: Path, temperament: str, *, window: int = 32_768, attempts: int = 8) -> Ended:
    script = (SCRIPTS / f"{temperament}.yaml").read_text("utf-8")
    (folder / f"{temperament}.yaml").write_text(f"window: {window}\n{script}", "utf-8")

    async def play() -> Ended:
        heard: list[Exchange] = []
        model = Dialogue(Scripted.load(folder / f"{temperament}.yaml"), listen=heard.append)
        async with bench(folder, parking.FILES) as servers:
            log = RunLog(folder / "runs.sqlite", "r1")
            tools = GuardedToolbox(servers, await servers.guard(("fresh-context", "next-place")), log)
            opened = (await use(tools, "vcs", "open")).data
            here = Checkpoint(opened["base"]["id"], opened["base"]["tree"])
            case = Case(
                issue=parking.ISSUE,
                test_command="",
                workspace=opened["workspace"],
                base=here,
                here=here,
                model=model,
                fallback=None,
                tools=tools,
                log=log,
                limits=Limits(attempts=attempts),
            )
            return Ended(await work(case), case, heard, servers)

    return asyncio.run(play())


def test_good_model_needs_one_attempt(tmp_path: Path) -> None:
    ended = run(tmp_path, "good")
    assert (ended.end, len(ended.case.attempts), ended.flaws) == (End.FIXED, 1, Counter())


def test_sloppy_model_is_understood_in_the_end_and_its_flaws_are_counted(tmp_path: Path) -> None:
    ended = run(tmp_path, "sloppy")
    assert ended.end is End.FIXED
    assert ended.flaws == {"empty": 1, "no-json": 1, "no-code": 1, "not-python": 1}
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
