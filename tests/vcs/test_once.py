"""A request that arrives twice is carried out once, and a server that dies in between does not change that."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.desk import Desk, desk, replace
from support.repository import fingerprint
from support.serving import TOKEN, launch

from loopcutter_snapshots import ObjectStore
from loopcutter_vcs.publishing import Remotes

pytestmark = pytest.mark.anyio


async def test_finish_and_gc_give_the_same_answer_under_the_same_key(vcs: Desk) -> None:
    workspace = await vcs.open()
    closed = [await vcs.call("finish", workspace=workspace, idempotency_key="k") for _ in range(2)]
    collected = [await vcs.call("gc", idempotency_key="k") for _ in range(2)]
    assert (closed[0]["removed"], closed[0]) == (True, closed[1])
    assert collected[0] == collected[1]
    assert (await vcs.call("finish", workspace=workspace))["removed"] is False
    assert "was used for another request" in await vcs.refused("gc", larger_than_mb=1, idempotency_key="k")


async def test_opening_with_files_gives_the_same_folder_under_the_same_key(vcs: Desk) -> None:
    opened = [await vcs.call("open", files=True, idempotency_key="k") for _ in range(2)]
    assert opened[0] == opened[1]
    assert Path(opened[0]["folder"]).is_dir()


async def test_a_push_is_made_once_and_works_after_a_collection(shop: Path, tmp_path: Path) -> None:
    receiver = launch("--store", str(tmp_path / "received.git"), LOOPCUTTER_SERVED_TOKEN=TOKEN)
    try:
        async with desk(shop, tmp_path / "store", Remotes({"sandbox": receiver.url}, TOKEN)) as vcs:
            workspace = await vcs.open()
            pushing = {"workspace": workspace, "remote": "sandbox"}
            first = [await vcs.call("publish", **pushing, idempotency_key="k") for _ in range(2)]
            await vcs.call("gc", older_than_days=0, larger_than_mb=0)
            edited = await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
            await vcs.call("gc", older_than_days=0, larger_than_mb=0)
            second = await vcs.call("publish", **pushing, idempotency_key="l")
            assert "was used for another request" in await vcs.refused(
                "publish", workspace=workspace, remote="other", idempotency_key="k"
            )
    finally:
        with receiver.process as process:
            process.kill()
    received = ObjectStore(tmp_path / "received.git")
    assert first[0] == first[1]
    assert received.read(first[0]["tree"], "README.md") == b"# Shop\n"
    assert second["tree"] == edited["checkpoint"]["tree"]
    assert received.read(second["tree"], "README.md") == b"# Store\n"


_DIE = """
import os, sys
from pathlib import Path
from loopcutter_vcs.workshop import Workshop

store, repository, workspace, branch, event, wanted = sys.argv[1:]

def die(happened, arguments):
    # Just before the note of what is going on is taken away: everything is done and remembered by then.
    if happened == event and str(arguments[0]).endswith(wanted):
        os.kill(os.getpid(), 9)

workshop = Workshop(Path(store), {"shop": Path(repository)})
sys.addaudithook(die)
workshop.apply(workspace, branch=branch, key="k")
"""


@pytest.mark.parametrize(
    ("branch", "event", "wanted"), [("", "os.rename", "/applying"), ("fix", "os.remove", "/branching")]
)
async def test_what_was_carried_out_when_the_server_died_is_known_to_be_so(
    shop: Path, tmp_path: Path, branch: str, event: str, wanted: str
) -> None:
    async with desk(shop, tmp_path / "store") as vcs:
        workspace = await vcs.open()
        await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
    places = (str(tmp_path / "store"), str(shop), workspace, branch, event, wanted)
    died = subprocess.run([sys.executable, "-c", _DIE, *places], check=False)
    after = fingerprint(shop)

    async with desk(shop, tmp_path / "store") as vcs:
        applied = await vcs.call("apply", workspace=workspace, branch=branch, idempotency_key="k")

    assert died.returncode == -9
    assert (applied["changed"], applied["branch"]) == (["README.md"], branch)
    assert fingerprint(shop) == after
    assert [path for path in tmp_path.glob("store/*/*") if path.name in ("applying", "branching")] == []
