"""The benchmark on clones that lack all but Python, as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

from support.repository import make_repository, run_git
from support.shelf import SHOP

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "retrieval" / "localise.py"


def test_clone_that_lacks_a_large_file_is_measured_without_vectors(tmp_path: Path) -> None:
    files = {path: content.decode() for path, content in SHOP.items()} | {"large.csv": "1,2,3\n" * 1000}
    repository = make_repository(tmp_path / "shop", files)
    lost = run_git(repository, "rev-parse", "HEAD:large.csv").strip()
    (repository / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    issue = {
        "id": "lists",
        "repo": "shop",
        "commit": "HEAD",
        "query": "price lists can't be loaded from disk",
        "files": ["shop/prices.py"],
        "functions": ["shop/prices.py::load_price_list"],
    }
    instances = tmp_path / "instances.jsonl"
    instances.write_text(json.dumps(issue) + "\n")
    options = ["--store", str(tmp_path / "store"), "--methods", "bm25", "hybrid"]
    options += ["--contexts", "--tokens-per-character", "0.2"]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(instances), *options], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "1 instances; percent with an interval of 95 percent; vectors: none"
    assert [line.split()[1] for line in lines if line.startswith("files")] == ["bm25", "hybrid"]
    assert [line.partition(":")[0] for line in lines if line.startswith("context")] == [
        f"context of {budget} tokens, {rate} a character"
        for rate in ("estimated", "0.2")
        for budget in (4000, 8000, 32000)
    ]
    assert all("whole 100.0 % (21-100)" in line for line in lines if line.startswith("context"))
