"""Whatever is killed, and whenever: the run is taken up again or fails honestly, and nothing is lost.

Every part of a run (the host, each server, the model's server) is killed in every state and in the calls between. Then
nothing runs on, the user's files are as they were, and `resume` brings the run to the end it would have had, with what
was finished not done again. A sample is run always, the whole matrix with the long tests.
"""

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.live_run import SECOND_TRY, fixing, last_events, processes, running, wait_until_gone
from support.ollama_server import OllamaServer
from support.repository import copy_example, fingerprint

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to find processes")

NO_REPAIR = {"LOOPCUTTER_REPAIR": "false", "LOOPCUTTER_REPAIR_PREPASS": "false"}
SERVERS = ("loopguard", "vcs", "retrieval", "sandbox")
STATES = ("state read", "state plan", "state edit", "state test", "state reflect")
BETWEEN = ("run.start", "vcs.open", "sandbox.run_tests", "vcs.edit attempt-2", "vcs.apply")
"""While the servers start, while the workspace is opened, the tests first run, the fix is made, and is applied."""
SAMPLE = [("host", "vcs.edit attempt-2"), ("sandbox", "state test")]
WHOLE = [(victim, moment) for victim in ("host", *SERVERS) for moment in (*STATES, *BETWEEN)]


def kill_and_resume(home: Path, victim: str, moment: str) -> Counter[tuple[str, str]]:
    """Kill at a moment, look at what is left, resume, look again; what the whole run did."""
    repository = copy_example(home / "till")
    untouched = fingerprint(repository)
    with running(home, *fixing(repository, "--apply"), extra=NO_REPAIR) as run:
        assert run.reach(moment), run.end() or run.err
        run.kill(victim)
        code = run.end()
    wait_until_gone(home)
    if code == 0:  # the victim was not needed any more, or the host was faster
        return assert_whole(home, repository, untouched)
    assert code == (-9 if victim == "host" else 4), (code, run.err)
    assert "Traceback" not in run.err
    assert moment == "vcs.apply" or fingerprint(repository) == untouched

    with running(home, "resume", "last", extra=NO_REPAIR) as again:
        code = again.end()
    assert code == 0, again.err
    return assert_whole(home, repository, untouched)


def assert_whole(home: Path, repository: Path, before: dict[str, str]) -> Counter[tuple[str, str]]:
    """The run ended well, once, and left nothing behind but its log and the applied fix."""
    events = last_events(home)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["type"], events[-1]["type"]) == ("run.start", "run.end")
    assert events[-1]["body"]["outcome"] == "fixed"
    assert events[-1]["body"]["attempts"] == 2
    changed = {path for path, state in fingerprint(repository).items() if before.get(path) != state}
    assert changed <= {"till/discount.py", "till", ".git/index", ".git"}
    assert "tier.threshold <= subtotal" in (repository / "till" / "discount.py").read_text()
    state = home / ".local/state/loopcutter"
    assert list((state / "journals").iterdir()) == []
    assert list((state / "locks").iterdir()) == []
    assert processes(home) == []
    return done(events)


def done(events: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """How often a run did what is dear: edits, test runs, questions to the model."""
    kinds = ("edit", "test", "reflection", "rollback")
    return Counter(
        (event["type"], str(event["body"].get("step", "")))
        for event in events
        if event["type"] in kinds or "step" in event["body"]
    )


@pytest.mark.parametrize(("victim", "moment"), SAMPLE)
def test_a_killed_part_loses_nothing(tmp_path: Path, victim: str, moment: str) -> None:
    assert kill_and_resume(tmp_path, victim, moment)[("edit", "")] == 2


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str]]:
    """What the run does when nobody kills anything."""
    home = tmp_path_factory.mktemp("uninterrupted")
    repository = copy_example(home / "till")
    before = fingerprint(repository)
    with running(home, *fixing(repository, "--apply"), extra=NO_REPAIR) as run:
        assert run.end() == 0, run.err
    return assert_whole(home, repository, before)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("victim", "moment"), WHOLE)
def test_any_killed_part_loses_nothing_and_nothing_is_done_twice(
    tmp_path: Path, uninterrupted: Counter[tuple[str, str]], victim: str, moment: str
) -> None:
    assert kill_and_resume(tmp_path, victim, moment) == uninterrupted


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["state plan", "state edit", "state reflect"])
def test_a_killed_model_server_loses_nothing(tmp_path: Path, moment: str) -> None:
    script = yaml.safe_load(SECOND_TRY.read_text())
    answers = {step: [_text(turn) for turn in script[step]] for step in ("plan", "edit", "reflect")}
    repository = copy_example(tmp_path / "till")
    before = fingerprint(repository)
    arguments = fixing(repository, "--apply", model="ollama:qwen2.5-coder:7b")
    with ExitStack() as living:
        server = living.enter_context(OllamaServer(answers))
        extra = {**NO_REPAIR, "OLLAMA_HOST": server.url, "LOOPCUTTER_OLLAMA_RETRIES": "0"}
        with running(tmp_path, *arguments, extra=extra) as run:
            assert run.reach(moment)
            living.close()
            assert run.end() == 4, run.err
    wait_until_gone(tmp_path)
    assert "ollama serve" in run.err
    assert fingerprint(repository) == before

    left = {
        step: turns[sum(event["body"].get("step") == step for event in run.events) :] for step, turns in answers.items()
    }
    with (
        OllamaServer(left) as server,
        running(tmp_path, "resume", "last", extra={**extra, "OLLAMA_HOST": server.url}) as again,
    ):
        assert again.end() == 0, again.err
    assert_whole(tmp_path, repository, before)


def _text(turn: Any) -> str:
    return turn if isinstance(turn, str) else json.dumps(turn["json"])
