"""What a test command asks for."""

import pytest

from loopcutter_sandbox.command import Shell, Suite, understand


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("", Suite("pytest")),
        ("pytest", Suite("pytest")),
        ("python -m pytest tests/a -k 'x and not y' -x", Suite("pytest", ("tests/a", "-k", "x and not y", "-x"))),
        (".venv/bin/python3.12 -m pytest", Suite("pytest")),
        ('pytest "tests/test_a.py::test_b[x|y]"', Suite("pytest", ("tests/test_a.py::test_b[x|y]",))),
        ("pytest -n 4 --dist=load a.py", Suite("pytest", ("a.py",))),
        ("pytest -nauto a.py", Suite("pytest", ("a.py",))),
        ("python -m unittest discover -s tests", Suite("unittest", ("discover", "-s", "tests"))),
    ],
)
def test_test_frameworks_are_recognised(command: str, asked: Suite) -> None:
    assert understand(command) == asked


@pytest.mark.parametrize(
    "command",
    [
        "pytest; rm -rf x",
        "pytest && true",
        "pytest > out",
        "pytest $TESTS",
        'pytest "$TESTS"',
        "pytest `which x`",
        "pytest tests/*.py",
        "A=1 pytest",
        "pytest 'open",
        "make test",
        "python manage.py test",
        "python -m tox",
        "cd x\npytest",
    ],
)
def test_what_needs_a_shell_stays_a_shell_command(command: str) -> None:
    assert understand(command) == Shell(command)
