"""A user at work, and servers that are killed again and again: what must hold whatever comes in which order.

A state machine for hypothesis. Its rules are what the user does and what vcs does; each operation may be killed at a
drawn moment, and after each the user's work and every checkpoint that was acknowledged are compared with a model.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from loopcutter_snapshots import ObjectStore
from loopcutter_vcs.ledger import Ledger
from support.desk import SHOP
from support.drawn import ATTRIBUTES, BY_HAND, CONTENTS, GIT, IGNORED, PATHS, PERHAPS
from support.mortal import KEPT, Death, Mortal, Outcome
from support.promised import (
    Promised,
    applied,
    changed_by_hand,
    contents,
    edits_of,
    left_standing,
    named,
    unchanged_but,
    without,
)
from support.repository import fingerprint, make_repository, run_git
from support.serving import TOKEN
from support.user import FILE, Files, User


class Ordeal(RuleBasedStateMachine):
    """A user at work, and servers that are killed again and again."""

    program: ClassVar[Any]
    receiver: ClassVar[tuple[str, ObjectStore]]

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="loopcutter-promises-"))
        self.user = User(make_repository(self.root / "shop", {**SHOP, ".gitignore": "ignored/\n"}))
        self.library = make_repository(self.root / "library", {"library.txt": "library\n"})
        self.mortal = Mortal(self.program, self.root / "store", self.user.root)
        self.attempts: list[Promised] = []
        self.number = 0

    @initialize(files=st.booleans())
    def begin(self, files: bool) -> None:
        self.user.makes_folder("empty")
        self.open(files, None, False)

    # What the user does.

    @rule(path=PATHS, content=st.sampled_from(CONTENTS), permissions=st.sampled_from([0o640, 0o755, 0o600]))
    def user_writes(self, path: str, content: bytes, permissions: int) -> None:
        self.user.writes(path, content, permissions)

    @rule(path=PATHS, to=st.sampled_from(["README.md", "nowhere", "../library", "shop"]))
    def user_links(self, path: str, to: str) -> None:
        self.user.links(path, to)

    @rule(path=PATHS, folder=st.booleans())
    def user_deletes(self, path: str, folder: bool) -> None:
        self.user.deletes(path)
        if folder:
            self.user.makes_folder(path)

    @rule(ignored=st.sampled_from(IGNORED), attributes=st.sampled_from(ATTRIBUTES))
    def user_sets_rules(self, ignored: str, attributes: str) -> None:
        self.user.writes(".gitignore", ignored.encode(), 0o644)
        self.user.writes(".gitattributes", attributes.encode(), 0o644)

    @rule(command=st.sampled_from(GIT))
    def user_runs_git(self, command: str) -> None:
        self.user.runs_git(*command.split())

    @rule(command=st.sampled_from(GIT[:-6]), other=st.sampled_from(GIT))
    def user_makes_two_sides(self, command: str, other: str) -> None:
        for step in ("checkout --quiet -B side", "commit --quiet --all --message=side", "checkout --quiet main"):
            self.user.runs_git(*step.split())
        self.user.writes("README.md", f"# {command}\n".encode(), 0o644)
        for step in ("commit --quiet --all --message=main", "merge side", command, other):
            self.user.runs_git(*step.split())

    @rule(submodule=st.booleans())
    def user_nests(self, submodule: bool) -> None:
        if submodule:
            self.user.runs_git("submodule", "--quiet", "add", str(self.library), "submodule")
        else:
            self.user.makes_repository("nested")

    # What vcs does, and is killed while it does it.

    @rule(files=st.booleans(), death=PERHAPS, again=st.booleans())
    def open(self, files: bool, death: Death | None, again: bool) -> None:
        taken, before = self.user.files(), fingerprint(self.user.root)
        key = f"key{self.number}"
        outcome = self.tried("open", "", death, files=files, key=key)
        if outcome.status == "killed" and again:
            outcome = self.tried("open", "", None, files=files, key=key)
        assert fingerprint(self.user.root) == before
        if outcome.status == "refused":
            assert self.user.is_merging() or not taken, outcome
        elif outcome.status == "done":
            opened = outcome.result
            attempt = Promised(opened["workspace"], taken, taken, {opened["base"]["id"]: taken})
            self.attempts = [*self.attempts[-2:], attempt]
            assert contents(self.objects, [opened["base"]["tree"]]) == [taken]

    @rule(death=PERHAPS, again=st.booleans(), pick=st.integers(0, 999), which=st.integers(0, 2))
    def edit(self, death: Death | None, again: bool, pick: int, which: int) -> None:
        if (attempt := self.alive(which)) is None:
            return
        edits, after = edits_of(attempt.current, f"word{self.number}", pick)
        self.changed("edit", attempt, death, again, after, after, edits=edits)

    @rule(death=PERHAPS, again=st.booleans(), by_hand=BY_HAND, which=st.integers(0, 2))
    def checkpoint(self, death: Death | None, again: bool, by_hand: dict[str, str | None], which: int) -> None:
        if (attempt := self.alive(which)) is None:
            return
        after = changed_by_hand(attempt.current, by_hand)
        self.changed("checkpoint", attempt, death, again, after, after, by_hand=by_hand)

    @rule(death=PERHAPS, again=st.booleans(), by_hand=BY_HAND, which=st.integers(0, 2), pick=st.integers(0, 99))
    def roll_back(
        self, death: Death | None, again: bool, by_hand: dict[str, str | None], which: int, pick: int
    ) -> None:
        if (attempt := self.alive(which)) is None:
            return
        target = list(attempt.acknowledged)[pick % len(attempt.acknowledged)]
        left, after = changed_by_hand(attempt.current, by_hand), attempt.acknowledged[target]
        ignored = attempt.current.get(".gitignore") == (FILE, b"ignored/\n")
        by_hand = {**by_hand, KEPT: "kept\n"} if ignored else by_hand
        done = self.changed("rollback", attempt, death, again, left, after, by_hand=by_hand, checkpoint=target)
        assert not (done and ignored) or done["kept"]

    @rule(operation=st.sampled_from(["finish", "gc", "publish", "status"]), death=PERHAPS, which=st.integers(0, 2))
    def keep_house(self, operation: str, death: Death | None, which: int) -> None:
        attempt, before = self.attempts[which % len(self.attempts)], fingerprint(self.user.root)
        address, received = self.receiver
        outcome = self.tried(operation, attempt.id, death, remote=address, token=TOKEN)
        assert outcome.status != "refused", outcome
        assert fingerprint(self.user.root) == before
        if operation == "publish" and outcome.status == "done":
            assert contents(received, [outcome.result["tree"]]) == [attempt.current]
        attempt.finished = self.entry(attempt.id).finished
        if operation in ("gc", "finish"):
            self.every_checkpoint_is_whole()

    @rule(death=PERHAPS, second=PERHAPS, meanwhile=st.none() | PATHS, which=st.integers(0, 2))
    def apply(self, death: Death | None, second: Death | None, meanwhile: str | None, which: int) -> None:
        attempt, before, key = (
            self.attempts[which % len(self.attempts)],
            fingerprint(self.user.root),
            f"key{self.number}",
        )
        wanted, conflict = applied(attempt, self.user)
        outcome = self.tried("apply", attempt.id, death, key=key)
        if outcome.status == "killed":
            touched = self.put_right(meanwhile, second)
            before, after, wanted = (without(touched, there) for there in (before, fingerprint(self.user.root), wanted))
            unchanged_but(before, after, {} if after == before else wanted, self.user.file)
            before, (wanted, conflict) = fingerprint(self.user.root), applied(attempt, self.user)
            outcome = self.tried("apply", attempt.id, None, key=key)
            if meanwhile and fingerprint(self.user.root) == before:  # it was carried out before the death: that is once
                return
        assert (outcome.status, bool(outcome.result["conflicts"])) == ("done", conflict), outcome
        unchanged_but(before, fingerprint(self.user.root), wanted, self.user.file)

    @rule(death=PERHAPS, second=PERHAPS, which=st.integers(0, 2))
    def apply_to_a_branch(self, death: Death | None, second: Death | None, which: int) -> None:
        attempt, before = self.attempts[which % len(self.attempts)], fingerprint(self.user.root)
        branch = f"fix{self.number}"
        outcome = self.tried("apply", attempt.id, death, branch=branch)
        if outcome.status == "killed":
            self.put_right(None, second)
        after = fingerprint(self.user.root)
        assert before.items() <= after.items()
        added = {path for path in after.keys() - before.keys() if not path.startswith(".git/objects/")}
        assert added <= {f".git/refs/heads/{branch}"}
        if added:
            run_git(self.user.root, "rev-list", "--objects", branch)
        assert outcome.status != "done" or bool(outcome.result["conflicts"]) != bool(added)

    # What holds at any time.

    @invariant()
    def no_lock_is_left_with_the_user(self) -> None:
        assert [*self.user.root.rglob("*.lock"), *self.user.root.rglob(".loopcutter-*")] == []

    def every_checkpoint_is_whole(self) -> None:
        promised = {made: files for attempt in self.attempts for made, files in attempt.acknowledged.items()}
        trees = {made.id: made.tree for attempt in self.attempts for made in self.history(attempt.id)}
        assert promised.keys() <= trees.keys()
        found = dict(zip(trees, contents(self.objects, list(trees.values())), strict=True))
        assert {made: found[made] for made in promised} == promised

    def teardown(self) -> None:
        """A server that is let live does everything, whatever the killed ones left."""
        self.mortal.settle()
        if self.attempts:
            self.every_checkpoint_is_whole()
            for attempt in [attempt for attempt in self.attempts if not attempt.finished]:
                self.every_checkpoint_can_be_gone_back_to(attempt)
            for operation in ("gc", "finish"):
                assert self.tried(operation, self.attempts[-1].id, None).status == "done"
            self.every_checkpoint_is_whole()
            assert [*self.mortal.store.rglob("*.lock"), *self.mortal.store.rglob("scratch-*")] == []
            assert list((self.mortal.store / "work").glob("*")) == []
        shutil.rmtree(self.root)

    def every_checkpoint_can_be_gone_back_to(self, attempt: Promised) -> None:
        restored = self.tried("restore", attempt.id, None, checkpoints=list(attempt.acknowledged)).result
        before = standing = attempt.current
        for made, files in attempt.acknowledged.items():
            before, standing = files, left_standing(standing, before, files)
            assert named(restored[made]) == standing

    # How it is done.

    def changed(
        self,
        operation: str,
        attempt: Promised,
        death: Death | None,
        again: bool,
        made: Files,
        after: Files,
        **more: Any,
    ) -> Any:
        """Something that makes a checkpoint of `made` and leads to the state `after`; asked for twice when killed."""
        before, key = fingerprint(self.user.root), f"key{self.number}"
        known = {checkpoint.id for checkpoint in self.history(attempt.id)}
        outcome = self.tried(operation, attempt.id, death, key=key, **more)
        if outcome.status == "killed" and again:
            outcome = self.tried(operation, attempt.id, None, key=key, **more)
            assert outcome.status == "done", outcome
        assert outcome.status != "refused", outcome
        assert fingerprint(self.user.root) == before
        new = [checkpoint for checkpoint in self.history(attempt.id) if checkpoint.id not in known]
        states = contents(self.objects, [checkpoint.tree for checkpoint in new])
        current = contents(self.objects, [self.entry(attempt.id).current.tree])[0]
        assert states == [made] * len(new)
        # A rollback that was killed may have kept the state that is left already; asked again, it keeps it again.
        made_twice = operation == "rollback" and death is not None and again
        if outcome.status == "done":
            assert current == after
            assert len(new) in ((1, 2) if made_twice else (1,))
        assert current in (attempt.current, made, after)
        attempt.current = current
        attempt.acknowledged |= {checkpoint.id: made for checkpoint in new}
        return outcome.result

    def put_right(self, meanwhile: str | None, second: Death | None) -> str:
        """The next server comes, perhaps after one that was killed as well; the path the user has written before."""
        self.mortal.settle()
        touched = meanwhile if meanwhile and self.user.has_room_for(meanwhile) else ""
        if touched:
            self.user.writes(touched, b"meanwhile\n", 0o644)
        if second is not None:
            self.tried("status", "", second)
        assert self.tried("status", "", None).status == "done"
        assert not touched or self.user.file(touched) == ("100644", b"meanwhile\n")
        return touched

    def tried(self, operation: str, workspace: str, death: Death | None, **more: Any) -> Outcome:
        self.number += 1
        outcome = self.mortal.attempt(operation, workspace, death, **more)
        print(self.number, operation, workspace[:4], death or "", outcome.status, outcome.said, flush=True)
        return outcome

    def alive(self, which: int) -> Promised | None:
        """One of the attempts that are not finished, if there is any.

        Not a precondition: what a killed operation came to depends on time, and hypothesis must not notice.
        """
        alive = [attempt for attempt in self.attempts if not attempt.finished]
        return alive[which % len(alive)] if alive else None

    @property
    def objects(self) -> ObjectStore:
        [folder] = self.mortal.store.glob("*/git")
        return ObjectStore(folder)

    def history(self, workspace: str) -> list[Any]:
        return self.read("history", workspace)

    def entry(self, workspace: str) -> Any:
        return self.read("find", workspace)

    def read(self, what: str, workspace: str) -> Any:
        ledger = Ledger(self.mortal.store / "ledger.sqlite")
        try:
            return getattr(ledger, what)(workspace)
        finally:
            ledger.close()
