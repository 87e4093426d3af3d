"""A candidate that weighs others: these are tried in the order that it tells, and what weighs nothing is not tried."""

import base64
import zlib
from typing import Any

import pytest
from support.shop import FILES, TOTAL, attempt, edit, statuses, total
from support.testbed import Testbed

pytestmark = pytest.mark.anyio


def telling(weights: list[int], *names: str) -> dict[str, Any]:
    """One that tells of those with these names; 128 is as it was, 136 twice as much, 0 nothing."""
    packed = base64.b85encode(zlib.compress(bytes(weights))).decode()
    words = f"raise ValueError({f'weights {len(weights)} {packed} .'!r})"
    return {**total("look", words), "weighs": list(names), "tests": TOTAL}


def wrong(number: int) -> dict[str, Any]:
    return total(f"wrong{number}", f"result -= price + {number}")


async def test_the_others_come_in_the_order_that_is_told(bed: Testbed) -> None:
    names = [f"wrong{number}" for number in range(6)]
    look = telling([120, 128, 136, 144, 128, 160], *names)
    trial = await attempt(bed, TOTAL, look, *map(wrong, range(6)))
    assert list(statuses(trial)) == ["look", "wrong5", "wrong3", "wrong2", "wrong1", "wrong4", "wrong0"]
    assert list(trial["weights"].values()) == [0.5, 1, 2, 4, 1, 16]


async def test_what_is_told_counts_beside_what_they_weighed(best: Testbed) -> None:
    heavy = {**wrong(0), "weight": 10.0}
    trial = await attempt(best, TOTAL, telling([128, 144], "wrong0", "wrong1"), wrong(1), heavy)
    assert list(statuses(trial)) == ["look", "wrong0", "wrong1"]


async def test_what_weighs_nothing_is_not_tried(best: Testbed) -> None:
    trial = await attempt(best, TOTAL, telling([0, 128], "fix", "wrong1"), total("fix", "result += price"), wrong(1))
    assert statuses(trial) == {"look": "failed", "wrong1": "failed"}
    assert (trial["weights"], trial["passing"]) == ({"fix": 0.0, "wrong1": 1.0}, [])


async def test_what_comes_before_the_look_is_tried_before_it(best: Testbed) -> None:
    look = telling([0], "wrong1")
    trial = await attempt(best, TOTAL, total("fix", "result += price"), look, wrong(1), stop_after=1)
    assert statuses(trial)["fix"] == "passed"


@pytest.mark.parametrize("words", ["weights 2 nonsense .", "weights 99999999999 x .", "weights 0 x .", "no weights"])
async def test_what_can_not_be_read_changes_no_order(words: str, best: Testbed) -> None:
    look = {**total("look", f"raise ValueError({words!r})"), "weighs": ["wrong1", "wrong0"], "tests": TOTAL}
    trial = await attempt(best, TOTAL, look, wrong(1), wrong(0))
    assert (list(statuses(trial)), trial["weights"]) == (["look", "wrong1", "wrong0"], {})


async def test_more_than_was_asked_for_is_not_believed(best: Testbed) -> None:
    bomb = base64.b85encode(zlib.compress(bytes(10_000_000))).decode()[:600]
    words = f"raise ValueError({f'weights 2 {bomb} .'!r})"
    look = {**total("look", words), "weighs": ["wrong1", "wrong0"], "tests": TOTAL}
    assert (await attempt(best, TOTAL, look, wrong(1), wrong(0)))["weights"] == {}


async def test_one_that_weighs_is_no_repair_even_if_all_tests_pass(best: Testbed) -> None:
    look = {**total("look", "result += price"), "weighs": ["wrong1"]}
    trial = await attempt(best, TOTAL, look, wrong(1))
    assert (trial["passing"], statuses(trial)["look"]) == ([], "failed")


async def test_one_that_weighs_runs_only_its_tests_in_its_order(best: Testbed) -> None:
    tests = [*TOTAL, "test_shop.py::test_empty"]
    words = "print(self.prices); raise KeyError(len(self.prices))"
    look = {**edit("look", "        result = 0\n", f"        {words}\n"), "weighs": ["wrong1"]}
    first = await attempt(best, tests, {**look, "tests": ["test_shop.py::test_empty"]}, wrong(1))
    assert first["results"][0]["detail"].startswith("test_shop.py::test_empty: KeyError")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weighs": ["nobody"]}, "weighs 'nobody', which is no candidate here"),
        ({"weighs": ["wrong1"], "tests": ["test_other.py::test"]}, "ask for some of the tests"),
        ({"tests": TOTAL}, "weighs no others; leave its tests out"),
    ],
)
async def test_what_makes_no_sense_is_refused(change: dict[str, Any], words: str, best: Testbed) -> None:
    candidates = [{**wrong(0), **change}, wrong(1)]
    well, told, _ = await best.say("try_edits", tree=best.tree(FILES), tests=TOTAL, candidates=candidates)
    assert not well
    assert words in told
