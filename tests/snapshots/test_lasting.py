"""A git that stays says the same as one that is started for each question, also after it was killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.repository import make_repository, run_git

from loopcutter_snapshots import Lasting, Object, listed_mode, tree_entries


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = {"README.md": "# Shop\n", "shop/cart.py": "x = 1\n"}
    return make_repository(tmp_path / "shop", files)


@pytest.fixture
def contents(repository: Path) -> Iterator[Lasting]:
    lasting = Lasting(repository / ".git", "--batch")
    yield lasting
    lasting.close()


def test_a_name_stands_for_an_object_with_its_content(repository: Path, contents: Lasting) -> None:
    blob = run_git(repository, "rev-parse", "HEAD:README.md").strip()
    assert contents.ask("HEAD:README.md") == (Object(blob, "blob", 7), b"# Shop\n")
    assert contents.ask_all(["nothing", blob]) == [(None, b""), (Object(blob, "blob", 7), b"# Shop\n")]


def test_facts_come_without_content(repository: Path) -> None:
    facts = Lasting(repository / ".git", "--batch-check")
    told = [facts.ask(name) for name in ("HEAD", "HEAD^{tree}", "HEAD:README.md")]
    facts.close()
    assert [(found.kind, content) for found, content in told if found] == [
        ("commit", b""),
        ("tree", b""),
        ("blob", b""),
    ]


def test_a_git_that_was_killed_is_started_anew(contents: Lasting) -> None:
    before = contents.ask("HEAD:shop/cart.py")
    assert contents._process is not None
    os.kill(contents._process.pid, signal.SIGKILL)
    contents._process.wait()
    assert contents.ask("HEAD:shop/cart.py") == before


def test_a_tree_is_listed_as_git_lists_it(repository: Path, contents: Lasting) -> None:
    (repository / "run").write_text("#!/bin/sh\n")
    (repository / "run").chmod(0o755)
    (repository / "link").symlink_to("run")
    run_git(repository, "add", "--all")
    run_git(repository, "commit", "--quiet", "--message=more")
    listed = [line.split(None, 3) for line in run_git(repository, "ls-tree", "HEAD").splitlines()]
    found = tree_entries(contents.ask("HEAD^{tree}")[1])
    assert [(listed_mode(mode), identity, name.decode()) for name, mode, identity in found] == [
        (mode, identity, name) for mode, _, identity, name in listed
    ]
    assert {listed_mode(mode) for mode in ("100664", "100775")} == {"100644", "100755"}
