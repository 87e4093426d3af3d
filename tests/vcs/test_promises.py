"""Whatever the user does in between and wherever an operation is killed: the user's work stays, checkpoints stay."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from support.desk import SHOP
from support.mortal import attempt
from support.repository import fingerprint, make_repository, run_git

from loopcutter_snapshots import ObjectStore
from loopcutter_vcs.checkpoint import Checkpoint
from loopcutter_vcs.ledger import Ledger

PATHS = st.sampled_from(["README.md", "shop/cart.py", "shop/money.py", "notes.txt", "data/one.bin", "ignored/a.log"])
CONTENTS = st.binary(max_size=40) | st.sampled_from([b"a\r\nb\r\n", b"\xff\xfe\0", b"# Shop\n\nlonger\n"])
MOMENTS = st.none() | st.integers(0, 250).map(lambda milliseconds: milliseconds / 1000)


class Promises(RuleBasedStateMachine):
    """A user at work, and a server that is killed again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="loopcutter-promises-"))
        self.store, self.number = self.root / "store", 0
        self.trees: dict[str, dict[str, tuple[str, str]]] = {}

    @initialize()
    def begin(self) -> None:
        self.shop = make_repository(self.root / "shop", {**SHOP, ".gitignore": "ignored/\n"})
        (self.shop / "empty").mkdir()
        self.operate("open", None)

    @rule(path=PATHS, content=CONTENTS, program=st.booleans())
    def user_writes(self, path: str, content: bytes, program: bool) -> None:
        file = self.shop / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        file.chmod(0o755 if program else 0o640)

    @rule(path=PATHS)
    def user_deletes(self, path: str) -> None:
        (self.shop / path).unlink(missing_ok=True)

    @rule(
        command=st.sampled_from(
            [
                "add --all",
                "commit --all --message=more",
                "stash",
                "stash pop",
                "checkout -B side",
                "checkout main",
                "rebase side",
                "rebase --abort",
                "gc --prune=now",
            ]
        )
    )
    def user_runs_git(self, command: str) -> None:
        with suppress(subprocess.CalledProcessError):  # a conflict, or nothing to do: here the user stands
            run_git(self.shop, *command.split())

    @rule(
        operation=st.sampled_from(["open", "open files", "edit", "checkpoint", "rollback", "finish", "gc"]),
        moment=MOMENTS,
    )
    def operate(self, operation: str, moment: float | None) -> None:
        before = fingerprint(self.shop)
        self.attempt(operation, moment)
        assert fingerprint(self.shop) == before

    @rule(moment=MOMENTS)
    def apply(self, moment: float | None) -> None:
        before, workspace = fingerprint(self.shop), self.newest()
        self.attempt("apply", moment)
        self.attempt("status", None)  # the next server puts right what was broken off
        now = fingerprint(self.shop)
        if now != before:  # then all of it is there, so that another time has nothing to add
            self.attempt("apply", None, workspace)
            assert fingerprint(self.shop) == now
            assert {path for path in before if before[path] != now.get(path)} <= {*SHOP, "new", "shop"}

    @rule(moment=MOMENTS)
    def apply_to_a_branch(self, moment: float | None) -> None:
        before = fingerprint(self.shop)
        self.attempt("branch", moment)
        self.attempt("status", None)
        after = fingerprint(self.shop)
        assert before.items() <= after.items()
        added = {path for path in after.keys() - before.keys() if not path.startswith(".git/objects")}
        assert all(path.startswith(".git/refs/heads/fix") for path in added)

    @invariant()
    def every_checkpoint_is_whole(self) -> None:
        stores = list(self.store.glob("*/git/info/attributes"))
        trees = {made.tree for made in self.remembered()}
        for tree in trees - self.trees.keys() if self.number % 5 else trees:
            objects = ObjectStore(stores[0].parents[1])
            files = {entry.path: (entry.mode, entry.blob) for entry in objects.files(tree)}
            assert self.trees.setdefault(tree, files) == files
            blobs = {blob for _, blob in files.values()}
            assert {blob for blob, _ in objects.read_blobs(blobs)} == blobs

    @invariant()
    def no_lock_is_left_with_the_user(self) -> None:
        if self.number:
            assert [*self.shop.rglob("*.lock"), *self.shop.rglob(".loopcutter-*")] == []

    def teardown(self) -> None:
        """A server that is let live does everything, whatever the killed ones left."""
        if self.number:
            for command in ("rebase --abort", "reset --hard"):
                self.user_runs_git(command)
            for operation in ("open", "edit", "checkpoint", "rollback", "finish"):
                assert self.attempt(operation, None) == "done"
            self.number = 0
            self.every_checkpoint_is_whole()
        shutil.rmtree(self.root)

    def attempt(self, operation: str, moment: float | None, workspace: str = "") -> str:
        self.number += 1
        chosen = {"rollback": "base", "branch": f"fix{self.number}"}.get(operation, f"word{self.number}")
        workspace = workspace or self.newest()
        if not workspace and not operation.startswith("open"):
            return "nothing"
        return attempt(self.store, self.shop, operation, workspace, chosen, moment)

    def newest(self) -> str:
        with self.ledger() as ledger:
            entries = ledger.all()
            return entries[-1].id if entries else ""

    def remembered(self) -> list[Checkpoint]:
        with self.ledger() as ledger:
            return [made for entry in ledger.all() for made in ledger.history(entry.id)]

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        self.store.mkdir(exist_ok=True)
        ledger = Ledger(self.store / "ledger.sqlite")
        try:
            yield ledger
        finally:
            ledger.close()


QUICK = settings(
    max_examples=3,
    stateful_step_count=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_nothing_is_lost_whatever_is_killed() -> None:
    run_state_machine_as_test(Promises, settings=QUICK)  # type: ignore[no-untyped-call]


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nothing_is_lost_whatever_is_killed_many_times_over() -> None:
    many = settings(QUICK, max_examples=50, stateful_step_count=20, derandomize=False)
    run_state_machine_as_test(Promises, settings=many)  # type: ignore[no-untyped-call]
