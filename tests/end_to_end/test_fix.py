"""`loopcutter-host fix` as a user runs it: real command, real servers, real git, a real bug in the example project."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.command import run
from support.repository import copy_example, fingerprint, make_repository, run_git
from support.till import ISSUE


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return copy_example(tmp_path / "till")


def test_the_bug_is_fixed_and_the_users_checkout_is_byte_identical(tmp_path: Path, repository: Path) -> None:
    (repository / "notes.txt").write_text("my own, not committed\n")
    (repository / "till" / "money.py").write_bytes((repository / "till" / "money.py").read_bytes() + b"\r\n# mine\r\n")
    run_git(repository, "add", "notes.txt")
    run_git(repository, "stash", "push", "--quiet", "--message=kept", "--", "notes.txt")
    (repository / ".gitignore").write_text("*.log\n")
    (repository / "run.log").write_text("ignored\n")
    before = fingerprint(repository)

    ended = run(tmp_path, "fix", "--repo", str(repository), "--issue", ISSUE)

    assert ended.code == 0, ended.err
    assert "+    reached = [tier for tier in TIERS if tier.threshold <= subtotal]" in ended.out
    assert "Passes the tests" in ended.err
    assert fingerprint(repository) == before


def test_json_is_one_envelope_a_line_from_the_start_of_the_run_to_its_end(tmp_path: Path, repository: Path) -> None:
    ended = run(tmp_path, "fix", "--repo", str(repository), "--issue", ISSUE, "--json")

    events = ended.events()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["type"], events[-1]["type"]) == ("run.start", "run.end")
    assert events[-1]["body"]["outcome"] == "fixed"
    assert events[-1]["body"]["isolation"] in {"namespace", "landlock"}
    states = [event["body"]["state"] for event in events if event["type"] == "state"]
    assert states[:4] == ["read", "plan", "edit", "test"]


def test_the_patch_is_applied_on_request_and_the_tests_pass_then(tmp_path: Path, repository: Path) -> None:
    (repository / "notes.txt").write_text("my own\n")
    ended = run(tmp_path, "fix", "--repo", str(repository), "--issue", ISSUE, "--apply")

    assert ended.code == 0, ended.err
    assert run_git(repository, "status", "--porcelain").splitlines() == [" M till/discount.py", "?? notes.txt"]
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=repository, check=False
    )
    assert tests.returncode == 0


def test_a_run_is_applied_later_to_a_branch_and_the_files_stay(tmp_path: Path, repository: Path) -> None:
    run(tmp_path, "fix", "--repo", str(repository), "--issue", ISSUE)
    ended = run(tmp_path, "apply", "last", "--branch", "mended")

    assert ended.code == 0, ended.err
    assert run_git(repository, "status", "--porcelain") == ""
    assert run_git(repository, "diff", "--stat", "main", "mended").splitlines()[0].startswith(" till/discount.py")


def test_runs_and_show_tell_what_happened(tmp_path: Path, repository: Path) -> None:
    run(tmp_path, "fix", "--repo", str(repository), "--issue", ISSUE)

    told = run(tmp_path, "runs").out
    assert ("passes tests" in told, "fixed" in told) == (True, False)
    shown = run(tmp_path, "show", "last")
    assert ("ended: passes tests" in shown.err, "fixed" in shown.err) == (True, False)
    assert (shown.code, "tier.threshold <= subtotal" in shown.out) == (0, True)
    assert run(tmp_path, "show", "nothing").code == 2


@pytest.mark.long
def test_a_loop_that_eats_the_memory_is_a_bug_like_any_other(tmp_path: Path) -> None:
    code = "def evens(limit):\n    found, number = [], 0\n    while number != limit:\n        found.append(number)\n"
    code += "        number += 2\n    return found\n"
    tests = "from evens import evens\n\ndef test_even():\n    assert evens(4) == [0, 2]\n\n"
    tests += "def test_odd():\n    assert evens(5) == [0, 2, 4]\n"
    repository = make_repository(tmp_path / "evens", {"evens.py": code, "test_evens.py": tests})

    ended = run(tmp_path, "fix", "--repo", str(repository), "--issue", "evens(5) never comes back")

    assert ended.code == 0, ended.err
    assert "+    while number < limit:" in ended.out
