from pathlib import Path

import pytest

from loopcutter_vcs.errors import PutBack
from loopcutter_vcs.folder import PROGRAM, File, Folder
from loopcutter_vcs.journal import Journal, Step
from loopcutter_vcs.replacing import replace_all


def test_a_file_that_changed_meanwhile_stops_everything_and_what_was_written_is_put_back(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    files = {"a": File(b"a", PROGRAM), "b/c": File(b"c"), "z": File(b"changed meanwhile")}
    for path, file in files.items():
        folder.write(path, file)
    (tmp_path / "b" / "c").chmod(0o600)
    steps = [
        Step("a", files["a"], File(b"new")),
        Step("b/c", files["b/c"], None),
        Step("d/e", None, File(b"new")),
        Step("z", File(b"z"), File(b"new")),
    ]

    with pytest.raises(PutBack, match=r"nothing was changed, .* \(z changed while it was being replaced\): try again"):
        replace_all(Journal(tmp_path.with_name(f"{tmp_path.name}-journal"), folder), steps)

    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == {"a", "b", "b/c", "z"}
    assert {path: folder.read(path) for path in files} == files
    assert (tmp_path / "b" / "c").stat().st_mode & 0o777 == 0o600


def test_files_and_folders_change_places(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a", File(b"file"))
    folder.write("b/c", File(b"below"))
    steps = [
        Step("a/x", None, File(b"below")),
        Step("a", File(b"file"), None),
        Step("b", None, File(b"file")),
        Step("b/c", File(b"below"), None),
    ]
    replace_all(Journal(tmp_path.with_name(f"{tmp_path.name}-journal"), folder), steps)
    assert (folder.read("a/x"), folder.read("b")) == (File(b"below"), File(b"file"))
