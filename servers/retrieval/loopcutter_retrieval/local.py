"""Lends a local repository's objects to a store, so that a tree of it can be searched without being pushed.

The past comes along as it does with a published snapshot: as a digest beside the tree.
"""

import os
from pathlib import Path

from loopcutter_retrieval.opening import objects
from loopcutter_snapshots import GitFailed, ObjectStore, git
from loopcutter_snapshots.history import digest


def borrowed(repository: Path, folder: Path, revision: str = "HEAD") -> str:
    """The tree of a revision of `repository`, readable in the store under `folder`. The repository is only read."""
    tree = lent(repository, folder, revision)
    remember(repository, revision, tree, ObjectStore(objects(folder)))
    return tree


def lent(repository: Path, folder: Path, revision: str) -> str:
    """The same without its past; objects that the repository lacks are not missed before they are read."""
    tree = (
        git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{tree}}", directory=repository).decode().strip()
    )
    lender = git("rev-parse", "--path-format=absolute", "--git-path", "objects", directory=repository).decode().strip()
    lenders = ObjectStore(objects(folder)).path / "objects" / "info" / "alternates"
    lenders.parent.mkdir(exist_ok=True)
    known = lenders.read_text().splitlines() if lenders.exists() else []
    if lender not in known:
        lenders.write_text("".join(f"{one}\n" for one in (*known, lender)))
    return tree


def remember(repository: Path, revision: str, tree: str, store: ObjectStore) -> None:
    """Put the digest of what led to `revision` where publishing `tree` would have put it.

    Nothing is put there when the revision is no commit.
    """
    paths = {os.fsencode(entry.path).decode("utf-8", "surrogateescape") for entry in store.files(tree)}
    try:
        commit = git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", directory=repository
        )
        made = digest(commit.decode().strip(), paths, directory=repository)
    except GitFailed:
        return
    blob = git("hash-object", "-w", "--stdin", stdin=made, git_dir=store.path).decode().strip()
    git("update-ref", f"refs/snapshots/history/{tree}", blob, git_dir=store.path)
