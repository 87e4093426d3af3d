"""The past goes along with a snapshot to the search, and to nobody else."""

from pathlib import Path

import pytest
from support.desk import desk, replace
from support.repository import fingerprint, run_git
from support.serving import TOKEN, Running

from loopcutter_snapshots import ObjectStore
from loopcutter_snapshots.history import Commit, read
from loopcutter_vcs.publishing import Remotes

pytestmark = pytest.mark.anyio


async def test_the_search_is_told_what_was_changed_and_the_sandbox_is_not(
    shop: Path, tmp_path: Path, receiver: Running, received: ObjectStore
) -> None:
    (shop / "shop" / "cart.py").write_text("total = 0\n")
    run_git(shop, "commit", "--quiet", "-am", "Empty carts cost nothing\n\nSigned-off-by: A <a@example.org>")
    before = fingerprint(shop)
    remotes = Remotes({"sandbox": receiver.url, "retrieval": receiver.url}, TOKEN)
    async with desk(shop, tmp_path / "store", remotes) as vcs:
        workspace = await vcs.open()
        first = (await vcs.call("publish", workspace=workspace, remote="sandbox"))["tree"]
        untold = received.history(first)
        await vcs.call("publish", workspace=workspace, remote="retrieval")
        await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
        second = (await vcs.call("publish", workspace=workspace, remote="retrieval"))["tree"]

    assert untold == ("", b"")
    assert received.history(first) == received.history(second)
    assert first != second
    assert read(received.history(second)[1])[0] == Commit("Empty carts cost nothing", ("shop/cart.py",))
    assert fingerprint(shop) == before


async def test_a_new_commit_is_in_the_next_digest(
    shop: Path, tmp_path: Path, receiver: Running, received: ObjectStore
) -> None:
    async with desk(shop, tmp_path / "store", Remotes({"retrieval": receiver.url}, TOKEN)) as vcs:
        workspace = await vcs.open()
        await vcs.call("publish", workspace=workspace, remote="retrieval")
        (shop / "README.md").write_text("# Another\n")
        run_git(shop, "commit", "--quiet", "-am", "Rename the shop")
        tree = (await vcs.call("publish", workspace=workspace, remote="retrieval"))["tree"]

    assert read(received.history(tree)[1])[0].message == "Rename the shop"


async def test_a_repository_without_a_commit_is_published_without_a_past(
    tmp_path: Path, receiver: Running, received: ObjectStore
) -> None:
    run_git(tmp_path, "init", "--quiet", str(tmp_path / "new"))
    (tmp_path / "new" / "a.py").write_text("a = 1\n")
    async with desk(tmp_path / "new", tmp_path / "store", Remotes({"retrieval": receiver.url}, TOKEN)) as vcs:
        tree = (await vcs.call("publish", workspace=await vcs.open(), remote="retrieval"))["tree"]

    assert received.read(tree, "a.py") == b"a = 1\n"
    assert received.history(tree) == ("", b"")
