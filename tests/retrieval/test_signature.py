"""Which lines of a definition tell what it is."""

import pytest

from loopcutter_retrieval.signature import docstring_rest, header_start, signature_end


@pytest.mark.parametrize(
    ("source", "start", "end"),
    [
        ("def f():\n    return 1", 1, 1),
        ("def f(a): # it: adds\n    return 1", 1, 1),
        ("@cached(\n    size=3,\n)\ndef f(\n    a: dict[str, int],\n    b=lambda: 0,\n) -> int:\n    return 1", 4, 7),
        ('class C(Base):\n    """One line."""\n\n    def f(self):', 1, 2),
        ('def f():\n    """First.\n\n    Second.\n    """\n    return 1', 1, 2),
        ('def f():\n    r"""First,\n    and on."""\n    return 1', 1, 3),
        ("def f():\n    '''" + "words\n    " * 20 + "'''\n    return 1", 1, 6),
        ("async def f(): return 1", 1, 1),
        ("/** Adds. */\nfunction add(a, b) {\n  return a + b\n}", 2, 2),
        ("const add = (a, b) =>\n  a + b", 1, 1),
        ("x", 1, 1),
    ],
)
def test_signature_ends_with_the_first_paragraph_of_the_docstring(source: str, start: int, end: int) -> None:
    lines = source.split("\n")
    assert header_start(lines, 1, len(lines)) == start
    assert signature_end(lines, 1, len(lines)) == end


def test_signature_without_end_is_cut() -> None:
    lines = ["def f("] + [f"    a{at}," for at in range(100)]
    assert signature_end(lines, 1, len(lines)) == 16


@pytest.mark.parametrize(
    ("source", "rest"),
    [
        ("def f():\n    return 1", []),
        ('def f():\n    """One line."""\n    return 1', []),
        ('def f():\n    """First.\n\n    Second.\n    """\n    return 1', [3, 4, 5]),
        ('def f():\n    r"""First,\n    and on."""\n    return 1', []),
        ('class C:\n    """First.\n\n    Second."""\n    x = 1', [3, 4]),
        ('def f():\n    """Never\n\n    closed\n    return 1', []),
    ],
)
def test_rest_of_a_docstring_ends_where_it_is_closed(source: str, rest: list[int]) -> None:
    lines = source.split("\n")
    assert list(docstring_rest(lines, 1, len(lines))) == rest
