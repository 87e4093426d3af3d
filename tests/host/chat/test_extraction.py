"""What small models really send, and what can be had from it."""

import time

import pytest
from pydantic import BaseModel

from loopcutter_host.chat.errors import Unusable
from loopcutter_host.chat.extraction import Fence, decision, fences, prose, without_thoughts


class Plan(BaseModel):
    hypothesis: str
    targets: list[str] = []


WANTED = Plan(hypothesis="the sum is wrong", targets=["a.py"])
STRICT = '{"hypothesis": "the sum is wrong", "targets": ["a.py"]}'


@pytest.mark.parametrize(
    "text",
    [
        STRICT,
        f"```json\n{STRICT}\n```",
        f"Sure! Here is my plan:\n\n{STRICT}\n\nLet me know if {{you}} need more.",
        f'<think>Is it {{this}}? {{"hypothesis": "no"}}</think>{STRICT}',
        f"I think so.</think>\n{STRICT}",
        f"{STRICT}<think>now I wonder whether",
        "{'hypothesis': 'the sum is wrong', 'targets': ['a.py']}",
        '{"hypothesis": "the sum is wrong", "targets": ["a.py",],}',
        '{hypothesis: "the sum is wrong", targets: ["a.py"]}',
        '{"hypothesis": "the sum is wrong", // because\n "targets": ["a.py"]}',
        '{"hypothesis": "the sum is wrong"\n "targets": ["a.py"]}',
        '{"hypothesis": "the sum is wrong", "targets": ["a.py"',
        '{"hypothesis": "the sum is wrong", "targets": ["a.py"], "conf',
        '{"plan": ' + STRICT + "}",
        '{"type": "object", "properties": ' + STRICT + "}",
        '{"thought": "first an object that does not fit"}\n' + STRICT,
        "[" + STRICT + "]",
    ],
)
def test_decision_is_found_in(text: str) -> None:
    assert decision(text, Plan) == WANTED


@pytest.mark.parametrize(
    ("text", "hypothesis"),
    [
        ('{"hypothesis": "line one\nline two"}', "line one\nline two"),
        ('{"hypothesis": "the "total" is wrong"}', 'the "total" is wrong'),
        ("{'hypothesis': 'it's wrong'}", "it's wrong"),
        ("{'hypothesis': 'caf\\u00e9 \\'x\\' \\n'}", "café 'x' \n"),
        ('{"hypothesis": "cut in the mid', "cut in the mid"),
        ('{"hypothesis": "uses <think> tags"}', "uses <think> tags"),
    ],
)
def test_text_of_a_decision_survives(text: str, hypothesis: str) -> None:
    assert decision(text, Plan).hypothesis == hypothesis


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("I would change the total.", "there is no JSON object in it"),
        ("", "it was empty"),
        ("<think>" + STRICT, "there is no JSON object in it"),
        ('{"targets": []}', "hypothesis: Field required"),
        ('{"hypothesis": 3}', "hypothesis: Input should be a valid string"),
        ("{" * 5000, "there is no JSON object in it"),
        ('{"a":' * 3000, "there is no JSON object in it"),
    ],
)
def test_flaw_is_said_in_words(text: str, problem: str) -> None:
    with pytest.raises(Unusable, match=problem):
        decision(text, Plan)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("<think>a</think>b", "b"),
        ("<thinking>a</thinking> b <think>c", "b"),
        ("a</think>b", "b"),
        ("```python\nx = '<think>'\n```", "```python\nx = '<think>'\n```"),
        ("<think>```\nx\n```</think>\n```\ny\n```", "```\ny\n```"),
    ],
)
def test_thoughts_are_taken_out_but_never_from_code(text: str, rest: str) -> None:
    assert without_thoughts(text) == rest


def test_fences_are_found_in_all_their_forms() -> None:
    text = "One:\n```Python\na\n```\nTwo:\n~~~\nb\n~~~\n````md\n```\nc\n```\n````\nlast\n```py title\nd"
    assert list(fences(text)) == [
        Fence("python", "a\n", True),
        Fence("", "b\n", True),
        Fence("md", "```\nc\n```\n", True),
        Fence("py", "d", False),
    ]


def test_prose_is_what_stands_around_the_code() -> None:
    assert prose("I add one.\n```python\nx\n```\nThat\nis it.") == "I add one. That is it."


def test_what_is_not_seen_does_not_come_in_through_escapes() -> None:
    assert decision('{"hypothesis": "\\u001b[2Jthe \\u0000sum\\u202e", "targets": ["a\\u0007.py"]}', Plan) == Plan(
        hypothesis="the sum", targets=["a.py"]
    )


def test_a_hundred_thousand_braces_are_given_up_on_quickly() -> None:
    began = time.process_time()
    with pytest.raises(Unusable):
        decision('{"a": "b' * 25_000, Plan)
    assert time.process_time() - began < 3
