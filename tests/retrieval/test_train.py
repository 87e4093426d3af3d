"""benchmarks/retrieval/train.py: word vectors made of the source in wheels, as a user makes them.

The training needs scipy, which is no dependency of the project; reading the wheels does not.
"""

import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from loopcutter_retrieval.embedding import Trained
from loopcutter_retrieval.tokens import term

BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "retrieval"
ACTIONS = (
    ("erases the folder with everything below", "shutil.rmtree(directory)\n    os.rmdir(directory)"),
    ("asks the server over the network for an answer", "socket.connect(address)\n    return socket.recv(size)"),
    ("adds up all prices of the basket", "total = sum(prices)\n    return total * quantity"),
)


def wheel(path: Path) -> None:
    """Ninety functions that do one of three things each, every one described in words of its own."""
    functions = []
    for at in range(90):
        said, done = ACTIONS[at % 3]
        own = "".join("abcdefghij"[int(digit)] for digit in f"{at:02}") + "um"
        functions.append(
            f'def step(given):\n    """First {own} {said}.\n\n    Then the others."""\n    # none is left\n    {done}\n'
        )
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("shop/steps.py", "\n".join(functions))
        made.writestr("shop/_vendor/stolen.py", "def zorblify(stolen):\n    return stolen\n" * 20)


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name in ("shop", "store", "market", "webob"):
        wheel(folder / f"{name}-1.0-py3-none-any.whl")
    return folder


def test_symbols_are_taken_apart_and_what_is_of_others_is_left_out(wheels: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from sources import *\n"
        "one = package(Path(sys.argv[1]))\n"
        "print(one.name, len(one.kinds), *(int(sizes[1]) for sizes in one.sizes), "
        f"{term('zorblifi')} in one.terms[CODE], {term('eras')} in one.terms[FIRST], {term('eras')} in one.terms[CODE])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(wheels / "shop-1.0-py3-none-any.whl")],
        capture_output=True, text=True, check=False, cwd=BENCHMARKS,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.split() == ["shop", "91", "1", "8", "6", "1", "1", "False", "True", "False"]


@pytest.mark.skipif(find_spec("scipy") is None, reason="training needs scipy")
def test_what_is_said_of_code_is_trained_to_lie_near_it(wheels: Path, tmp_path: Path) -> None:
    out = tmp_path / "made.npz"
    options = ["--wheels", str(wheels), "--steps", "60", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "train.py"), *options], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("webob {'words': ")
    with np.load(out) as kept:
        assert sorted(kept) == ["codes", "scales", "terms"]
        assert kept["codes"].shape == (len(kept["terms"]), Trained.dimensions // 2)
        vectors = np.stack([kept["codes"] & 15, kept["codes"] >> 4], axis=2).reshape(-1, Trained.dimensions) - 8.0
        vectors = vectors * kept["scales"][:, None]
        where = {name: int(np.flatnonzero(kept["terms"] == term(name))[0]) for name in ("folder", "rmtre", "sum")}
    folder, rmtree, total = (vectors[at] / np.linalg.norm(vectors[at]) for at in where.values())
    assert folder @ rmtree > folder @ total + 0.3
