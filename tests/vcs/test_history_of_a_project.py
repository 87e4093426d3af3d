"""State after state of a project's history: taken and restored, forth and back, to the byte, the mode and the link."""

import os
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from support.desk import desk
from support.releases import Unreachable, fetched, listed, unpack
from support.repository import fingerprint, run_git

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
RELEASES = Path(__file__).with_name("hypothesis_releases.txt")

KINDS = {"40": "folder", "100": "file", "120": "link"}

Step = Callable[[Path], None]
"""Brings a folder from one state of the project to the next."""


async def shown(project: Path, store: Path, steps: Iterable[Step]) -> int:
    """Take every state of `project` in two ways, restore them all twice, and watch the user's repository meanwhile."""
    project.mkdir()
    run_git(project, "init", "--quiet")
    taken: list[tuple[str, dict[str, str]]] = []
    async with desk(project, store) as vcs:
        workspace, folder = "", Path()
        for number, step in enumerate(steps):
            step(project)
            committed(project, number)
            before = fingerprint(project)
            opened = await vcs.call("open", files=not workspace)
            if not workspace:
                workspace, folder = opened["workspace"], Path(opened["folder"])
            mirror(project, folder)
            made = await vcs.call("checkpoint", workspace=workspace)
            assert made["tree"] == opened["base"]["tree"]
            assert fingerprint(project) == before
            taken.append((made["id"], worked_on(before)))
        for checkpoint, state in [*taken, *reversed(taken)]:
            await vcs.call("rollback", workspace=workspace, checkpoint=checkpoint)
            assert worked_on(fingerprint(folder)) == state
        assert fingerprint(project) == before
    return len(taken)


def committed(project: Path, number: int) -> None:
    """As the user does it; now and then the user's git throws away what it does not need."""
    run_git(project, "add", "--all")
    run_git(project, "-c", "core.safecrlf=false", "commit", "--quiet", "--allow-empty", f"--message={number}")
    if number % 20 == 19:
        run_git(project, "gc", "--quiet", "--prune=now")


def worked_on(seen: dict[str, str]) -> dict[str, str]:
    """The part of a fingerprint that is a state: nothing of the repository, and of permissions whether it runs."""
    state = {}
    for path, what in seen.items():
        mode, _, content = what.partition(" ")
        kind = KINDS[mode[:-3]] + (" that runs" if mode.startswith("100") and int(mode, 8) & 0o100 else "")
        if path != ".git" and not path.startswith(".git/"):
            state[path] = f"{kind}: {content}"
    return state


def mirror(project: Path, folder: Path) -> None:
    """Make the files of an attempt those of the project, as somebody would who knows nothing of vcs."""
    cleared(folder)
    shutil.copytree(project, folder, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git"))


def cleared(folder: Path) -> None:
    """Delete everything but the repository."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            if path.name != ".git":
                shutil.rmtree(path)
        else:
            path.unlink()


def growth(count: int) -> Iterator[Step]:
    """A project grown from this one's own sources, changed as people change things, with every kind of file."""
    chance = random.Random(17)

    def begin(folder: Path) -> None:
        unwanted = shutil.ignore_patterns("__pycache__", ".*_cache", "*.egg-info")
        shutil.copytree(ROOT / "servers", folder / "src", ignore=unwanted, symlinks=True)
        (folder / ".gitattributes").write_text("*.py text eol=crlf\n*.md ident\n")

    def change(folder: Path) -> None:
        number = chance.randrange(1 << 30)
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

    yield begin
    for _ in range(count - 1):
        yield change


def history(archives: Iterable[Path]) -> Iterator[Step]:
    """One release after the other."""
    for archive in archives:

        def release(folder: Path, archive: Path = archive) -> None:
            cleared(folder)
            unpack(archive, folder)

        yield release


async def test_a_few_states_of_a_project_are_restored_forth_and_back(tmp_path: Path) -> None:
    assert await shown(tmp_path / "project", tmp_path / "store", growth(4)) == 4


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_two_hundred_states_of_a_project_are_restored_forth_and_back(tmp_path: Path) -> None:
    assert await shown(tmp_path / "project", tmp_path / "store", growth(200)) == 200


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_two_hundred_releases_in_a_row_are_restored_forth_and_back(tmp_path: Path) -> None:
    try:
        archives = list(fetched(listed("hypothesis", RELEASES)))
    except Unreachable as why:
        pytest.skip(str(why))
    assert await shown(tmp_path / "project", tmp_path / "store", history(archives)) == 200
