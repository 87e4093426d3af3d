"""Models of five temperaments at the same bug: with the real vcs, the real guard, and the host's own loop.

The scripts are in `tests/support/temperaments`. No run ends by an answer that can't be read.
"""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from support import parking
from support.temperament import LADDER, SCRIPTS, TEMPERAMENTS, Way, run

from loopcutter_host.dialogue.editing import EditFormat
from loopcutter_host.table import End


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


SWAPPED: list[tuple[EditFormat, str]] = [
    ("function", parking.BLOCK),
    ("blocks", parking.FUNCTION),
    ("file", parking.FUNCTION),
    ("blocks", parking.DIFF),
    ("function", parking.DIFF),
]


@pytest.mark.parametrize(("form", "code"), SWAPPED)
def test_good_fix_in_another_form_than_was_asked_for_lands_all_the_same(
    tmp_path: Path, form: EditFormat, code: str
) -> None:
    script = yaml.safe_load((SCRIPTS / "good.yaml").read_text("utf-8"))
    ended = run(tmp_path, {**script, "edit": [f"I round up.\n```python\n{code}```"]}, edit_format=form)
    assert (ended.end, len(ended.case.attempts), ended.flaws) == (End.FIXED, 1, Counter())
    assert ended.files()["parking.py"] == parking.FILE
