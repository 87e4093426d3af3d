import pytest

from loopcutter_host.repair.parallel import Parallels

TEXT = """\
def around(row, column, height, width):
    rows = range(max(0, row - 1), min(height, row + 2))
    # the same for columns
    columns = range(max(0, column - 1), min(width, column + 1))
    return rows, columns


def water(left, right):
    most = max(most, left)
    total += most - left
    top = max(top, right)
    total += most - right
"""


def factor(old: str, new: str) -> float:
    lines = [line for line in TEXT.splitlines(keepends=True) if "#" not in line]
    at = next(number for number, line in enumerate(lines) if old in line)
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return Parallels([TEXT]).factor(lines[at - 1], lines[at], lines[at].replace(old, new), following)


@pytest.mark.parametrize(
    ("old", "new"),
    [("min(width, column + 1)", "min(width, column + 2)"), ("total += most - right", "total += top - right")],
    ids=["one line", "two lines"],
)
def test_a_line_that_becomes_like_its_parallel_is_likelier(old: str, new: str) -> None:
    assert factor(old, new) > 1


def test_a_line_that_no_longer_is_like_its_parallel_is_less_likely() -> None:
    same = "def f(a, b, c, d):\n    low = max(0, min(a, b - 1))\n    high = max(0, min(c, d - 1))\n"
    before, one, other = same.splitlines(keepends=True)
    assert Parallels([same]).factor(one, other, other.replace("- 1", "- 2"), "") < 1
    assert Parallels([same]).factor(before, one, one.replace("b - 1", "a - 1"), other) < 1


def test_without_a_parallel_nothing_speaks_for_or_against() -> None:
    assert factor("return rows, columns", "return columns, rows") == 1
    assert factor("return rows, columns", "return rows\n    return columns") == 1
