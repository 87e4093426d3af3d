"""The git repository that the agent is given: the code with the bug, the tests that show it, nothing of the mend."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bugs import Bug
from sdist import unpack

_TEST_MINUTES = 5


class Inconclusive(Exception):
    """The tests could not be run to an end, so they say nothing."""


def build(bug: Bug, cache: Path, folder: Path) -> Path:
    """Make the repository in `folder`; the same bug always gives the same commit."""
    repository = folder / "repository"
    shutil.copytree(unpack(bug.buggy, cache, folder / "buggy"), repository)
    mended = unpack(bug.fixed, cache, folder / "fixed")
    for test in bug.tests:
        _take(mended / test, repository / test)
    _configure_pytest(bug, repository)
    git(repository, "init", "--quiet", "--initial-branch=main")
    git(repository, "add", "--all", "--force")
    git(repository, "commit", "--quiet", "--message", str(bug.buggy))
    return repository


def failing(repository: Path) -> tuple[str, ...]:
    """Ids of the tests that fail, sorted; the tests are those that `pytest` finds there by itself."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "--tb=no",
        "-rfE",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    try:
        done = subprocess.run(
            command, cwd=repository, capture_output=True, text=True, timeout=_TEST_MINUTES * 60, check=False
        )
    except subprocess.TimeoutExpired as expired:
        raise Inconclusive(f"the tests in {repository} took more than {_TEST_MINUTES} minutes.") from expired
    broken = (line.split(" ", 1)[1] for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR ")))
    found = tuple(sorted(line.split(" - ", 1)[0] for line in broken))
    if done.returncode and not found:
        raise Inconclusive(f"pytest could not run the tests in {repository}:\n{done.stdout}{done.stderr}")
    return found


def git(repository: Path, *arguments: str, text: str = "") -> str:
    """Run git without anything of the user's configuration in it."""
    moment = "2000-01-01T00:00:00Z"
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "benchmark"), ("EMAIL", "benchmark@localhost"), ("DATE", moment))},
    }  # fmt: skip
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        ["git", "-C", str(repository), *arguments],
        env=inherited | settings,
        input=text,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _take(source: Path, target: Path) -> None:
    """Replace `target` by `source`; a folder goes as a whole, so that no old test stays behind."""
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _configure_pytest(bug: Bug, repository: Path) -> None:
    """A pytest.ini wins over every other file; the projects' own settings ask for plugins that nobody needs here."""
    lines = ["[pytest]", f"pythonpath = {bug.pythonpath}", f"testpaths = {' '.join(bug.tests)}"]
    if bug.skip:
        lines.append("addopts = " + " ".join(f"--deselect={test}" for test in bug.skip))
    (repository / "pytest.ini").write_text("\n".join(lines) + "\n", encoding="utf-8")
