"""What a small program of the benchmark is: code, cases that test it, further random inputs, and a bug made by hand."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

Arguments = tuple[Any, ...]
RANDOM_INPUTS = 300


@dataclass(frozen=True)
class Program:
    """One algorithm in a module of its own; its last function or class method is never called but through `entry`."""

    entry: str
    code: str
    cases: Sequence[Arguments]
    """What the tests call it with; the right answers are those of the code without a bug."""
    draw: Callable[[random.Random], Arguments]
    """Further inputs, to judge a patch by: the repairer never sees them."""
    bug: tuple[str, str]
    """One change by hand, of a kind that people make: these words, which are there once, become those."""

    @property
    def source(self) -> str:
        """The module without a bug."""
        return dedent(self.code).lstrip()

    @property
    def wrong(self) -> str:
        """The module with the bug made by hand."""
        before, after = self.bug
        if self.source.count(before) != 1:
            raise ValueError(f"{self.entry}: {before!r} is there {self.source.count(before)} times")
        return self.source.replace(before, after)

    def tests(self) -> str:
        """A test file: one test per case."""
        space: dict[str, Any] = {"__name__": "program"}
        exec(self.source, space)
        cases = [(each, space[self.entry](*copied(each))) for each in self.cases]
        rows = "".join(f"    ({arguments!r}, {answer!r}),\n" for arguments, answer in cases)
        return (
            f"import copy\n\nimport pytest\nfrom program import {self.entry}\n\nCASES = [\n{rows}]\n\n\n"
            '@pytest.mark.parametrize(("arguments", "answer"), CASES, ids=map(str, range(len(CASES))))\n'
            f"def test_{self.entry}(arguments, answer):\n"
            f"    assert {self.entry}(*copy.deepcopy(arguments)) == answer\n"
        )

    def inputs(self) -> list[Arguments]:
        """The further random inputs, always the same."""
        dice = random.Random(self.entry)
        return [self.draw(dice) for _ in range(RANDOM_INPUTS)]


def copied(arguments: Arguments) -> Arguments:
    """Arguments that a program may change."""
    return eval(repr(arguments))  # type: ignore[no-any-return]  # literals only


def numbers(dice: random.Random, most: int = 9, low: int = -9, high: int = 9) -> list[int]:
    """A short list of small numbers."""
    return [dice.randint(low, high) for _ in range(dice.randint(0, most))]


def word(dice: random.Random, letters: str = "abc", most: int = 9) -> str:
    """A short text."""
    return "".join(dice.choice(letters) for _ in range(dice.randint(0, most)))


def graph(dice: random.Random, most: int = 7, weighted: bool = False) -> dict[str, Any]:
    """Node → its successors; with weights, successor → weight."""
    nodes = "abcdefgh"[: dice.randint(1, most)]
    edges = {node: sorted(dice.sample(nodes, dice.randint(0, min(3, len(nodes))))) for node in nodes}
    return {node: {each: dice.randint(1, 9) for each in to} if weighted else to for node, to in edges.items()}
