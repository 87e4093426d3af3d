"""The command line: one server alone."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mcp import Client
from support.repository import fingerprint, make_repository, run_git
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


@contextmanager
def serving(store: Path) -> Iterator["tuple[subprocess.Popen[str], str]"]:
    """A server and its address; at its end it tells on stderr whether chromadb was loaded."""
    program = (
        "import sys, atexit; from loopcutter_retrieval.__main__ import main\n"
        "atexit.register(lambda: print('chromadb' in sys.modules, file=sys.stderr))\n"
        "main(['serve', '--store', sys.argv[1], '--lease', '--no-vectors'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(store)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["server"] == "retrieval"
        yield process, ready["url"].removesuffix("/mcp")


@pytest.mark.anyio
async def test_pushed_tree_is_searched_over_http(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "shop", REPOSITORY)
    tree = run_git(repository, "rev-parse", "HEAD^{tree}").strip()
    with serving(tmp_path / "store") as (process, address):
        run_git(repository, "push", "--quiet", f"{address}/git", "HEAD:refs/snapshots/first")
        async with Client(f"{address}/mcp") as client:
            result = await client.call_tool("search", {"tree": tree, "query": "load a price list", "limit": 1})
        assert result.structured_content is not None
        assert result.structured_content["places"][0]["symbol"] == "load_price_list"
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 0
    assert stderr.splitlines()[-1] == "False"
