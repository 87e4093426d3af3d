"""Edits as attempts at an idea, whatever the tool calls its arguments."""

from typing import Any

import pytest

from loopcutter_loopguard.edit import Change, Edit, from_arguments, from_diff

DIFF = "--- a/cart.py\n+++ b/cart.py\n@@ -8,3 +8,3 @@\n keep\n-    return a - b\n+    return a + b\n keep\n"


def replaced(old: str, new: str, path: str = "cart.py", **more: Any) -> Edit:
    found = from_arguments({"path": path, "old_str": old, "new_str": new, **more})
    assert found is not None
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        {"path": "cart.py", "old_str": "a - b", "new_str": "a + b"},
        {"file_path": "./cart.py", "old_string": "a - b", "new_string": "a + b"},
        {"edits": [{"kind": "replace", "path": "cart.py", "search": "a - b", "replace": "a + b"}], "workspace": "w1"},
        {"path": "cart.py", "edits": [{"old_text": "a - b", "new_text": "a + b"}]},
    ],
)
def test_tools_name_their_arguments_as_they_like(arguments: dict[str, Any]) -> None:
    found = from_arguments(arguments)
    assert found is not None
    assert [(change.path, change.old, change.new) for change in found.changes] == [("cart.py", "a - b", "a + b")]


def test_a_diff_says_where_and_what() -> None:
    found = from_diff(DIFF)
    assert found is not None
    assert found.changes == (Change("cart.py", "    return a - b", "    return a + b", line=9),)
    assert from_diff("no diff at all") is None


def test_a_wider_search_text_makes_no_other_edit() -> None:
    narrow = replaced("    return a - b\n", "    return a - b * 2\n")
    wide = replaced("    total()\n    return a - b\n", "    total()\n    return a - b * 2\n")
    assert narrow.near(wide, 0.9)


def test_other_comments_names_and_numbers_are_the_same_idea() -> None:
    first = replaced("    return a - b\n", "    cut = b * 2\n    return a - cut\n")
    second = replaced("    return a - b\n", "    # less\n    less = b * 3\n    return a - less\n")
    assert first.near(second, 0.9)


def test_another_operator_is_another_idea() -> None:
    assert not replaced("return a - b", "return a - b * 2").near(replaced("return a - b", "return a + b * 2"), 0.9)


def test_the_same_words_elsewhere_are_another_edit() -> None:
    first = replaced("def one():\n", "def one():\n    '''Doc.'''\n")
    second = replaced("def two():\n", "def two():\n    '''Doc.'''\n")
    assert not first.near(second, 0.9)
    assert not replaced("x = 1", "x = 2", "a.py").near(replaced("x = 1", "x = 2", "b.py"), 0.9)


def test_an_edit_of_what_an_edit_left_is_in_the_same_place() -> None:
    first = replaced("    return a - b\n", "    cut = b * 2\n    return a - cut\n")
    second = replaced("    cut = b * 2\n    return a - cut\n", "    off = b * 2\n    return a - off\n")
    third = replaced("    off = b * 2\n    return a - off\n", "    less = b * 2\n    return a - less\n")
    assert not first.near(third, 0.9)
    second = second.linked_to([first])
    assert third.linked_to([first, second]).near(first, 0.9)


def test_taking_back_is_recognised() -> None:
    assert replaced("a", "b").undoes(replaced("b", "a"))
    assert not replaced("a", "b").undoes(replaced("a", "b"))


@pytest.mark.parametrize("arguments", [{}, {"edits": [1, None, []]}, {"path": 3, "old_str": None}, {"edits": {}}])
def test_odd_arguments_are_no_edit(arguments: dict[str, Any]) -> None:
    assert from_arguments(arguments) is None
