"""Code that can hardly be meant is what is changed first: the original is among the first candidates."""

import ast
from textwrap import dedent

import pytest

from loopcutter_host.repair.hints import Hints
from loopcutter_host.repair.ranking import Ranking
from loopcutter_host.repair.source import Source

SMELLS = {
    "a value that is computed and dropped": (
        """
        def mean(values):
            total = sum(values)
            total / len(values)
        """,
        "    total / len(values)",
        "    return total / len(values)",
        3,
    ),
    "a constant that stands alone": (
        """
        def position(wanted, values):
            for number, value in enumerate(values):
                if value == wanted:
                    return number
            -1
        """,
        "    -1",
        "    return -1",
        3,
    ),
    "a loop that never has a second round": (
        """
        def total(values):
            added = 0
            for value in values:
                added += value
                return added
        """,
        "        return added",
        "    return added",
        5,
    ),
    "what a loop binds, read when it is over": (
        """
        def doubled(values):
            found = []
            for value in values:
                twice = 2 * value
            found.append(value + twice)
            return found
        """,
        "    found.append(value + twice)",
        "        found.append(value + twice)",
        20,
    ),
    "a sum that nothing is added to": (
        """
        def weight(parts):
            kilos = 0
            for part in parts:
                grams = part.size
            return kilos
        """,
        "        grams = part.size",
        "        grams = part.size\n        kilos += grams",
        25,
    ),
    "a list that is kept while it goes on changing": (
        """
        def prefixes(values):
            chosen, found = [], []
            for value in values:
                chosen.append(value)
                found.append(chosen)
            return found
        """,
        "found.append(chosen)",
        "found.append(list(chosen))",
        30,
    ),
    "the first of perhaps nothing": (
        """
        def merged(spans):
            result = []
            for start, end in spans:
                if start <= result[-1]:
                    result[-1] = end
                else:
                    result.append(end)
            return result
        """,
        "if start <= result[-1]:",
        "if result and start <= result[-1]:",
        50,
    ),
    "the next of a ring": (
        """
        class Ring:
            def move(self):
                self.head = self.head % len(self.slots)
        """,
        "self.head % len",
        "(self.head + 1) % len",
        20,
    ),
}


@pytest.mark.parametrize("smell", SMELLS)
def test_code_that_can_hardly_be_meant_is_changed_first(smell: str) -> None:
    text, wrong, right, among = SMELLS[smell]
    text = dedent(text).lstrip()
    source = Source("code.py", text)
    wanted = ast.dump(ast.parse(text.replace(wrong, right)))
    heat = dict.fromkeys(range(2, text.count("\n") + 1), 1.0)
    candidates = list(Ranking({"code.py": source}, {"code.py": heat}, ()).candidates(Hints()))
    changed = [source.slice(0, each.start) + each.text + text[each.end :] for each in candidates[:among]]
    assert wanted in [ast.dump(ast.parse(each)) for each in changed]


def test_a_docstring_is_no_forgotten_return() -> None:
    text = 'def nothing():\n    """Give nothing."""\n    return None\n'
    ranking = Ranking({"code.py": Source("code.py", text)}, {"code.py": dict.fromkeys((1, 2, 3), 1.0)}, ())
    assert not [each for each in ranking.candidates(Hints()) if each.text == "return " and each.line == 2]
