"""`fix --model ollama:…` against a real HTTP server that speaks Ollama's protocol from a script of answers."""

import json
from pathlib import Path

import yaml
from support import parking
from support.ollama_server import OllamaServer
from support.repository import copy_example, fingerprint, make_repository
from support.temperament import SCRIPTS
from support.till import GOOD, REFLECTION, discount, fix, plan

from loopcutter_host.chat.scripted import Turn

UNTESTED = {**parking.FILES, "tests/test_parking.py": parking.TESTS.replace("price(61) == 400", "price(61) > 0")}
CODER = "ollama:qwen2.5-coder:7b"


def test_what_template_repair_finds_is_no_work_for_the_model(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    with OllamaServer({"plan": [plan("best_tier")], "edit": [GOOD], "reflect": [REFLECTION]}) as server:
        ended = fix(tmp_path, repository, CODER, prepass=True, extra={"OLLAMA_HOST": server.url})

    assert (ended.code, server.chats, "Passes the tests" in ended.err) == (0, [], True), ended.err


def test_what_template_repair_can_not_mend_is_left_to_the_model(tmp_path: Path) -> None:
    words = {
        "words.py": "def answer():\n    return None\n",
        "test_words.py": "from words import answer\n\n\ndef test_answer():\n    assert answer() == 'xyzzy-4711'\n",
    }
    repository = make_repository(tmp_path / "words", words)
    target = {"path": "words.py", "symbol": "answer"}
    script = {
        "plan": [json.dumps({"hypothesis": "nothing comes back", "targets": [target]})],
        "edit": ["Say it.\n```python\ndef answer():\n    return 'xyzzy-' + str(4711)\n```"],
    }
    with OllamaServer(script) as server:
        extra = {"OLLAMA_HOST": server.url, "LOOPCUTTER_REPAIR": "false"}
        said = "answer() gives nothing"
        ended = fix(tmp_path, repository, "ollama:coder", "--json", issue=said, prepass=True, extra=extra)

    assert ended.code == 0, ended.err
    states = [event["body"]["state"] for event in ended.events() if event["type"] == "state"]
    assert states == ["read", "repair", "plan", "edit", "test"]
    assert ended.events()[-1]["body"]["attempts"] == 1


def test_a_good_model_fixes_the_bug_and_gets_a_schema_where_a_decision_is_asked(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    before = fingerprint(repository)
    with OllamaServer({"plan": [plan("best_tier")], "edit": [GOOD], "reflect": [REFLECTION]}) as server:
        ended = fix(tmp_path, repository, CODER, extra={"OLLAMA_HOST": server.url})

    assert ended.code == 0, ended.err
    assert "tier.threshold <= subtotal" in ended.out
    assert fingerprint(repository) == before
    assert all(chat["options"]["num_ctx"] == 16_384 and chat["stream"] for chat in server.chats)


def test_a_stubborn_model_is_vetoed_rolled_back_and_told_what_must_differ(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    stubborn = [
        discount("max(0, (subtotal * percent + 50) // 100)"),
        discount("max((subtotal * percent + 50) // 100, 0)"),
        discount("int(max(0, (subtotal * percent + 50) // 100))"),
    ]
    script = {
        "plan": [plan("discount"), plan("best_tier")],
        "edit": [*stubborn, GOOD],
        "reflect": [REFLECTION],
    }
    with OllamaServer(script) as server:
        ended = fix(tmp_path, repository, CODER, "--json", extra={"OLLAMA_HOST": server.url})

    assert ended.code == 0, ended.err
    events = ended.events()
    verdicts = [event["body"] for event in events if event["type"] == "verdict"]
    assert [verdict["decision"] for verdict in verdicts] == ["warn", "rollback"]
    assert verdicts[1]["rung"] == "fresh-context"
    base = next(event["body"]["tree"] for event in events if event["type"] == "checkpoint")
    rollback = next(event["body"] for event in events if event["type"] == "rollback")
    assert rollback["tree"] == base

    edits = [event["body"]["diff"] for event in events if event["type"] == "edit"]
    assert len(edits) == 3, "the third attempt never touched the workspace"
    assert "best_tier" in edits[-1]
    directive = verdicts[1]["directive"].splitlines()[0]
    replanning, *editing = (prompt for prompt in server.prompts if directive in prompt)
    assert "step: plan" in replanning
    assert len(editing) == 3, "several samples are drawn"
    assert not any("int(max(0" in prompt for prompt in editing), "a fresh context holds the facts, not the failed code"


def test_a_model_that_has_to_find_the_place_sees_what_retrieval_puts_together(tmp_path: Path) -> None:
    """No test fails, so nothing leads to the place but the words of the issue."""
    repository = make_repository(tmp_path / "parking", UNTESTED)
    said = yaml.safe_load((SCRIPTS / "good.yaml").read_text("utf-8"))
    script = {step: [Turn.model_validate(turn).text for turn in said[step]] for step in said}
    with OllamaServer(script) as server:
        ended = fix(tmp_path, repository, CODER, "--json", issue=parking.ISSUE, extra={"OLLAMA_HOST": server.url})

    assert ended.code == 0, ended.err
    written = next(prompt for prompt in server.prompts if "step: reproduce" in prompt)
    assert "code to look at, the most suspicious file first" in written
    assert "## parking.py\n" in written
    assert "def hours(minutes):" in written
    assert "files that may be at fault" in written
    calls = [event["body"] for event in ended.events() if event["type"] == "action"]
    asked = next(call["arguments"] for call in calls if call["tool"] == "context")
    assert (asked["budget_tokens"] <= 16_384, 0.15 < asked["tokens_per_character"] < 0.45) == (True, True)


def test_a_model_that_answers_nonsense_hands_over_to_template_repair(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    with OllamaServer({"plan": ["la la la"], "edit": ["no code here"], "reflect": ["hm"]}) as server:
        ended = fix(tmp_path, repository, "ollama:parrot", extra={"OLLAMA_HOST": server.url})

    assert (ended.code, "Traceback" in ended.err) == (0, False), ended.err
    assert "hands over to builtin" in ended.err


def test_a_model_that_is_not_there_says_how_to_get_it(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    with OllamaServer() as server:
        ended = fix(tmp_path, repository, "ollama:missing", prepass=True, extra={"OLLAMA_HOST": server.url})

    assert (ended.code, "ollama pull missing" in ended.err) == (4, True), ended.err
