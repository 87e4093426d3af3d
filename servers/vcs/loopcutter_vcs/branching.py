"""Bringing an attempt to the user as a commit on a new branch.

The commit sits on the user's HEAD and holds what the attempt changed, nothing else: work the user has not committed
does not get into it. Of the user's repository only the object store and the one ref are written.
"""

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

from loopcutter_snapshots import GitFailed, git
from loopcutter_vcs.applying import Applied, Attempt
from loopcutter_vcs.errors import ApplyRefused, shown
from loopcutter_vcs.folder import File
from loopcutter_vcs.ledger import Ledger, Report
from loopcutter_vcs.merging import Conflict, Merger
from loopcutter_vcs.once import Once
from loopcutter_vcs.repository import Repository
from loopcutter_vcs.store import Blob, Store

# A split index would leave part of our private one in the user's GIT_DIR, and a new branch a reflog.
_ONLY_WHAT_IS_ASKED = {"core.splitIndex": "false", "core.sparseCheckout": "false", "core.logAllRefUpdates": "false"}


def apply_to_branch(
    store: Store, repository: Repository, base: str, result: str, branch: str, message: str, once: Once[Applied]
) -> Applied:
    """Make `branch` in the user's repository: one commit on HEAD with what changed from `base` to `result`."""
    unlock_branch(store, repository, once.ledger)
    known = once.known()
    if known is not None:
        return known
    ref = _new_ref(repository, branch)
    head = repository.head().commit
    if head is None:
        raise ApplyRefused("there is no commit yet that a branch could start from: commit first, or apply without one")
    attempt = Attempt.between(store, base, result)
    committed = _committed(repository, head, set(attempt.files))
    changed, conflicts = _merged(Merger(store), attempt, committed)
    if conflicts:
        return Applied([], "", "", [shown(path) for path in conflicts])
    if not changed:
        raise ApplyRefused(f"the attempt changes nothing compared with HEAD: there is nothing to put on {branch!r}")
    tree = _written(store, repository, head, changed)
    commit = repository.git("commit-tree", tree, "-p", head, "-F", "-", stdin=message.encode()).decode().strip()
    applied = Applied([shown(path) for path in changed], branch, commit, [])
    note, report = _note(store), once.report(applied)
    unfinished = note.with_suffix(".new")
    unfinished.write_text(json.dumps({"ref": ref, "commit": commit, "report": asdict(report) if report else None}))
    unfinished.replace(note)
    try:
        # The empty old value makes git refuse a ref that exists by now.
        repository.git("update-ref", "--no-deref", ref, commit, "", settings=_ONLY_WHAT_IS_ASKED)
    except GitFailed as error:
        note.unlink()
        raise ApplyRefused(f"the branch {branch!r} can't be made ({error}): choose another name") from None
    once.keep(applied)
    note.unlink()
    return applied


def unlock_branch(store: Store, repository: Repository, ledger: Ledger) -> None:
    """Finish what a killed server began: its lock goes, and a branch that it made is known to be made.

    A lock of the user's stays.
    """
    note = _note(store)
    if not note.is_file():
        return
    made = json.loads(note.read_text())
    ref, commit = made["ref"], made["commit"]
    lock = repository.root / os.fsdecode(repository.git("rev-parse", "--git-path", f"{ref}.lock")).strip()
    if lock.is_file() and lock.read_text().strip() in ("", commit):
        lock.unlink()
    stands = os.fsdecode(repository.git("for-each-ref", "--format=%(objectname)", ref)).strip()
    if made["report"] and stands == commit:
        ledger.keep(Report(**made["report"]))
    note.unlink()


def _note(store: Store) -> Path:
    """Where it is written down which branch is being made, and what is answered once it is."""
    return store.folder / "branching"


def _new_ref(repository: Repository, branch: str) -> str:
    """The full name of the branch to be, if it can be made."""
    ref = f"refs/heads/{branch}"
    valid = not branch.startswith("-") and branch != "HEAD" and "\0" not in branch
    try:
        if valid:
            git("check-ref-format", ref)
    except GitFailed:
        valid = False
    if not valid:
        raise ApplyRefused(f"{branch!r} is no name for a branch: use letters, digits, '-', '_' and single '/'")
    steps = ref.split("/")
    above = ["/".join(steps[:depth]) for depth in range(3, len(steps))]
    taken = os.fsdecode(repository.git("for-each-ref", "--format=%(refname)", ref, *above)).splitlines()
    blocking = [other for other in taken if other in (ref, *above) or other.startswith(f"{ref}/")]
    if blocking:
        raise ApplyRefused(
            f"the branch {blocking[0].removeprefix('refs/heads/')!r} exists already: choose another name"
        )
    return ref


def _committed(repository: Repository, head: str, paths: set[str]) -> dict[str, File]:
    """The files at `paths` as they are in the commit `head`."""
    files = {}
    for line in os.fsdecode(repository.git("ls-tree", "-r", "-z", "--full-tree", head)).split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, kind, blob = facts.split(" ")
        if path in paths and kind == "blob":
            files[path] = File(repository.git("cat-file", "blob", blob), mode)
    return files


def _merged(merger: Merger, attempt: Attempt, committed: dict[str, File]) -> tuple[dict[str, File | None], list[str]]:
    """What each file becomes that the commit changes, and the files with conflicts."""
    changed: dict[str, File | None] = {}
    conflicts = []
    for path, (old, new) in attempt.files.items():
        current = committed.get(path)
        try:
            # A file the user has not committed yet comes with the fix as a whole: the fix needs it.
            merged = new if current is None else merger.merged(_like(old, current), _like(new, current), current)
        except Conflict:
            conflicts.append(path)
            continue
        if merged != current:
            changed[path] = merged
    return changed, conflicts


def _like(file: File | None, committed: File) -> File | None:
    """`file` with the line ends of the committed one, which git may have stored otherwise than it checks them out."""
    if file is None or b"\r\n" in committed.content:
        return file
    return replace(file, content=file.content.replace(b"\r\n", b"\n"))


def _written(store: Store, repository: Repository, head: str, changed: dict[str, File | None]) -> str:
    """The tree of `head` with `changed`, in the user's object store."""
    records = b""
    for path, file in changed.items():
        blob = _blob(repository, file) if file is not None else Blob("0", "0" * len(head))
        records += f"{blob.mode} {blob.id}\t".encode() + os.fsencode(path) + b"\0"
    with store.scratch() as scratch:
        index = scratch / "index"
        repository.git("read-tree", f"{head}^{{tree}}", index=index, settings=_ONLY_WHAT_IS_ASKED)
        options = ("--add", "--replace", "-z", "--index-info")
        repository.git("update-index", *options, stdin=records, index=index, settings=_ONLY_WHAT_IS_ASKED)
        return repository.git("write-tree", index=index, settings=_ONLY_WHAT_IS_ASKED).decode().strip()


def _blob(repository: Repository, file: File) -> Blob:
    written = repository.git("hash-object", "-w", "--no-filters", "--stdin", stdin=file.content)
    return Blob(file.mode, written.decode().strip())
