"""A worktree that programs work in: what of it belongs to a state, and what does not."""

from pathlib import Path

import pytest
from support.desk import Desk

pytestmark = pytest.mark.anyio


async def test_secrets_that_a_program_brought_belong_to_no_state_and_stay_where_they_are(shop: Path, vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    files = vcs.worktree(opened["workspace"])
    (files / ".env").write_text("TOKEN=1\n")
    (files / "id_rsa").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    (files / "new.txt").write_text("new\n")

    taken = await vcs.call("checkpoint", workspace=opened["workspace"], label="here")

    assert vcs.content(taken["tree"], "new.txt") == b"new\n"
    assert {entry.path for entry in vcs.objects.files(taken["tree"])}.isdisjoint({".env", "id_rsa"})
    assert (files / ".env").exists()


async def test_file_too_large_to_be_source_belongs_to_no_state(shop: Path, vcs: Desk) -> None:
    opened = await vcs.call("open", files=True)
    with (vcs.worktree(opened["workspace"]) / "dump.bin").open("wb") as dump:
        dump.truncate(51 << 20)
    assert (await vcs.call("checkpoint", workspace=opened["workspace"], label="here"))["tree"] == opened["base"]["tree"]
