"""What `fix` does with its options before anything starts."""

from pathlib import Path

import pytest

from loopcutter_host import lease
from loopcutter_host.commands.fix import MAX_ISSUE, read_issue, sweep
from loopcutter_host.errors import BadUsage
from loopcutter_host.folders import Folders
from loopcutter_host.runlog import RunLog, events


def test_an_issue_is_the_text_itself_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "issue.md").write_text("\n  it breaks ☂\n")

    assert read_issue("it breaks") == "it breaks"
    assert read_issue(f"@{tmp_path / 'issue.md'}") == "it breaks ☂"


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xff\xfe\x00", b"text\0text", b"x" * (MAX_ISSUE + 1)])
def test_an_issue_that_is_empty_binary_or_huge_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "issue.md").write_bytes(content)

    with pytest.raises(BadUsage) as refused:
        read_issue(f"@{tmp_path / 'issue.md'}")
    assert refused.value.exit_code == 2
    assert refused.value.remedy


def test_an_issue_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="No such file"):
        read_issue(f"@{tmp_path / 'none'}")


def test_a_run_that_was_cut_off_is_closed_by_the_next(tmp_path: Path) -> None:
    folders, said = Folders(tmp_path, tmp_path / "config"), list[str]()
    RunLog(folders.run_log, "r1").write("run.start")
    folders.locks.mkdir()
    (folders.locks / "r1.lock").touch()

    with lease.held(folders.locks, "r2"):
        assert sweep(folders, said.append) == ["r1"]

    assert [event.body.get("outcome") for event in events(folders.run_log, "r1")] == [None, "crashed"]
    assert said == ["run r1 had been cut off; its log is closed now"]
    assert sweep(folders, said.append) == []
