"""What the ranking alone offers for one file, whose lines but the first are all suspicious; nothing is run."""

import ast
from textwrap import dedent

from loopcutter_host.repair.hints import Hints
from loopcutter_host.repair.ranking import Ranking
from loopcutter_host.repair.source import Source


def offered(text: str, among: int) -> list[ast.Module]:
    """The trees that the first candidates make of the file."""
    source = Source("code.py", text)
    heat = dict.fromkeys(range(2, text.count("\n") + 1), 1.0)
    candidates = list(Ranking({"code.py": source}, {"code.py": heat}, ()).candidates(Hints()))
    changed = [source.slice(0, each.start) + each.text + text[each.end :] for each in candidates[:among]]
    return [ast.parse(each) for each in changed]


def is_offered(text: str, wrong: str, right: str, among: int) -> bool:
    """Whether `right` in the place of `wrong`, which is there once, is what one of the first candidates makes."""
    text = dedent(text).lstrip()
    assert text.count(wrong) == 1
    wanted = ast.dump(ast.parse(text.replace(wrong, right)))
    return wanted in [ast.dump(each) for each in offered(text, among)]
