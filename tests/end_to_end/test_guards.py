"""`fix` with a model that never learns: what each guard lets it do, and that a run says which one it had."""

import json
from pathlib import Path

import pytest
from support.command import run
from support.repository import copy_example
from support.till import ISSUE

ATTEMPTS = 4
EDIT = """Reword it once more.
```python
def discount(subtotal: int) -> int:
    \"\"\"The cents to take off; half a cent goes to the customer.\"\"\"
    percent = best_tier(subtotal + 0).percent
    return (subtotal * percent + 50) // 100
```"""


def never_learning(folder: Path) -> Path:
    """The script of a model that makes the same edit whenever it is asked."""
    target = {"path": "till/discount.py", "symbol": "discount"}
    said = {
        "plan": [json.dumps({"hypothesis": "the sum is off", "targets": [target]})],
        "edit": [EDIT],
        "reflect": [json.dumps({"lesson": "it should work now", "next": "edit"})],
    }
    script = folder / "never_learning.yaml"
    script.write_text(json.dumps(said))
    return script


@pytest.mark.parametrize(("option", "guard", "held"), [((), "full", True), (("--no-guard",), "none", False)])
def test_without_a_guard_the_same_edit_is_made_again_and_again(
    tmp_path: Path, option: tuple[str, ...], guard: str, held: bool
) -> None:
    repository = copy_example(tmp_path / "till")
    ended = run(
        tmp_path,
        *("fix", "--repo", str(repository), "--issue", ISSUE, "--model", f"scripted:{never_learning(tmp_path)}"),
        *("--max-attempts", str(ATTEMPTS), "--no-prepass", "--json", *option),
    )

    events = ended.events()
    refused = [
        at for at, event in enumerate(events) if event["type"] == "verdict" and event["body"]["decision"] != "warn"
    ]
    assert (events[0]["body"]["guard"], bool(refused)) == (guard, held)
    made = sum(event["type"] == "edit" for event in events[: refused[0] if refused else None])
    assert made == 2 if held else made == ATTEMPTS
