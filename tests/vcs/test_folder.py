import os
from pathlib import Path

import pytest

from loopcutter_vcs.errors import PathRefused
from loopcutter_vcs.folder import LINK, PROGRAM, File, Folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    return root


def permissions(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_written_is_read_back_with_its_mode(root: Path) -> None:
    files = {"a/b/text": File(b"\xff\r\n"), "run": File(b"#!", PROGRAM), "link": File(b"a/b/text", LINK)}
    for path, file in files.items():
        Folder(root).write(path, file)
    assert {path: Folder(root).read(path) for path in files} == files


@pytest.mark.parametrize("path", ["missing", "missing/deeper"])
def test_nothing_is_read_where_nothing_is(root: Path, path: str) -> None:
    assert Folder(root).read(path) is None


def test_a_file_that_is_replaced_keeps_its_permissions(root: Path) -> None:
    (root / "private").write_text("old")
    (root / "private").chmod(0o640)
    Folder(root).write("private", File(b"new"))
    assert (permissions(root / "private"), (root / "private").read_text()) == (0o640, "new")


def test_only_the_x_bits_change_when_a_file_becomes_a_program_and_back(root: Path) -> None:
    (root / "run").write_text("old")
    (root / "run").chmod(0o640)
    Folder(root).write("run", File(b"new", PROGRAM))
    became = permissions(root / "run")
    Folder(root).write("run", File(b"new"))
    assert (became, permissions(root / "run")) == (0o750, 0o640)


def test_a_link_is_replaced_and_not_followed(root: Path) -> None:
    (root / "link").symlink_to("../outside/secret")
    Folder(root).write("link", File(b"mine"))
    assert (root.parent / "outside" / "secret").read_text() == "secret"
    assert Folder(root).read("link") == File(b"mine")


@pytest.mark.parametrize("action", ["read", "write", "remove"])
@pytest.mark.parametrize("target", ["../outside", "inside"])
def test_a_path_through_a_link_is_refused_wherever_it_leads(root: Path, action: str, target: str) -> None:
    (root / "inside").mkdir()
    (root / "link").symlink_to(target)
    arguments = (File(b"x"),) if action == "write" else ()
    with pytest.raises(PathRefused, match="leads through 'link', which is a symbolic link"):
        getattr(Folder(root), action)("link/secret", *arguments)
    assert (root.parent / "outside" / "secret").read_text() == "secret"


def test_a_path_through_a_file_is_refused(root: Path) -> None:
    (root / "file").write_text("x")
    with pytest.raises(PathRefused, match="leads through 'file', which is a file"):
        Folder(root).write("file/below", File(b"x"))


@pytest.mark.parametrize("dot_git", ["file", "folder"])
def test_a_repository_inside_is_not_entered(root: Path, dot_git: str) -> None:
    (root / "lib").mkdir()
    (root / "lib" / ".git").write_text("gitdir: ..") if dot_git == "file" else (root / "lib" / ".git").mkdir()
    with pytest.raises(PathRefused, match="lies in 'lib', a repository of its own"):
        Folder(root).write("lib/a.py", File(b"x"))


def test_a_folder_and_a_pipe_are_no_files(root: Path) -> None:
    (root / "folder").mkdir()
    os.mkfifo(root / "pipe")
    for path, why in {"folder": "is a folder", "pipe": "is no regular file"}.items():
        with pytest.raises(PathRefused, match=why):
            Folder(root).read(path)


def test_folders_left_empty_by_a_removal_go_and_others_stay(root: Path) -> None:
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "file").write_text("x")
    (root / "a" / "other").write_text("x")
    Folder(root).remove("a/b/file")
    Folder(root).remove("a/missing")
    assert sorted(path.name for path in root.rglob("*")) == ["a", "other"]


def test_nothing_is_left_behind_by_a_write_that_fails(root: Path) -> None:
    (root / "taken" / "deeper").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        Folder(root).write("taken", File(b"x"))
    assert sorted(path.name for path in root.rglob("*")) == ["deeper", "taken"]
