"""Seeds one-edit bugs: an operator by chance, then a place by chance."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from marked_text import Text
from operators import OPERATORS


@dataclass(frozen=True)
class Bug:
    """One edit: characters `start` to `end` become `text`."""

    operator: str
    start: int
    end: int
    text: str

    def apply(self, source: str) -> str:
        """The text with the bug."""
        return source[: self.start] + self.text + source[self.end :]


def bugs(source: str, dice: random.Random) -> Iterator[Bug]:
    """Endlessly: an operator by chance, then a place by chance. Only what still compiles."""
    text = Text(source)
    while True:
        operator = dice.choice(sorted(OPERATORS))
        choices = [change for node in text.nodes for change in OPERATORS[operator](node, text, dice)]
        for change in [dice.choice(choices)] if choices else ():
            bug = Bug(operator, *change)
            try:
                compile(bug.apply(source), "<bug>", "exec", dont_inherit=True)
            except (SyntaxError, ValueError):
                continue
            if bug.apply(source) != source:
                yield bug
