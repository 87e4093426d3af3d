"""What is asked of the Python that runs the project."""

import sys
from pathlib import Path

import pytest

from loopcutter_sandbox.errors import BadInterpreter
from loopcutter_sandbox.interpreter import Interpreter


def test_an_interpreter_tells_where_it_lives() -> None:
    found = Interpreter.inspect(Path(sys.executable))
    assert found.version == sys.version_info[:3]
    assert found.has_pytest
    assert any(Path(sys.prefix).is_relative_to(folder) for folder in found.folders)
    assert any(Path(sys.base_prefix).is_relative_to(folder) for folder in found.folders)
    assert ("timeout", "pytest-timeout") in found.plugins


def test_a_home_that_is_a_prefix_is_not_shown_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "bin").mkdir()
    (tmp_path / ".ssh").mkdir()
    found = Interpreter("python", (3, 11, 0), (str(tmp_path),), (), (), True, ())
    assert found.folders == (tmp_path / "bin",)


def test_what_an_editable_install_names_is_told_apart(tmp_path: Path) -> None:
    path = (str(tmp_path / "lib"), "/home/me/shop/src")
    found = Interpreter("python", (3, 11, 0), (str(tmp_path),), (), path, True, ())
    assert found.elsewhere == ("/home/me/shop/src",)


def test_an_old_or_broken_interpreter_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\necho '{\"version\": [3, 8, 1]}'\n")
    old.chmod(0o755)
    with pytest.raises(BadInterpreter, match=r"is Python 3\.8\.1, too old; name one of at least 3\.9"):
        Interpreter.inspect(old)
    old.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(BadInterpreter, match="is no working Python"):
        Interpreter.inspect(old)
    with pytest.raises(BadInterpreter, match="is no working Python"):
        Interpreter.inspect(tmp_path / "missing")
