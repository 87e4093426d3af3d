"""Learns what each kind of evidence should count, from what localise.py --evidence wrote.

    python benchmarks/retrieval/learn.py FOLDER [FOLDER …] [--check FOLDER] [--misses]

The weights make the right files (functions) likely among the considered ones: a softmax over each instance's
candidates, gradient descent, no weight below zero, and a pull back to the weights in force, since there are but a few
hundred instances. Printed are hits at 1, 3, 5 and 10 with the weights in force, with the new ones when each repository
is ranked by what the others taught, and with both on the instances of --check, which were not learnt from. With
--misses follows each instance that has something right beyond the first five, and which evidence that has or lacks.
"""

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from loopcutter_retrieval.rank import WEIGHTS
from loopcutter_retrieval.suspects import SYMBOL_WEIGHTS

DEPTHS = (1, 3, 5, 10)


@dataclass(frozen=True)
class Issue:
    """One instance: its candidates' evidence, a row each, and which of them are right."""

    id: str
    evidence: np.ndarray
    right: np.ndarray

    @property
    def repository(self) -> str:
        return self.id.partition("__")[0]

    def last_rank(self, weights: np.ndarray) -> int:
        """From which depth on everything right is found, counted from 0."""
        return int(np.flatnonzero(self.right[np.argsort(-(self.evidence @ weights), kind="stable")]).max())


def files_in(folder: Path) -> list[Issue]:
    paths = sorted(path for path in folder.glob("*.npz") if not path.name.endswith(".symbols.npz"))
    return loaded(paths, [name.replace(" ", "_") for name in WEIGHTS])


def symbols_in(folder: Path) -> list[Issue]:
    return loaded(sorted(folder.glob("*.symbols.npz")), [f"{name}_" for name in SYMBOL_WEIGHTS])


def loaded(paths: list[Path], names: list[str]) -> list[Issue]:
    found = []
    for path in paths:
        with np.load(path) as kept:
            if kept["right"].any():
                evidence = np.stack([kept[name] for name in names], axis=1)
                found.append(Issue(path.name.partition(".")[0], evidence, kept["right"]))
    return found


def hits(last_ranks: Iterable[int]) -> list[float]:
    """Percent of the instances whose right candidates are all among the first."""
    last = np.array(list(last_ranks))
    return [round(100 * float(np.mean(last < depth)), 1) for depth in DEPTHS]


def fitted(issues: list[Issue], start: np.ndarray, steps: int = 150, pull: float = 0.01) -> np.ndarray:
    """Adam on the cross-entropy of the right candidates."""
    weights, mean, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
    pace = 0.08
    for step in range(1, steps + 1):
        gradient = np.zeros_like(start)
        for one in issues:
            scores = one.evidence @ weights
            likely = np.exp(scores - scores.max())
            gradient += one.evidence.T @ (likely / likely.sum() - one.right / one.right.sum())
        gradient = gradient / len(issues) + pull * (weights - start)
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        weights = weights - pace * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        weights = np.maximum(weights, 0)
        pace *= 0.97 if step > 0.6 * steps else 1.0
    return weights


def across_repositories(issues: list[Issue], start: np.ndarray) -> list[int]:
    """The last rank of each instance by weights that its repository had no part in."""
    ranks = {}
    for repository in sorted({one.repository for one in issues}):
        others = [one for one in issues if one.repository != repository]
        weights = fitted(others, start) if others else start
        ranks |= {one.id: one.last_rank(weights) for one in issues if one.repository == repository}
    return list(ranks.values())


def report(what: str, current: Mapping[str, float], learnt: list[Issue], check: list[Issue], misses: bool) -> None:
    if not learnt:
        return
    start = np.array(list(current.values()))
    weights = fitted(learnt, start)
    print(f"{what}: {len(learnt)} instances learnt from, {len(check)} to check; hits at {DEPTHS}")
    print(f"  in force                {hits(one.last_rank(start) for one in learnt)}")
    print(f"  by other repositories   {hits(across_repositories(learnt, start))}")
    if check:
        print(f"  check, in force         {hits(one.last_rank(start) for one in check)}")
        print(f"  check, new              {hits(one.last_rank(weights) for one in check)}")
    for name, old, new in zip(current, start, weights, strict=True):
        print(f'    "{name}": {new:.2f},  # {old:.2f}')
    for one in [*learnt, *check] if misses else []:
        told_miss(one, list(current), start)


def told_miss(one: Issue, names: list[str], weights: np.ndarray) -> None:
    rank = one.last_rank(weights)
    if rank < 5:
        return
    scores = one.evidence @ weights
    last = np.argsort(-scores, kind="stable")[rank]
    behind = (one.evidence[scores.argmax()] - one.evidence[last]) * weights
    lacks = ", ".join(f"{names[at]} {behind[at]:.1f}" for at in np.argsort(-behind)[:4])
    has = ", ".join(f"{names[at]} {-behind[at]:.1f}" for at in np.argsort(behind)[:2] if behind[at] < 0)
    print(f"  {one.id}: rank {rank + 1}; behind the first by {lacks}; ahead by {has or 'nothing'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--check", type=Path, nargs="*", default=[])
    parser.add_argument("--misses", action="store_true")
    chosen = parser.parse_args()
    for what, read, current in (
        ("files", files_in, WEIGHTS),
        ("symbols", symbols_in, SYMBOL_WEIGHTS),
    ):
        report(
            what,
            current,
            [one for folder in chosen.folders for one in read(folder)],
            [one for folder in chosen.check for one in read(folder)],
            chosen.misses,
        )


if __name__ == "__main__":
    main()
