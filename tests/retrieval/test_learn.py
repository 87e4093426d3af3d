"""benchmarks/retrieval/learn.py: weights learnt from evidence whose right answer is known."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from loopcutter_retrieval.rank import WEIGHTS
from loopcutter_retrieval.suspects import SYMBOL_WEIGHTS

LEARN = Path(__file__).parents[2] / "benchmarks" / "retrieval" / "learn.py"
ISSUES, CANDIDATES = 30, 20


def write(folder: Path, telling: str, ends: str, names: list[str], seed: int) -> None:
    """Issues of three projects in which one kind of evidence is high where the answer is, and the others are noise."""
    chance = np.random.default_rng(seed)
    for number in range(ISSUES):
        right = np.zeros(CANDIDATES, bool)
        right[chance.integers(CANDIDATES)] = True
        evidence = {name: chance.uniform(0, 1, CANDIDATES) for name in names}
        evidence[telling] = np.where(right, 1.0, chance.uniform(0, 0.9, CANDIDATES))
        np.savez(folder / f"project{number % 3}__issue-{number}{ends}", right=right, **evidence)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "evidence"
    made.mkdir()
    write(made, "path_said", ".npz", [name.replace(" ", "_") for name in WEIGHTS], 1)
    write(made, "symbols_", ".symbols.npz", [f"{name}_" for name in SYMBOL_WEIGHTS], 2)
    return made


def learn(*arguments: str) -> str:
    done = subprocess.run([sys.executable, str(LEARN), *arguments], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def learnt(output: str) -> dict[str, list[tuple[float, float]]]:
    """The new and the old weight by name; of files and of symbols where both have one of that name."""
    found: dict[str, list[tuple[float, float]]] = {}
    for line in output.splitlines():
        if line.startswith('    "'):
            name, _, rest = line.strip().partition(": ")
            new, _, old = rest.partition(",  # ")
            found.setdefault(name.strip('"'), []).append((float(new), float(old)))
    return found


def hits(output: str, what: str) -> list[list[float]]:
    rows = [line.split("[")[1].rstrip("]") for line in output.splitlines() if line.strip().startswith(what)]
    return [[float(number) for number in row.split(",")] for row in rows]


def test_evidence_that_tells_gains_weight_and_noise_loses_it(folder: Path) -> None:
    found = learnt(learn(str(folder)))
    new, old = found["path said"][0]
    assert new > old + 0.5
    new, old = found["symbols"][1]
    assert new > old + 0.5
    assert found["title"][0][0] < found["title"][0][1]
    assert min(new for both in found.values() for new, _ in both) >= 0


def test_projects_are_ranked_by_what_the_others_taught_and_better_for_it(folder: Path) -> None:
    output = learn(str(folder))
    for before, after in zip(hits(output, "in force"), hits(output, "by other repositories"), strict=True):
        assert after[0] > before[0]
        assert after == sorted(after)


def test_instances_to_check_are_not_learnt_from(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write(other, "beside", ".npz", [name.replace(" ", "_") for name in WEIGHTS], 3)
    output = learn(str(folder), "--check", str(other))
    assert learnt(output) == learnt(learn(str(folder)))
    assert len(hits(output, "check, new")) == 1


def test_each_miss_is_told_with_what_it_lacked(folder: Path) -> None:
    output = learn(str(folder), "--misses")
    told = [line for line in output.splitlines() if ": rank " in line]
    assert told
    assert all("behind the first by " in line for line in told)
