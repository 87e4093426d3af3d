"""One store in the hands of several servers, at once and one after the other, beside a user who cleans up."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.desk import desk, replace
from support.mortal import Death, Mortal, mortals
from support.promised import Promised, contents, edits_of
from support.repository import fingerprint, run_git
from support.user import Files, User

from loopcutter_snapshots import ObjectStore
from loopcutter_vcs.ledger import Ledger


def at_work(shop: Path, store: Path, steps: int, chance: random.Random) -> list[Promised]:
    """What one server has acknowledged that is killed now and then while others work on the same store."""
    files, attempts = User(shop).files(), list[Promised]()
    with mortals() as program:
        mortal = Mortal(program, store, shop)
        for number in range(steps):
            death = Death("call", chance.random(), chance.random() < 0.5) if chance.random() < 0.3 else None
            if not attempts or chance.random() < 0.2:
                opened = mortal.attempt("open", "", death, files=chance.random() < 0.5)
                if opened.status == "done":
                    base = opened.result["base"]["id"]
                    attempts.append(Promised(opened.result["workspace"], files, files, {base: files}))
                continue
            operation = chance.choice(["edit", "edit", "checkpoint", "rollback", "gc"])
            changed(mortal, chance.choice(attempts), operation, death, f"{chance.random()}-{number}")
        mortal.settle()
    return attempts


def changed(mortal: Mortal, attempt: Promised, operation: str, death: Death | None, key: str) -> None:
    """One operation on an attempt; asked for again when it is killed."""
    edits, edited = edits_of(attempt.current, f"word{key}", len(key))
    target = next(iter(attempt.acknowledged))
    order = {"key": key, "edits": edits, "checkpoint": target}
    outcome = mortal.attempt(operation, attempt.id, death, **order)
    if outcome.status == "killed":
        outcome = mortal.attempt(operation, attempt.id, None, **order)
    assert outcome.status == "done", outcome
    match operation:
        case "edit":
            made, attempt.current = outcome.result["checkpoint"], edited
        case "checkpoint":
            made = outcome.result
        case "rollback":
            made = outcome.result["undo"]
        case _:
            return
    attempt.acknowledged[made["id"]] = edited if operation == "edit" else attempt.current
    attempt.current = attempt.acknowledged[target] if operation == "rollback" else attempt.current


def kept(store: Path, attempt: Promised) -> dict[str, Files]:
    """What the store has of an attempt, by checkpoint."""
    ledger = Ledger(store / "ledger.sqlite")
    history = ledger.history(attempt.id)
    ledger.close()
    [git_dir] = store.glob("*/git")
    found = contents(ObjectStore(git_dir), [made.tree for made in history])
    return {made.id: files for made, files in zip(history, found, strict=True)}


def together(shop: Path, store: Path, servers: int, steps: int, seed: int) -> None:
    before = fingerprint(shop)
    work: list[Callable[[], list[Promised]]] = [
        lambda number=number: at_work(shop, store, steps, random.Random(seed + number))  # type: ignore[misc]
        for number in range(servers)
    ]
    with ThreadPoolExecutor(servers) as pool:
        done = [attempt for result in pool.map(lambda one: one(), work) for attempt in result]
    assert fingerprint(shop) == before
    assert len(done) >= servers
    for attempt in done:
        there = kept(store, attempt)
        assert {made: there.get(made) for made in attempt.acknowledged} == attempt.acknowledged
    assert run_git(next(store.glob("*/git")), "fsck", "--no-dangling", "--no-progress") == ""


def test_servers_that_share_a_store_and_die_lose_nothing_that_was_acknowledged(shop: Path, tmp_path: Path) -> None:
    together(shop, tmp_path / "store", servers=2, steps=12, seed=1)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(100, 400, 100))
def test_servers_that_share_a_store_lose_nothing_for_long(shop: Path, tmp_path: Path, seed: int) -> None:
    together(shop, tmp_path / "store", servers=3, steps=120, seed=seed)


@pytest.mark.anyio
async def test_checkpoints_hold_over_restarts_and_whatever_the_users_git_throws_away(
    shop: Path, tmp_path: Path
) -> None:
    async with desk(shop, tmp_path / "store") as vcs:
        opened = await vcs.call("open")
        workspace = opened["workspace"]
        edited = await vcs.edit(workspace, replace("README.md", "Shop", "Store"))
        marked = await vcs.call("checkpoint", workspace=workspace, label="before the restart")
    (shop / "README.md").write_text("# Other\n")
    run_git(shop, "commit", "--quiet", "--all", "--amend", "--message=other")
    run_git(shop, "reflog", "expire", "--expire=now", "--all")
    run_git(shop, "gc", "--quiet", "--prune=now")
    async with desk(shop, tmp_path / "store") as vcs:
        for made, text in ((opened["base"], b"# Shop\n"), (edited["checkpoint"], b"# Store\n"), (marked, b"# Store\n")):
            restored = (await vcs.call("rollback", workspace=workspace, checkpoint=made["id"]))["restored"]
            assert restored == made
            assert vcs.content(restored["tree"], "README.md") == text
        assert run_git(vcs.objects.path, "fsck", "--no-dangling", "--no-progress") == ""
        assert not (vcs.objects.path / "objects" / "info" / "alternates").exists()
