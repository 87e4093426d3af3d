"""What a command line starts, without wrapping and trimming."""

import pytest

from loopcutter_loopguard.shell import commands


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cd /w && PYTHONPATH=. timeout 60 pytest -q 2>&1 | tail -20", [("pytest", "-q")]),
        ("sudo env A=1 nice ls", [("ls",)]),
        ('bash -c "pytest -x"', [("pytest", "-x")]),
        ("sed -n 1,5p log && sed -n 1,5p log", [("sed", "-n", "1,5p", "log")]),
        ("uv run pytest || true; echo done", [("pytest",)]),
        ("echo hi", [("echo", "hi")]),
        (
            "git add -A && git commit -qm 'release core'",
            [("git", "add", "-A"), ("git", "commit", "-qm", "release core")],
        ),
        ("", []),
    ],
)
def test_wrappers_fillers_and_repeats_fall_away(line: str, words: list[tuple[str, ...]]) -> None:
    assert [command.words for command in commands(line)] == words


def test_folders_variables_documents_and_targets_are_kept() -> None:
    (command,) = commands("cd pkgs/a && JAVA_HOME=/x cat > out.txt <<'EOF'\none\nEOF")
    assert (command.folder, command.settings, command.document, command.writes) == (
        "pkgs/a",
        ("JAVA_HOME=/x",),
        "one\n",
        ("out.txt",),
    )


def test_what_is_no_shell_is_the_same_only_to_the_letter() -> None:
    first, second = commands("public void total() {"), commands("public void price() {")
    assert first != second
    assert first == commands("public void total() {")
