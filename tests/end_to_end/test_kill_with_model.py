"""The states that only a run with a language model comes to: whatever is killed in them, the run is taken up again.

The rest of the matrix is in `test_kill_matrix.py`. Here the model's server lives on while the host and its servers die,
or dies itself.
"""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import parking
from support.live_run import fixing, last_events, processes, running, wait_until_gone
from support.ollama_server import OllamaServer
from support.repository import copy_example, fingerprint, make_repository
from support.till import GOOD, ISSUE, REFLECTION, discount, plan

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to find processes"),
    pytest.mark.timeout(300),
]
VICTIMS = ("host", "loopguard", "vcs", "retrieval", "sandbox", "model")
STATES = ("repair", "reproduce", "sample", "test")
GOOD_SCRIPT = Path(__file__).parents[1] / "support" / "temperaments" / "good.yaml"
UNTESTED = {**parking.FILES, "tests/test_parking.py": parking.TESTS.replace("price(61) == 400", "price(61) > 0")}
STUBBORN = [
    discount("max(0, (subtotal * percent + 50) // 100)"),
    discount("max((subtotal * percent + 50) // 100, 0)"),
    discount("int(max(0, (subtotal * percent + 50) // 100))"),
]


@dataclass(frozen=True)
class Scene:
    """A run that comes to a state, and how it ends when nobody kills anything."""

    repository: Path
    issue: str
    answers: Mapping[str, list[str]]
    options: tuple[str, ...]
    fixed: str
    """The file that is mended."""


def scene(state: str, home: Path) -> Scene:
    if state == "reproduce":
        said = yaml.safe_load(GOOD_SCRIPT.read_text("utf-8"))
        answers = {
            step: [turn if isinstance(turn, str) else json.dumps(turn["json"]) for turn in said[step]] for step in said
        }
        repository = make_repository(home / "parking", UNTESTED)
        return Scene(repository, parking.ISSUE, answers, ("--no-prepass",), "parking.py")
    edits = [GOOD] if state in ("repair", "test") else [*STUBBORN, GOOD]
    places = [plan("best_tier")] if state in ("repair", "test") else [plan("discount"), plan("best_tier")]
    alone = () if state == "repair" else ("--no-prepass",)
    answers = {"plan": places, "edit": edits, "reflect": [REFLECTION]}
    return Scene(copy_example(home / "till"), ISSUE, answers, alone, "till/discount.py")


def kill_and_resume(home: Path, victim: str, state: str) -> None:
    played = scene(state, home)
    untouched = fingerprint(played.repository)
    arguments = fixing(
        played.repository, *played.options, "--apply", model="ollama:qwen2.5-coder:7b", issue=played.issue
    )
    with ExitStack() as living:
        server = living.enter_context(OllamaServer(played.answers))
        extra = {"OLLAMA_HOST": server.url, "LOOPCUTTER_OLLAMA_RETRIES": "0"}
        with running(home, *arguments, extra=extra) as run:
            assert run.reach(f"state {state}"), run.end() or run.err
            if victim == "model":
                living.close()
            else:
                run.kill(victim)
            code = run.end()
        wait_until_gone(home)
        assert "Traceback" not in run.err
        if code != 0:
            assert code == (-9 if victim == "host" else 4), (code, run.err)
            assert fingerprint(played.repository) == untouched
            if victim == "model":
                server = living.enter_context(OllamaServer(rest(played.answers, run.events)))
            with running(home, "resume", "last", extra={**extra, "OLLAMA_HOST": server.url}) as again:
                assert again.end() == 0, again.err
    assert_whole(home, played, untouched)


def rest(answers: Mapping[str, list[str]], events: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What is still to be said by a model that was asked so often; its last words again if it had come to them."""
    asked = [event["body"].get("step") for event in events]
    return {step: said[asked.count(step) :] or said[-1:] for step, said in answers.items()}


def assert_whole(home: Path, played: Scene, before: Mapping[str, str]) -> None:
    events = last_events(home)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[-1]["type"], events[-1]["body"]["outcome"]) == ("run.end", "fixed")
    after = fingerprint(played.repository)
    changed = {path for path, state in after.items() if before.get(path) != state} - {".git", ".git/index"}
    assert played.fixed in changed
    assert changed <= {played.fixed, str(Path(played.fixed).parent)}
    assert list((home / ".local/state/loopcutter/journals").iterdir()) == []
    assert processes(home) == []


@pytest.mark.long
@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("state", STATES)
def test_whatever_is_killed_in_a_state_of_a_model_loses_nothing(tmp_path: Path, victim: str, state: str) -> None:
    kill_and_resume(tmp_path, victim, state)
