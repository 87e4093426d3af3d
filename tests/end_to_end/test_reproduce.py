"""A bug that no test shows: `fix` makes a test of the issue's own code, and leaves it out of the patch."""

from pathlib import Path

from support.command import run
from support.repository import fingerprint, make_repository

FILES = {
    "club/door.py": "def may_enter(age):\n    return age > 18\n",
    "club/__init__.py": "",
    "tests/test_door.py": (
        "from club.door import may_enter\n\n\ndef test_grown_up():\n    assert may_enter(40)\n\n\n"
        "def test_child():\n    assert not may_enter(5)\n"
    ),
}
ISSUE = """Who turns 18 today is sent away.

```python
>>> from club.door import may_enter
>>> may_enter(18)
False
```

It should be True.
"""


def test_bug_that_only_the_issue_shows_is_fixed_and_its_test_stays_out_of_the_patch(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "club", FILES)
    before = fingerprint(repository)
    ended = run(tmp_path, "fix", "--repo", str(repository), "--issue", ISSUE)

    assert ended.code == 0, ended.err
    assert "+    return age >= 18" in ended.out
    assert "test_loopcutter_reproduction" not in ended.out
    assert "The bug is shown by tests/test_loopcutter_reproduction.py, from the issue's code" in ended.err
    assert fingerprint(repository) == before
