"""A change of the user's files that is broken off by death is taken back."""

import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from support.desk import desk, replace
from support.repository import fingerprint

from loopcutter_vcs.errors import PathRefused
from loopcutter_vcs.folder import File, Folder
from loopcutter_vcs.journal import Journal, Step
from loopcutter_vcs.replacing import replace_all

STEPS = [
    Step("a", File(b"a"), File(b"new a")),
    Step("b/c", File(b"c"), None),
    Step("d/e/f", None, File(b"f")),
    Step("m", File(b"m"), None),
    Step("m/n", None, File(b"n")),
    Step("z", File(b"z"), File(b"new z")),
]

_DIE = """
import os, sys
from pathlib import Path
from loopcutter_vcs.errors import PathRefused
from loopcutter_vcs.folder import File, Folder
from loopcutter_vcs.journal import Journal, Step
from loopcutter_vcs.replacing import replace_all

def count(event, arguments):
    global left
    if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)

steps, left = eval(sys.argv[3]), int(sys.argv[4])
sys.addaudithook(count)
replace_all(Journal(Path(sys.argv[2]), Folder(Path(sys.argv[1]))), steps)
"""


def die(root: Path, journal: Path, steps: list[Step], moment: int) -> bool:
    """Make a change in another process and kill it at a moment; false when it was done before."""
    arguments = (str(root), str(journal), repr(steps), str(moment))
    done = subprocess.run([sys.executable, "-c", _DIE, *arguments], check=False)
    assert done.returncode in (0, -signal.SIGKILL)
    return done.returncode != 0


def folder(root: Path) -> Folder:
    """The files as they were, one folder of them empty."""
    made = Folder(root)
    for step in STEPS:
        if step.before is not None:
            made.write(step.path, step.before)
    (root / "empty").mkdir()
    return made


def standing(files: Folder, path: str) -> File | None:
    """The file at a path; none where a folder is."""
    try:
        return files.read(path)
    except PathRefused:
        return None


def test_whenever_a_change_dies_it_is_taken_back_or_was_complete(tmp_path: Path) -> None:
    seen = set()
    for moment in count(1):
        root, home = tmp_path / str(moment) / "files", tmp_path / str(moment) / "journal"
        root.mkdir(parents=True)
        files = folder(root)
        before = fingerprint(root)
        died = die(root, home, STEPS, moment)
        half = fingerprint(root) != before
        Journal(home, files).recover()
        complete = [standing(files, step.path) for step in STEPS] == [step.after for step in STEPS]
        assert complete or fingerprint(root) == before
        assert sorted(path.name for path in home.parent.iterdir()) == ["files"]
        seen.add((died, half, complete))
        if not died:
            break
    assert {(True, False, False), (True, True, False), (False, True, True)} <= seen


def test_what_is_needed_to_take_a_change_back_is_on_the_disk_before_the_first_file_changes(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    files, called = folder(tmp_path / "files"), list[str]()

    def note(frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ in ("fsync", "rename", "replace"):
            called.append(function.__name__)

    watching = sys.getprofile()
    sys.setprofile(note)
    replace_all(Journal(tmp_path / "journal", files), STEPS)
    sys.setprofile(watching)
    # Eight contents and the list of them are written through before the journal gets its name; then files change.
    assert called == [*["fsync"] * 9, "rename", *["replace"] * 4, "rename"]


def test_what_the_user_wrote_after_the_death_is_kept(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    files = folder(tmp_path / "files")
    journal = Journal(tmp_path / "journal", files)
    steps = [STEPS[0], Step("b/c", File(b"c"), File(b"new c"))]
    for moment in count(1):
        assert die(files.root, journal.home, steps, moment)
        if [standing(files, step.path) for step in steps] == [step.after for step in steps]:
            break
        journal.recover()
    files.write("b/c", File(b"the user's"))
    put_back = journal.recover()
    assert (put_back, files.read("a"), files.read("b/c")) == (["a"], File(b"a"), File(b"the user's"))


def test_what_the_user_put_in_the_place_of_a_file_stays_and_the_file_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    files = folder(tmp_path / "files")
    journal = Journal(tmp_path / "journal", files)
    for moment in count(1):
        assert die(files.root, journal.home, STEPS, moment)
        if not (files.root / "m").exists():
            break
        journal.recover()
    files.write("m/mine", File(b"the user's"))
    journal.recover()
    assert (files.read("m/mine"), files.read("a"), files.read("b/c")) == (File(b"the user's"), File(b"a"), File(b"c"))
    [kept] = tmp_path.glob("journal.kept-*")
    assert b"m" in {path.read_bytes() for path in kept.iterdir()}
    assert journal.recover() == []


@pytest.mark.anyio
async def test_the_next_server_takes_back_what_a_killed_one_did_to_the_users_files(shop: Path, tmp_path: Path) -> None:
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
        [store] = (tmp_path / "store").glob("*/git")
    before = fingerprint(shop)
    step = Step("README.md", File(b"# Shop\n"), File(b"# Store\n"))
    journal = Journal(store.with_name("applying"), Folder(shop))
    for moment in count(1):
        assert die(shop, journal.home, [step], moment)
        if fingerprint(shop).get("README.md") != before["README.md"]:
            break
        journal.recover()
    async with desk(shop, tmp_path / "store") as vcs:
        assert fingerprint(shop) == before
        await vcs.call("apply", workspace=workspace)
    assert (shop / "README.md").read_text() == "# Store\n"
