import os
import subprocess
from pathlib import Path

import pytest

from loopcutter_snapshots import GitFailed, GitMissing, GitTimeout, git
from loopcutter_snapshots.git import environment


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit, and a file `touched` that nothing may make."""
    path = tmp_path / "repository"
    git("init", "--quiet", str(path))
    (path / "file").write_text("one\n")
    git("add", "file", directory=path)
    git("commit", "--quiet", "-m", "one", directory=path)
    return path


def trap(repository: Path) -> str:
    """A program that leaves a trace when it is run."""
    script = repository.parent / "trap"
    script.write_text(f"#!/bin/sh\ntouch {repository.parent}/touched\ncat\n")
    script.chmod(0o755)
    return str(script)


def sprung(repository: Path) -> bool:
    return (repository.parent / "touched").exists()


def configure(repository: Path, **settings: str) -> None:
    for key, value in settings.items():
        git("config", "--add", key.replace("__", "."), value, directory=repository)


def test_git_gives_its_output_and_reads_its_input(repository: Path) -> None:
    assert git("hash-object", "--stdin", directory=repository, stdin=b"one\n") == (
        git("rev-parse", "HEAD:file", directory=repository)
    )


def test_a_failure_carries_git_s_own_words(repository: Path) -> None:
    with pytest.raises(GitFailed, match="git rev-parse failed with exit code 128: fatal: Needed a single") as failure:
        git("rev-parse", "--verify", "no-such-thing^{tree}", directory=repository)
    assert failure.value.exit_code == 128


def test_an_accepted_exit_code_is_no_failure(repository: Path) -> None:
    (repository / "file").write_text("two\n")
    assert b"+two" in git("diff", "--exit-code", directory=repository, accept=(0, 1))


def test_a_git_that_takes_too_long_is_killed(repository: Path) -> None:
    with pytest.raises(GitTimeout, match=r"git -c failed .* killed after 0.2 s"):
        git("-c", "alias.x=!sleep 60", "x", directory=repository, timeout=0.2)


def test_a_folder_that_does_not_exist_is_not_taken_for_a_missing_git(tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="there is no folder"):
        git("status", directory=tmp_path / "missing")


def test_a_machine_without_git_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitMissing, match="git is missing on this machine: install git"):
        git("version")


CREDENTIAL = b"protocol=https\nhost=localhost\n\n"


@pytest.mark.parametrize(
    ("setting", "command", "stdin"),
    [
        ("core.askPass", ("credential", "fill"), CREDENTIAL),
        ("core.editor", ("commit", "--allow-empty"), b""),
        ("core.fsmonitor", ("status",), b""),
        ("credential.helper", ("credential", "fill"), CREDENTIAL),
        ("diff.external", ("diff",), b""),
        ("gpg.program", ("commit", "--allow-empty", "-m", "two", "--gpg-sign"), b""),
        ("gpg.ssh.program", ("-c", "gpg.format=ssh", "commit", "--allow-empty", "-m", "two", "--gpg-sign=key"), b""),
        ("sequence.editor", ("rebase", "--interactive", "--root"), b""),
    ],
)
def test_no_program_a_repository_names_is_run(
    repository: Path, setting: str, command: tuple[str, ...], stdin: bytes
) -> None:
    git("config", setting, trap(repository), directory=repository)
    git("config", "user.email", "somebody@localhost", directory=repository)
    if setting == "diff.external":
        (repository / "file").write_text("two\n")
    named = {f"GIT_{who}_{what}": "user" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    unprotected = {"PATH": os.environ["PATH"], "HOME": str(repository.parent), **named}
    subprocess.run(["git", *command], cwd=repository, env=unprotected, input=stdin, capture_output=True, timeout=60)
    assert sprung(repository)
    (repository.parent / "touched").unlink()
    git(*command, directory=repository, stdin=stdin, accept=range(256))
    assert not sprung(repository)


def test_no_driver_is_run_to_show_a_change(repository: Path) -> None:
    (repository / ".gitattributes").write_text("file diff=evil\n")
    configure(repository, diff__evil__command=trap(repository), diff__evil__textconv=trap(repository))
    (repository / "file").write_text("two\n")
    assert b"+two" in git("diff", directory=repository)
    assert b"+one" in git("show", "-p", directory=repository)
    assert not sprung(repository)


def test_no_hook_is_run(repository: Path) -> None:
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "post-commit", "post-checkout", "reference-transaction", "post-index-change"):
        (hooks / name).symlink_to(trap(repository))
    configure(repository, core__hooksPath=str(hooks))
    git("commit", "--allow-empty", "-m", "two", directory=repository)
    git("checkout", "--quiet", "-b", "other", directory=repository)
    assert not sprung(repository)


def test_a_missing_object_is_not_fetched_from_where_the_repository_says(repository: Path) -> None:
    promised = {"url": f"ext::{trap(repository)}", "promisor": "true"}
    configure(repository, **{f"remote.evil.{key}": value for key, value in promised.items()})
    git("config", "core.repositoryFormatVersion", "1", directory=repository)
    git("config", "extensions.partialClone", "evil", directory=repository)
    git("config", "protocol.ext.allow", "always", directory=repository)
    # Gits before 2.45 do not know this variable: the protocols must be closed without it as well.
    variables = {name: value for name, value in environment().items() if name != "GIT_NO_LAZY_FETCH"}
    fetched = subprocess.run(["git", "cat-file", "-p", "1" * 40], cwd=repository, env=variables, capture_output=True)
    assert (fetched.returncode, sprung(repository)) == (128, False)


@pytest.mark.parametrize("url", ["ext::true", "file:///repository", "/repository", "ssh://localhost/x", "git://x/x"])
def test_a_push_goes_over_http_and_nothing_else(repository: Path, url: str) -> None:
    with pytest.raises(GitFailed, match=r"transport '.*' not allowed"):
        git("push", url.replace("/repository", str(repository)), "HEAD:refs/heads/x", directory=repository)


def test_the_configuration_of_the_user_means_nothing(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Somebody\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    git("commit", "--allow-empty", "-m", "two", directory=repository)
    assert git("log", "-1", "--format=%an <%ae>", directory=repository) == b"Loopcutter <loopcutter@localhost>\n"


def test_settings_reach_git_and_may_have_several_values() -> None:
    variables = environment(settings={"a.one": "1", "a.many": ("x", "y")})
    listed = subprocess.run(["git", "config", "--get-regexp", r"^a\."], env=variables, capture_output=True, check=True)
    assert listed.stdout == b"a.one 1\na.many x\na.many y\n"


def test_a_repository_of_another_user_can_be_read(repository: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    for path in (repository, *repository.rglob("*")):
        os.chown(path, 65534, 65534)
    assert git("log", "--format=%s", directory=repository) == b"one\n"
