import ast

import pytest

from loopcutter_host.repair.source import Source


def changed(text: str, expression: str, new: str) -> str:
    """The text with another expression put in the place of the first such one."""
    source = Source("a.py", text)
    node = next(
        each for each in ast.walk(source.tree) if isinstance(each, ast.expr) and source.text(each) == expression
    )
    candidate = source.put(node, new, "name", 1)
    return (source.data[: candidate.start] + candidate.text.encode() + source.data[candidate.end :]).decode()


@pytest.mark.parametrize(
    ("text", "old", "new", "after"),
    [
        ("x = a * b\n", "b", "b + 1", "x = a * (b + 1)\n"),
        ("x = a + b\n", "a", "a + 1", "x = a + 1 + b\n"),
        ("x = a - b\n", "b", "b + 1", "x = a - (b + 1)\n"),
        ("x = f(a)\n", "a", "a or []", "x = f(a or [])\n"),
        ("x = a.b\n", "a", "not a", "x = (not a).b\n"),
        ("x = (a) * b\n", "a", "a + 1", "x = (a + 1) * b\n"),
        ("x = not a\n", "a", "a == b", "x = not a == b\n"),
        ("ä = 'ö' + b\n", "b", "c", "ä = 'ö' + c\n"),
    ],
)
def test_parentheses_are_added_only_where_they_must_be(text: str, old: str, new: str, after: str) -> None:
    assert changed(text, old, new) == after


def test_bytes_are_counted_behind_a_byte_order_mark_and_foreign_line_ends() -> None:
    source = Source("a.py", "\N{BYTE ORDER MARK}x = 1\r\nif x:\r\n    y = x\r\n")
    statement = source.tree.body[1].body[0]  # type: ignore[attr-defined]
    assert source.text(statement) == "y = x"
    assert source.after(statement, ["x = y"], "statement", 1).text == "    x = y\r\n"


def test_what_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        Source("a.py", "def f(:\n")
