"""Worktrees of servers that are gone are swept away; those of living ones are not."""

import subprocess
import sys
from pathlib import Path

from loopcutter_vcs.room import Room, sweep

_HOLD = """
import sys
from pathlib import Path
from loopcutter_vcs.room import Room
print(Room.claim(Path(sys.argv[1])).folder, flush=True)
sys.stdin.read()
"""


def hold(work: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Another process with a room of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(work)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_room_goes_when_its_process_was_killed_and_not_before(tmp_path: Path) -> None:
    process, folder = hold(tmp_path)
    with process:
        (folder / "w1").mkdir()
        sweep(tmp_path)
        lived = folder.exists()
        process.kill()
    sweep(tmp_path)
    assert (lived, list(tmp_path.iterdir())) == (True, [])


def test_the_own_room_is_not_swept(tmp_path: Path) -> None:
    room = Room.claim(tmp_path)
    sweep(tmp_path)
    assert room.folder.is_dir()
    room.leave()
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_can_look_into_a_room(tmp_path: Path) -> None:
    room = Room.claim(tmp_path / "work")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "work", room.folder)] == [0o700, 0o700]
    assert list(room.folder.iterdir()) == []
    room.leave()


def test_there_is_nothing_to_sweep_before_the_first_room(tmp_path: Path) -> None:
    sweep(tmp_path / "work")
