"""The command line: one server alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

from support.repository import fingerprint, make_repository
from support.shelf import SHOP

REPOSITORY = {path: content.decode() for path, content in SHOP.items()}
COMMAND = [sys.executable, "-m", "loopcutter_retrieval"]


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_search_of_a_local_repository_changes_nothing_in_it(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "shop", REPOSITORY)
    before = fingerprint(repository)
    done = run("search", str(repository), "load a price list", "--json", "--limit", "1")
    assert done.stderr == ""
    (place,) = json.loads(done.stdout)["places"]
    assert (place["path"], place["symbol"]) == ("shop/prices.py", "load_price_list")
    assert fingerprint(repository) == before


def test_search_prints_a_line_a_place_and_can_keep_the_index(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "shop", REPOSITORY)
    outputs = [run("search", str(repository), "price list", "--store", str(tmp_path / "kept")).stdout for _ in range(2)]
    assert outputs[0] == outputs[1]
    assert "shop/prices.py:10  load_price_list" in outputs[0].splitlines()[0]
    assert (tmp_path / "kept" / "index.sqlite").is_file()


def test_folder_without_a_commit_is_told(tmp_path: Path) -> None:
    done = run("search", str(tmp_path), "x")
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert "git" in done.stderr


def test_served_process_says_where_and_loads_no_vectors_for_it(tmp_path: Path) -> None:
    program = (
        "import sys, atexit; from loopcutter_retrieval.__main__ import main\n"
        "atexit.register(lambda: print('chromadb' in sys.modules, file=sys.stderr))\n"
        "main(['serve', '--store', sys.argv[1], '--lease'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["server"] == "retrieval"
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 0
    assert stderr.splitlines()[-1] == "False"
