"""A scripted agent reads its answers from a file."""

import asyncio
from pathlib import Path

import pytest

from loopcutter_host.chat import Answer, Message, ToolCall, collect
from loopcutter_host.chat.errors import ScriptError
from loopcutter_host.chat.scripted import Scripted, step_of
from loopcutter_host.prompts import Prompts

SCRIPT = """
name: stubborn
plan:
  - thinking: where is it?
    calls: [{name: search, arguments: {query: total}}]
  - json: {hypothesis: wrong sum, targets: [{path: shop/cart.py, symbol: Cart.total}]}
edit:
  - |
    The same again.
    ```python
    def total(self):
        return 0
    ```
"""


def answers(script: Scripted, *steps: str) -> list[Answer]:
    async def ask() -> list[Answer]:
        return [
            await collect(script.answer([Message("system", f"This is the step: {step}.")], schema=None))
            for step in steps
        ]

    return asyncio.run(ask())


@pytest.fixture
def load(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str) -> Scripted:
        path = tmp_path / "agent.yaml"
        path.write_text(text)
        return Scripted.load(path)

    return write


def test_answers_come_in_order_and_the_last_for_ever(load) -> None:  # type: ignore[no-untyped-def]
    first, second, third = answers(load(SCRIPT), "plan", "plan", "plan")
    assert (first.thinking, first.calls) == ("where is it?", (ToolCall("search", {"query": "total"}),))
    assert (
        second.text
        == third.text
        == ('{"hypothesis": "wrong sum", "targets": [{"path": "shop/cart.py", "symbol": "Cart.total"}]}')
    )


def test_every_step_has_its_own_place_in_the_script(load) -> None:  # type: ignore[no-untyped-def]
    _, edit = answers(load(SCRIPT), "plan", "edit")
    assert edit.text.startswith("The same again.\n```python\ndef total(self):\n")


def test_name_says_that_it_is_a_script(load) -> None:  # type: ignore[no-untyped-def]
    assert (load(SCRIPT).name, load("edit: [one]").name) == ("scripted:stubborn", "scripted:agent")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plan: [{txt: oops}]", "wrong at plan.0.txt"),
        ("paln: [oops]", "wrong at paln"),
        ("- oops", "holds no answers"),
        ("plan: [", "can't be read"),
    ],
)
def test_mistake_in_a_script_is_named(load, text: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ScriptError, match=words):
        load(text)


def test_step_without_answers_is_an_error(load) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ScriptError, match="no answer for the step 'reflect'"):
        answers(load(SCRIPT), "reflect")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        (Prompts().get("plan", lookups="", tests="").text, "plan"),
        (Prompts().get("edit-function", tests="").text, "edit"),
        (Prompts().get("edit-file", tests="").text, "edit"),
        (Prompts().get("edit-blocks", tests="").text, "edit"),
        (Prompts().get("reflect").text, "reflect"),
    ],
)
def test_every_prompt_says_its_step(text: str, step: str) -> None:
    assert step_of([Message("system", text), Message("user", "This is the step: edit.")]) == step
