"""The command `loopcutter-vcs`, as a host or a person starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mcp import Client

HEAVY = {"mcp", "git", "tree_sitter", "pydantic", "uvicorn", "starlette"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "loopcutter_vcs", *arguments]


def environment(**variables: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LOOPCUTTER")} | variables


@contextmanager
def serving(*arguments: str, **variables: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The server, and its address."""
    with subprocess.Popen(
        command("serve", *arguments), env=environment(**variables), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


def refused(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        command("serve", *arguments), env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.anyio
async def test_the_served_repository_can_be_opened_and_the_server_stops_cleanly(shop: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    with serving("--repository", f"mine={shop}", "--store", str(store)) as (process, url):
        async with Client(url) as client:
            opened = (await client.call_tool("open", {"repository": "mine", "files": True})).structured_content
        worktrees = list((store / "work").glob("*/*/tree"))
        process.terminate()
        code = process.wait(timeout=20)
    assert opened is not None
    assert (opened["repository"], len(worktrees), code) == ("mine", 1, 0)
    assert list((store / "work").iterdir()) == []


@pytest.mark.anyio
async def test_a_killed_server_loses_nothing_and_the_next_one_sweeps_up(shop: Path, tmp_path: Path) -> None:
    arguments = ("--repository", str(shop), "--store", str(tmp_path / "store"))
    edit = {"kind": "replace", "path": "README.md", "search": "Shop", "replace": "Store"}
    with serving(*arguments) as (process, url):
        async with Client(url) as client:
            opened = (await client.call_tool("open", {"files": True})).structured_content or {}
            await client.call_tool("edit", {"workspace": opened["workspace"], "edits": [edit]})
        process.kill()
    [left] = (tmp_path / "store" / "work").glob("*/*/tree")
    with serving(*arguments) as (_, url):
        async with Client(url) as client:
            swept = not left.exists()
            applied = await client.call_tool("apply", {"workspace": opened["workspace"]})
    assert (swept, applied.is_error) == (True, False)
    assert (shop / "README.md").read_text() == "# Store\n"


def test_help_imports_nothing_heavy() -> None:
    program = "import sys; from loopcutter_vcs.__main__ import main; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()


def test_a_store_inside_the_repository_is_wrong_usage(shop: Path) -> None:
    code, said = refused("--repository", str(shop), "--store", str(shop / "store"))
    assert (code, "lies inside the repository" in said) == (2, True)


@pytest.mark.parametrize("remote", ["sandbox", "=http://x", "sandbox=ftp://x/mcp", "sandbox=http://user:secret@x/mcp"])
def test_a_remote_without_a_name_or_an_http_address_is_wrong_usage(shop: Path, tmp_path: Path, remote: str) -> None:
    code, said = refused("--repository", str(shop), "--store", str(tmp_path / "store"), "--remote", remote)
    assert (code, "is not NAME=URL with an http or https address" in said) == (2, True)


def test_two_repositories_of_one_name_are_wrong_usage(shop: Path, tmp_path: Path) -> None:
    code, said = refused("--repository", str(shop), "--repository", f"shop={tmp_path}", "--store", str(tmp_path / "s"))
    assert (code, "are called 'shop'" in said) == (2, True)


def test_a_remote_token_others_can_read_is_wrong_usage(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret")
    (tmp_path / "token").chmod(0o644)
    options = (
        "--repository",
        str(shop),
        "--store",
        str(tmp_path / "s"),
        "--remote-token-file",
        str(tmp_path / "token"),
    )
    code, said = refused(*options)
    assert (code, "chmod 600" in said) == (2, True)
