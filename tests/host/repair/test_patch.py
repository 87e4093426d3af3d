import difflib

import pytest

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.patch import as_edit, changed_lines, in_words, lines_of_diff
from loopcutter_host.repair.source import Source

TEXT = "def grüße(n):\n    if n < 3:\n        return 'ß' * n\n    return n\n"


def candidate(old: str, new: str, at: str = "") -> tuple[Candidate, Source]:
    """The replacement of the first `old` after `at`."""
    start = TEXT.encode().index(old.encode(), TEXT.encode().index(at.encode()))
    source = Source("a.py", TEXT)
    return source.change(start, start + len(old.encode()), new, "comparison", 1), source


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<", "<="),
        ("'ß' * n", "'ß'"),
        ("        return 'ß' * n\n", ""),
        ("    return n\n", "    n += 1\n    return n\n"),
    ],
)
def test_the_edit_of_whole_lines_does_what_the_candidate_does(old: str, new: str) -> None:
    edit = as_edit(*candidate(old, new))
    assert edit["kind"] == "replace"
    assert TEXT.count(edit["search"]) == 1
    assert TEXT.replace(edit["search"], edit["replace"]) == TEXT.replace(old, new, 1)
    assert TEXT.splitlines()[edit["near_line"] - 1] == edit["search"].splitlines()[0]


def test_new_lines_are_anchored_at_the_line_before_them() -> None:
    source = Source("a.py", TEXT)
    after = source.after(source.functions[0].body[-1], ["print(n)"], "statement", 1)
    assert as_edit(after, source) == {
        "kind": "replace",
        "path": "a.py",
        "search": "    return n\n",
        "replace": "    return n\n    print(n)\n",
        "near_line": 4,
    }


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<", "<=", "line 2 of a.py: `<=` instead of `<` (comparison)"),
        ("        return 'ß' * n\n", "", "line 3 of a.py: without `return 'ß' * n` (comparison)"),
        ("    return n\n", "  return n\n", "line 4 of a.py: `return n` indented differently (comparison)"),
    ],
)
def test_a_patch_is_told_in_words(old: str, new: str, words: str) -> None:
    assert in_words(*candidate(old, new)) == words


@pytest.mark.parametrize(
    ("old", "new"), [("<", "<="), ("        return 'ß' * n\n", ""), ("    return n\n", "    return 1\n")]
)
def test_a_candidate_is_recognised_in_the_diff_it_leaves(old: str, new: str) -> None:
    after = TEXT.replace(old, new, 1)
    lines = difflib.unified_diff(TEXT.splitlines(True), after.splitlines(True), "a/a.py", "b/a.py")
    assert list(lines_of_diff("".join(lines))) == [changed_lines(*candidate(old, new))]
