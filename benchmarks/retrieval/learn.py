"""Learns what each kind of evidence should count, from what localise.py --evidence wrote.

    python benchmarks/retrieval/learn.py FOLDER [FOLDER …] [--check FOLDER]

The weights make the right files (functions) likely among the considered ones: a softmax over each instance's
candidates, gradient descent, no weight below zero. Printed are hits at 1, 3, 5 and 10 with the weights in force, with
the new ones in five-fold cross-validation, and with both on the instances of --check, which were not learnt from.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from loopcutter_retrieval.rank import SYMBOL_WEIGHTS, WEIGHTS

DEPTHS = (1, 3, 5, 10)
FOLDS = 5
Instances = list[tuple[np.ndarray, np.ndarray]]


def files_in(folder: Path) -> Instances:
    paths = sorted(path for path in folder.glob("*.npz") if not path.name.endswith(".symbols.npz"))
    return loaded(paths, [name.replace(" ", "_") for name in WEIGHTS])


def symbols_in(folder: Path) -> Instances:
    return loaded(sorted(folder.glob("*.symbols.npz")), [f"{name}_" for name in (*SYMBOL_WEIGHTS, "neighbour")])


def loaded(paths: list[Path], names: list[str]) -> Instances:
    """The evidence of each instance, a row a candidate, and which candidates are right."""
    found = []
    for path in paths:
        with np.load(path) as kept:
            if kept["right"].any():
                found.append((np.stack([kept[name] for name in names], axis=1), kept["right"]))
    return found


def hits(instances: Instances, weights: np.ndarray) -> list[float]:
    """Percent of the instances whose right candidates are all among the first."""
    last = [np.flatnonzero(right[np.argsort(-(one @ weights), kind="stable")]).max() for one, right in instances]
    return [round(100 * float(np.mean([at < depth for at in last])), 1) for depth in DEPTHS]


def fitted(
    instances: Instances, start: np.ndarray, steps: int = 400, pace: float = 0.05, decay: float = 0.02
) -> np.ndarray:
    """Adam on the cross-entropy of the right candidates."""
    weights, mean, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, steps + 1):
        gradient = decay * weights
        for one, right in instances:
            scores = one @ weights
            likely = np.exp(scores - scores.max())
            gradient += one.T @ (likely / likely.sum() - right / right.sum())
        gradient /= len(instances)
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weights -= pace * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights = np.maximum(weights, 0)
    return weights


def folded(instances: Instances, start: np.ndarray) -> list[float]:
    """Hits on instances that the weights were not learnt from, averaged over the folds."""
    order = np.random.default_rng(0).permutation(len(instances))
    results = []
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS].tolist())
        weights = fitted([one for at, one in enumerate(instances) if at not in held], start)
        results.append(hits([instances[at] for at in sorted(held)], weights))
    return [round(float(figure), 1) for figure in np.mean(results, axis=0)]


def report(what: str, current: Mapping[str, float], learnt: Instances, check: Instances) -> None:
    if not learnt:
        return
    start = np.array(list(current.values()))
    weights = fitted(learnt, start)
    print(f"{what}: {len(learnt)} instances learnt from, {len(check)} to check; hits at {DEPTHS}")
    print(f"  in force  {hits(learnt, start)}  folds {folded(learnt, start)}  all {hits(learnt, weights)}")
    if check:
        print(f"  check     {hits(check, start)} in force, {hits(check, weights)} new")
    for name, old, new in zip(current, start, weights, strict=True):
        print(f'    "{name}": {new:.2f},  # {old:.2f}')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--check", type=Path, nargs="*", default=[])
    chosen = parser.parse_args()
    for what, read, current in (
        ("files", files_in, WEIGHTS),
        ("symbols", symbols_in, SYMBOL_WEIGHTS | {"neighbour": 1.0}),
    ):
        report(
            what,
            current,
            [one for folder in chosen.folders for one in read(folder)],
            [one for folder in chosen.check for one in read(folder)],
        )


if __name__ == "__main__":
    main()
