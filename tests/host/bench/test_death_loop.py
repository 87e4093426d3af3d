"""The simulator of death loops: each scripted agent that never learns is cut, through the real servers."""

import json
from pathlib import Path

import pytest
from support.command import run

from loopcutter_host.bench.death_loop import agents


def test_there_is_an_agent_for_each_way_of_never_learning() -> None:
    assert agents() == ["alternating", "cosmetic", "monologue", "no-op", "stubborn", "wandering"]


@pytest.mark.parametrize("agent", ["stubborn", "cosmetic", "no-op"])
def test_the_third_near_identical_attempt_is_vetoed(tmp_path: Path, agent: str) -> None:
    ended = run(tmp_path, "bench", "death-loop", "--agent", agent, "--guard", "full", "--json")

    cut = json.loads(ended.out)
    assert (ended.code, cut["first_veto"], cut["edits"]) == (0, 3, 2), ended
    assert cut["rollbacks"] >= 1


@pytest.mark.parametrize("agent", ["alternating", "monologue", "wandering"])
def test_an_agent_that_goes_round_in_other_ways_is_cut_too(tmp_path: Path, agent: str) -> None:
    ended = run(tmp_path, "bench", "death-loop", "--agent", agent, "--guard", "full", "--json")

    assert (ended.code, json.loads(ended.out)["held"]) == (0, True), ended


@pytest.mark.long
def test_a_guard_for_exact_repetitions_lets_an_agent_go_to_and_fro(tmp_path: Path) -> None:
    ended = run(tmp_path, "bench", "death-loop", "--agent", "alternating", "--guard", "exact", "--json")

    cut = json.loads(ended.out)
    assert (ended.code, cut["guard"], cut["held"]) == (0, "exact", False), ended
    assert cut["edits"] > 6


def test_an_agent_that_is_not_there_is_named(tmp_path: Path) -> None:
    ended = run(tmp_path, "bench", "death-loop", "--agent", "tireless")

    assert (ended.code, "there is no agent 'tireless'" in ended.err) == (2, True)
