"""The evaluation through its front door: the command."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support.repository import fingerprint, make_repository, run_git
from support.shelf import SHOP

COMMAND = [sys.executable, "-m", "loopcutter_retrieval", "eval"]
GOOD = {
    "id": "lists",
    "repo": "shop",
    "commit": "HEAD",
    "query": "price lists can't be loaded from disk",
    "files": ["shop/prices.py"],
    "functions": ["shop/prices.py::load_price_list"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository in it, whose working tree is not what is committed."""
    folder = tmp_path_factory.mktemp("evaluation")
    repository = make_repository(folder / "shop", {path: content.decode() for path, content in SHOP.items()})
    (repository / "shop" / "prices.py").write_text("nothing is left of it\n")
    return folder


def evaluate(folder: Path, *lines: object, options: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    instances = folder / "instances.jsonl"
    instances.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines))
    return subprocess.run([*COMMAND, str(instances), *options], capture_output=True, text=True, timeout=60)


def test_every_method_is_measured_and_the_repository_left_alone(folder: Path) -> None:
    tree = run_git(folder / "shop", "rev-parse", "HEAD^{tree}").strip()
    by_tree = {key: value for key, value in GOOD.items() if key not in ("commit", "functions")} | {
        "id": "new",
        "tree": tree,
        "query": "Cart.total is off",
        "files": ["shop/cart.py", "shop/new.py"],
    }
    before = fingerprint(folder / "shop")
    done = evaluate(folder, GOOD, "", by_tree, options=("--json",))
    assert (done.returncode, done.stderr) == (0, "")
    assert fingerprint(folder / "shop") == before
    found = json.loads(done.stdout)
    assert found["instances"] == 2
    assert list(found["methods"]) == ["flat", "bm25", "hybrid"]
    hybrid = found["methods"]["hybrid"]
    assert (hybrid["files"]["accuracy"]["@1"]["hits"], hybrid["files"]["accuracy"]["@1"]["of"]) == (1, 2)
    assert hybrid["files"]["recall"]["@10"] == 75.0
    assert hybrid["files"]["mrr"] == 1.0
    assert (hybrid["functions"]["accuracy"]["@5"]["hits"], hybrid["functions"]["accuracy"]["@5"]["of"]) == (1, 1)
    assert found["results"][0]["files"] == {"flat": 1, "bm25": 1, "hybrid": 1}
    assert found["results"][1] == {
        "id": "new",
        "absent": ["shop/new.py"],
        "files": {"flat": None, "bm25": None, "hybrid": None},
        "functions": {"flat": None, "bm25": None, "hybrid": None},
    }
    assert found["files_parsed"] == 6  # both trees are the same
    assert found["most_memory_mb"] > 10
    assert found["index_cpu_s"]["sum"] > 0


def test_figures_are_also_laid_out_for_people_and_drawn(folder: Path) -> None:
    done = evaluate(folder, GOOD, options=("--plot", str(folder / "figures.svg")))
    assert done.returncode == 0
    words = ["".join(text.itertext()) for text in ElementTree.parse(folder / "figures.svg").getroot()]
    assert {"flat", "bm25", "hybrid", "@1", "@10", "100"} <= set(words)
    assert "files     hybrid @1 100.0 (21-100)" in done.stdout
    assert "hybrid against flat, files @5: 0 better, 0 worse, p = 1" in done.stdout


def bad(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in (GOOD | {"id": "second"} | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{not json", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[1]", "it is no JSON object"),
        (bad(id="lists"), "line 1 has the id 'lists' already"),
        (bad(id=None), '"id" must be a text'),
        (bad(query=" "), '"query" must be a text'),
        (bad(query="?!"), '"query" has no words'),
        (bad(repo="nowhere"), '"repo" is no folder: nowhere'),
        (bad(commit=None), 'either "commit" or "tree"'),
        (bad(tree="HEAD"), 'either "commit" or "tree"'),
        (bad(commit="f" * 40), "git rev-parse failed"),
        (bad(commit="--all"), "git rev-parse failed"),
        (bad(files=[]), '"files" must name at least one file'),
        (bad(files="shop/cart.py"), '"files" must be a list of texts'),
        (bad(functions=["total"]), '"functions" must be spelt path::name'),
    ],
)
def test_bad_line_is_told_with_its_number(folder: Path, line: object, words: str) -> None:
    done = evaluate(folder, GOOD, line)
    assert done.returncode == 2
    assert "line 2 can't be evaluated" in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_empty_file_is_no_success(folder: Path) -> None:
    done = evaluate(folder, "")
    assert done.returncode == 2
    assert "holds no instance" in done.stderr
