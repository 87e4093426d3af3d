"""A query is taken apart into sentences, code and form."""

import time

from loopcutter_retrieval.section import sections

ISSUE = """Cart.total is off

<!-- Please tell us
what happened -->
Use `discount` twice, see https://example.org/prices:

```python
cart.total()
```

    >>> indented()

Python: 3.11.2
numpy == 1.17.3
"""


def test_sentences_code_and_forms_are_told_apart() -> None:
    found = sections(ISSUE)
    assert found.title == "Cart.total is off"
    assert found.said.split() == ["Cart.total", "is", "off", "Use", "`discount`", "twice,", "see"]
    assert found.quoted.split() == ["cart.total()", ">>>", "indented()", "discount"]
    assert "numpy" in ISSUE
    assert "numpy" not in found.whole


def test_stack_trace_is_no_sentence_and_no_title() -> None:
    found = sections('Traceback (most recent call last):\n  File "shop/cart.py", line 3, in total\nTypeError: none')
    assert (found.title, found.said) == ("", "TypeError: none")
    assert "shop" in found.quoted


def test_fence_that_is_never_closed_reaches_to_the_end() -> None:
    assert sections("a\n~~~\nb\n```\nc").quoted.split() == ["b", "```", "c"]


def test_odd_texts_cost_no_more_than_others() -> None:
    began = time.thread_time()
    for text in ("<!--" * 15_000, "`" * 60_000, "```\n" * 15_000, "- " * 30_000, "http://" * 8_000, "a:=" * 20_000):
        sections(text)
    assert time.thread_time() - began < 1.0
