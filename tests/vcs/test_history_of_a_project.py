"""Two hundred states of a growing project, one after the other: taken and restored, forth and back, to the byte."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.repository import run_git

from loopcutter_vcs.workshop import Workshop

ROOT = Path(__file__).parents[2]


def files_of(folder: Path) -> dict[bytes, tuple[bytes, int]]:
    """Path → content and mode of every file, as far as git keeps them."""
    found = {}
    for path in folder.rglob("*"):
        if ".git" in path.parts or (path.is_dir() and not path.is_symlink()):
            continue
        content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        found[os.fsencode(path.relative_to(folder))] = (content, path.lstat().st_mode & 0o170100)
    return found


def states(folder: Path, count: int) -> Iterator[None]:
    """Commit after commit of a repository grown from this project's own sources, changed as people change them."""
    chance = random.Random(17)
    shutil.copytree(
        ROOT / "servers", folder / "src", ignore=shutil.ignore_patterns("__pycache__", ".*_cache"), symlinks=True
    )
    run_git(folder, "init", "--quiet")
    (folder / ".gitattributes").write_text("*.py text eol=crlf\n*.md ident\n")
    for number in range(count):
        files = sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
        for path in chance.sample(files, 6):
            lines = path.read_bytes().splitlines(keepends=True)
            chance.shuffle(lines)
            path.write_bytes(b"".join(lines[: chance.randint(0, len(lines))]))
            path.chmod(chance.choice([0o644, 0o755]))
        gone, moved, linked = chance.sample(files, 3)
        moved.rename(moved.with_name(f"{number}-{moved.name[-40:]}"))
        (linked.parent / f"link-{number}").symlink_to(gone.name)
        gone.unlink()
        if number % 4 == 0:  # a file becomes a folder
            gone.mkdir()
            (gone / os.fsdecode(b"caf\xe9")).write_bytes(bytes(chance.randrange(256) for _ in range(300)))
        run_git(folder, "add", "--all")
        run_git(folder, "-c", "core.safecrlf=false", "commit", "--quiet", f"--message={number}")
        yield


def shown(folder: Path, count: int, store: Path) -> None:
    workshop = Workshop(store, {"project": folder})
    taken = []
    folder.mkdir()
    workspace = None
    for _ in states(folder, count):
        opened = workshop.open(files=workspace is None)
        workspace = workspace or workshop.find(opened.workspace)
        taken.append((opened.base.tree, files_of(folder)))
    assert workspace is not None
    files = workspace.lay_out()
    for tree, expected in [*taken[1:], *reversed(taken)]:
        workspace.worktree.take_all_before(tree)
        workspace.worktree.lay_out(tree)
        assert files_of(files) == expected
    workshop.close()


def test_a_few_states_of_a_project_are_restored_forth_and_back(tmp_path: Path) -> None:
    shown(tmp_path / "project", 4, tmp_path / "store")


@pytest.mark.long
def test_two_hundred_states_of_a_project_are_restored_forth_and_back(tmp_path: Path) -> None:
    shown(tmp_path / "project", 200, tmp_path / "store")
