"""The digest of a repository's past: what is in it, and what never is."""

import json
import time
from pathlib import Path

import pytest
from support.repository import fingerprint, make_repository, run_git

from loopcutter_snapshots import GitFailed
from loopcutter_snapshots.history import COMMITS, LARGEST, Commit, digest, harmless, read

PATHS = {"shop/cart.py", "shop/straße.py"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    repository = make_repository(tmp_path / "shop", {"shop/cart.py": "1\n", "old.py": "1\n", ".env": "KEY=1\n"})
    for path, message in (("shop/straße.py", "Add streets"), ("shop/cart.py", "Fix the total\n\nIt was off.")):
        (repository / path).write_text("2\n")
        run_git(repository, "add", ".")
        run_git(repository, "commit", "--quiet", "-m", message)
    return repository


def test_newest_commits_come_first_with_the_paths_that_are_known(repository: Path) -> None:
    found = read(digest("HEAD", PATHS, directory=repository))
    assert found[:2] == [
        Commit("Fix the total It was off.", ("shop/cart.py",)),
        Commit("Add streets", ("shop/straße.py",)),
    ]
    assert found[2].paths == ("shop/cart.py",)


def test_nothing_but_messages_and_known_paths_is_in_it(repository: Path) -> None:
    made = digest("HEAD", PATHS, directory=repository)
    author, address, commit = run_git(repository, "log", "-1", "--format=%an%n%ae%n%H").split("\n")[:3]
    for secret in (author, address, commit, commit[:10], ".env", "old.py"):
        assert secret.encode() not in made


def test_repository_is_only_read_and_its_settings_are_not_followed(repository: Path) -> None:
    run_git(repository, "config", "diff.orderFile", "/nowhere")
    run_git(repository, "config", "diff.relative", "true")
    run_git(repository, "config", "diff.external", "/bin/false")
    before = fingerprint(repository)
    assert len(read(digest("HEAD", PATHS, directory=repository))) == 3
    assert fingerprint(repository) == before


def test_commit_that_is_not_there_is_an_error(repository: Path) -> None:
    for revision in ("nowhere", "--all"):
        with pytest.raises(GitFailed):
            digest(revision, PATHS, directory=repository)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Fix totals\n\nSigned-off-by: Ann Other <ann@example.org>\nCc: bob@example.org", "Fix totals"),
        ("Ask ann@example.org, see https://ann:pw@example.org/x?token=1", "Ask see"),
        ("Set password=hunter2 and api_key: abc", "Set and"),
        ("Revert 0123456789abcdef0123456789abcdef01234567", "Revert"),
        ("Use ghp_abcdEFGH1234567890abcdEFGH12 here", "Use here"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\nabc=", ""),
        ("Make test_total_of_an_empty_cart pass", "Make test_total_of_an_empty_cart pass"),
    ],
)
def test_what_nobody_else_should_see_is_taken_out(message: str, left: str) -> None:
    assert harmless(message) == left


def test_message_is_cut_in_time_whatever_it_holds() -> None:
    began = time.thread_time()
    for text in ("a1" * 50_000, "a" * 100_000, "x@" * 50_000, "secret" * 20_000, "\n" * 100_000):
        assert len(harmless(text)) <= 500
    assert time.thread_time() - began < 1.0


def test_what_is_no_digest_has_no_commits() -> None:
    header = digest_of()
    assert read(b"") == read(b"\xff\x00") == read(header) == []
    assert read(header + b'{}\n[1, 2]\n["a", [1]]\nnull\n' + b"[" * 100_000 + b"\n") == []
    many = read(header + b'["a", ["b"]]\n' * (COMMITS + 5))
    assert (len(many), many[0]) == (COMMITS, Commit("a", ("b",)))
    assert len(read(header + json.dumps(["a" * 1000, []]).encode() * 1 + b"\n" + b" " * 2 * LARGEST)) == 1


def digest_of() -> bytes:
    return b"loopcutter-history 1\n"
