"""Before a language model is asked, somebody quicker may make one attempt; the run goes on with the model after it."""

import asyncio
from pathlib import Path

import pytest
from support.case import ListedModel, open_case
from support.workshop import Workshop

from loopcutter_host.agent import work
from loopcutter_host.case import Case
from loopcutter_host.config import Limits
from loopcutter_host.table import DRY_RUN, TABLE, End, Table

CONDITIONS = {"test_is_42": lambda x: x == 42, "test_is_a_number": lambda x: isinstance(x, int)}
RIGHT, WRONG, IMPOSSIBLE, NOTHING = [("41", "42")], [("41", "40")], [("no such line", "")], []  # type: ignore[var-annotated]


def run(
    folder: Path, quick: list[tuple[str, str]], slow: list[tuple[str, str]], *, table: Table = TABLE, attempts: int = 4
) -> tuple[End, Case, list[str]]:
    """How a run ended whose first attempt is the quick one's; the case; and what the slow one was told of it."""
    thinker = ListedModel(slow, name="thinker")

    async def play() -> tuple[End, Case, list[str]]:
        case = await open_case(
            Workshop("def answer():\n    return 41\n", CONDITIONS),
            thinker,
            folder,
            prepass=ListedModel(quick, name="quick"),
            limits=Limits(attempts=attempts),
        )
        return await work(case, table=table), case, [a.result for told in thinker.briefings for a in told.attempts]

    return asyncio.run(play())


def test_what_it_finds_is_tested_and_the_model_is_never_asked(tmp_path: Path) -> None:
    end, case, told = run(tmp_path, RIGHT, NOTHING)
    assert (end, [attempt.model for attempt in case.attempts], told) == (End.FIXED, ["quick"], [])


def test_when_it_finds_nothing_no_attempt_was_made(tmp_path: Path) -> None:
    end, case, _ = run(tmp_path, NOTHING, RIGHT, attempts=1)
    assert (end, [attempt.model for attempt in case.attempts]) == (End.FIXED, ["thinker"])


@pytest.mark.parametrize(
    ("quick", "result"), [(WRONG, "1 pass, 1 fails: AssertionError: answer() is 40"), (IMPOSSIBLE, "refused: ")]
)
def test_what_did_not_hold_is_told_to_the_model(tmp_path: Path, quick: list[tuple[str, str]], result: str) -> None:
    end, case, told = run(tmp_path, quick, [("return", "return 42 or")])
    assert (end, [attempt.model for attempt in case.attempts]) == (End.FIXED, ["quick", "thinker"])
    assert [each.startswith(result) for each in told] == [True]


def test_a_dry_run_shows_what_it_found(tmp_path: Path) -> None:
    end, case, _ = run(tmp_path, RIGHT, NOTHING, table=DRY_RUN)
    assert (end, "+    return 42" in case.diff, case.attempts) == (End.PLANNED, True, [])
