"""What can hardly work with the things that names hold."""

import ast
from textwrap import dedent

import pytest

from loopcutter_host.repair.kinds import Kinds, plausibility

CODE = dedent(
    """
    def joined(self, words, width):
        lines, length = [], 0
        for number, word in enumerate(words):
            length += len(word) + 1
            if length > width - 2:
                lines.append(word.strip())
                self.count = self.count + 1
        return lines
    """
)
KINDS = Kinds(ast.parse(CODE), methods={"joined"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("length += len(word) + 1", "length += len(number) + 1"),
        ("length += len(word) + 1", "length += lines + 1"),
        ("if length > width - 2:", "if length > lines - 2:"),
        ("elif length > width:", "elif length > lines:"),
        ("lines.append(word.strip())", "lines.add(word.strip())"),
        ("lines.append(word.strip())", "lines.append(length.strip())"),
        ("self.count = self.count + 1", "self.count = self.count[0] + 1"),
        ("return lines", "return self.joined"),
        ("return lines", "return lines.append(word)"),
        ("for number, word in enumerate(words):", "for number, word in enumerate(length):"),
    ],
)
def test_a_change_that_makes_kinds_clash_is_less_likely(old: str, new: str) -> None:
    assert plausibility(f"    {old}\n", f"    {new}\n", KINDS) < 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("length += len(word) + 1", "length += len(words) + 1"),
        ("if length > width - 2:", "if length >= width - 2:"),
        ("return lines", "return lines[1:]"),
        ("return lines", "return sorted(lines)"),
        ("return lines", "return unknown(lines)[0] + 1"),
        ("return lines + 1", "return lines + 2"),
        ("return (", "return [("),
    ],
)
def test_what_may_be_meant_costs_nothing(old: str, new: str) -> None:
    assert plausibility(f"    {old}\n", f"    {new}\n", KINDS) == 1


def test_a_name_that_is_used_as_several_kinds_has_none() -> None:
    kinds = Kinds(ast.parse("def f(x):\n    for y in x:\n        pass\n    return x - 1\n"))
    assert kinds.of(ast.Name("x", ast.Load())) == ""
