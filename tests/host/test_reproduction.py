"""Tests made of an issue's own code, and which tests are believed to show a bug."""

import pytest

from loopcutter_host.evidence import Evidence
from loopcutter_host.model import Draft, Failure
from loopcutter_host.reproduction import doubt, of_issue, path_for

PATH = "tests/test_loopcutter_reproduction.py"
SESSION = """The sum is wrong:

```python
>>> from shop.cart import total
>>> total([1, 2])
2
```

Expected 3.
"""
RAISING = """It breaks.

```python
from shop.cart import total
total([])
```

```
Traceback (most recent call last):
  File "/home/me/shop/cart.py", line 4, in total
    return prices[0]
IndexError: list index out of range
```
"""


def failed(exception: str, message: str, status: str = "failed") -> Evidence:
    failure = Failure(f"{PATH}::test_it", exception, message)
    return Evidence(status, frozenset(), (failure.test,), (failure,), 0.1, "none")


def test_session_with_what_it_should_give_becomes_an_assertion() -> None:
    (draft,) = of_issue(SESSION)
    assert draft.source == (
        "def test_reproduction():\n    from shop.cart import total\n    assert total([1, 2]) == 3\n"
    )
    assert draft.exception == "AssertionError"


@pytest.mark.parametrize(
    ("words", "value"),
    [("should be `'abc'`", "'abc'"), ("I get 2 instead of 3.", "3"), ("expected: [1, 2], got 3", "[1, 2]")],
)
def test_expectation_is_read_from_the_issues_words(words: str, value: str) -> None:
    (draft,) = of_issue(SESSION.replace("Expected 3.", words))
    assert f"== {value}\n" in draft.source


def test_code_with_its_trace_becomes_a_test_that_raises_the_same() -> None:
    (draft,) = of_issue(RAISING)
    assert draft.source == "def test_reproduction():\n    from shop.cart import total\n    total([])\n"
    assert draft.exception == "IndexError"


@pytest.mark.parametrize(
    "issue",
    [
        "It is wrong.",
        "```\nnot python at all\n```",
        SESSION.replace("Expected 3.", "It is wrong."),
        "```python\nx = 1\n```",
    ],
)
def test_issue_that_shows_nothing_to_check_gives_no_test(issue: str) -> None:
    assert of_issue(issue) == ()


def test_test_is_put_beside_most_others() -> None:
    assert path_for(["tests/unit/test_a.py::x", "tests/unit/test_b.py::y", "tests/test_c.py::z"]) == (
        "tests/unit/test_loopcutter_reproduction.py"
    )
    assert path_for([]) == "test_loopcutter_reproduction.py"


@pytest.mark.parametrize(
    ("draft", "seen", "reason"),
    [
        (Draft("", actual="it gives 2"), failed("AssertionError", "assert 2 == 3"), ""),
        (Draft("", exception="KeyError"), failed("KeyError", "'x'"), ""),
        (Draft("", exception="ImportError"), failed("ImportError", "no name"), ""),
        (Draft(""), failed("ModuleNotFoundError", "No module named 'x'"), "the test itself is broken"),
        (Draft("", exception="KeyError"), failed("TypeError", "boom"), "it should fail with KeyError, but fails with"),
        (Draft("", actual="it gives 7"), failed("AssertionError", "assert 2 == 3"), "it should fail because"),
        (Draft(""), Evidence("passed", frozenset({"x"}), (), (), 0.1, "none"), "it passes"),
        (Draft(""), Evidence("no-tests", frozenset(), (), (), 0.1, "none"), "no tests were found"),
        (Draft(""), Evidence("timeout", frozenset(), (), (), 0.1, "none"), "the tests did not end in time"),
    ],
)
def test_only_a_test_that_fails_for_its_reason_is_believed(draft: Draft, seen: Evidence, reason: str) -> None:
    said = doubt(draft, PATH, seen, None)
    assert said.startswith(reason) if reason else not said


def test_constant_that_is_asserted_shows_nothing() -> None:
    seen = failed("AssertionError", "assert False")
    assert doubt(Draft("def test_it():\n    assert 1 == 2\n"), PATH, seen, None).startswith(
        "what it asserts has nothing"
    )
    assert not doubt(Draft("def test_it():\n    assert total() == 2\n"), PATH, seen, None)


def test_test_that_runs_none_of_the_projects_code_is_not_believed() -> None:
    seen = failed("AssertionError", "assert False")
    alone = {f"{PATH}::test_it": {PATH: [1, 2], "tests/conftest.py": [1]}}
    assert doubt(Draft(""), PATH, seen, alone).startswith("it runs no code of the project")
    assert not doubt(Draft(""), PATH, seen, {f"{PATH}::test_it": {PATH: [1], "shop/cart.py": [3]}})
