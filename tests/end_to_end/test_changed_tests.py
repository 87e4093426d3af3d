"""`fix` with a model that bends the failing test to the bug: no fix, unless the user allows it, and flagged then."""

import json
from pathlib import Path

import pytest
from support.command import run
from support.repository import copy_example

TEST = "test_the_discount_starts_at_the_amount_on_the_sign"
ISSUE = f"A customer whose shopping came to exactly 50.00 got no discount, see {TEST}."
BENT = f"The test expects too much.\n```python\ndef {TEST}():\n    assert discount(50_00) == 0\n```"


def bending(folder: Path) -> Path:
    """The script of a model that plans and makes that edit."""
    target = {"path": "tests/test_discount.py", "symbol": TEST}
    said = {
        "plan": [json.dumps({"hypothesis": "the test is wrong", "targets": [target]})],
        "edit": [BENT],
        "reflect": [json.dumps({"lesson": "no", "next": "edit"})],
    }
    script = folder / "bending.yaml"
    script.write_text(json.dumps(said))
    return script


@pytest.mark.parametrize("allowed", [False, True])
def test_a_bent_test_is_a_fix_only_where_that_is_allowed(tmp_path: Path, allowed: bool) -> None:
    repository = copy_example(tmp_path / "till")
    options = ("--allow-test-edits",) if allowed else ()
    ended = run(
        tmp_path,
        *("fix", "--repo", str(repository), "--issue", ISSUE, "--model", f"scripted:{bending(tmp_path)}"),
        *("--max-attempts", "1", "--json", *options),
    )

    events = [event["body"] for event in ended.events()]
    prompts = [body["prompt"] for body in events if body.get("step") == "edit"]
    changed = ["tests/test_discount.py"] if allowed else []
    assert (ended.code, events[-1]["tests_changed"]) == (0 if allowed else 3, changed), ended.err
    assert set(events[-1]["flaws"]) == (set() if allowed else {"edits-tests"})
    assert ["Tests are right" in prompt for prompt in prompts] == [not allowed] * len(prompts)
    assert ("The patch changes tests" in ended.err) == allowed
