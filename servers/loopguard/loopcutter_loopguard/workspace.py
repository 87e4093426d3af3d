"""Where the workspace stands: which state it is in, which were there before, and which was the best."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TypeVar

from loopcutter_loopguard.edit import Edit
from loopcutter_loopguard.events import Tests
from loopcutter_loopguard.step import Step

Key = TypeVar("Key")
Value = TypeVar("Value")

REMEMBERED = 4096
"""States, trees and checkpoints that are kept; the oldest are forgotten first."""


class Bounded(OrderedDict[Key, Value]):
    """A dictionary that forgets its oldest entries."""

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        if len(self) > REMEMBERED:
            self.popitem(last=False)


@dataclass
class Workspace:
    """Follows the workspace step by step: by its tree where one is told, by the edits otherwise."""

    state: int = 0
    tree: str | None = None
    _trees: Bounded[str, int] = field(default_factory=Bounded)
    _moves: Bounded[str, int] = field(default_factory=Bounded)
    _count: int = 0
    _last: tuple[Edit, int] | None = None
    """The last edit and the state before it."""

    @property
    def newest(self) -> int:
        """The newest state there is; every later one has a higher number."""
        return self._count

    def after(self, step: Step) -> tuple[int, bool]:
        """The state that `step` left behind, and whether the workspace was never in it before."""
        if step.tree is not None:
            if self.tree is None and not _moves(step):
                self._trees[step.tree] = self.state
            # A tree that stays as it is proves that no file moved; what lies around it may have.
            aside = (
                step.action.changes
                and step.action.kind not in ("edit", "switch")
                and step.answer is not None
                and step.answer.ok
            )
            if self._trees.get(step.tree, -1) == self.state and not (aside and self._moves.get(_move(step)) is None):
                self.tree = step.tree
                return self.state, False
            if step.tree == self.tree and aside and self._moves.get(_move(step)) is None:
                self._count += 1
                self.state = self._trees[step.tree] = self._moves[_move(step)] = self._count
                return self.state, True
        elif not _moves(step):
            return self.state, False
        before = self.state
        known = self._known(step)
        if known is None:
            self._count += 1
        self.state = self._count if known is None else known
        self._moves[_move(step)] = self.state
        if step.tree is not None:
            self._trees.setdefault(step.tree, self.state)
            self.tree = step.tree
        if step.edit is not None:
            self._last = step.edit, before
        return self.state, known is None

    def _known(self, step: Step) -> int | None:
        if step.tree is not None and step.tree in self._trees:
            return self._trees[step.tree]
        if step.tree is None and step.edit is not None and self._last is not None and step.edit.undoes(self._last[0]):
            return self._last[1]
        # Recordings often follow the tree only as far as they show it: the same move with the same answer leads
        # to the same place, whatever name the place was given this time.
        return None if step.tree is not None else self._moves.get(_move(step))


def _move(step: Step) -> str:
    return f"{step.action.key} {step.answer.key if step.answer else ''}"


def _moves(step: Step) -> bool:
    """Whether a call whose tree nobody told moved the workspace, as far as one can see."""
    if step.diff is not None:
        return True
    if step.answer is not None and not step.answer.ok:
        return False
    return step.action.changes or step.edit is not None


@dataclass
class Checkpoints:
    """Which checkpoint has most tests green."""

    _trees: Bounded[str, str] = field(default_factory=Bounded)
    _results: Bounded[str, dict[str, bool]] = field(default_factory=Bounded)
    _tree: str | None = None

    def learn(self, tree: str | None, checkpoint: str | None, tests: Tests | None) -> None:
        """Take in what an outcome says about a tree."""
        tree = tree or self._tree
        self._tree = tree
        if tree is None:
            return
        if checkpoint is not None:
            self._trees.setdefault(checkpoint, tree)
        if tests is not None:
            results = self._results.setdefault(tree, {})
            results.update(dict.fromkeys(tests.passed[:20_000], True))
            results.update(dict.fromkeys((*tests.failed, *tests.errors)[:20_000], False))

    @property
    def best(self) -> str | None:
        """The checkpoint to go back to: most tests green, then fewest red, then the earliest."""
        ranked = [(self._score(tree), -position, name) for position, (name, tree) in enumerate(self._trees.items())]
        return max(ranked)[2] if ranked else None

    def _score(self, tree: str) -> tuple[int, int]:
        results = self._results.get(tree, {})
        green = sum(results.values())
        return green, green - len(results)
