"""Lends a local repository's objects to a store, so that a tree of it can be searched without being pushed."""

from pathlib import Path

from loopcutter_retrieval.opening import objects
from loopcutter_snapshots import ObjectStore, git


def borrowed(repository: Path, folder: Path, revision: str = "HEAD") -> str:
    """The tree of a revision of `repository`, readable in the store under `folder`. The repository is only read."""
    tree = (
        git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{tree}}", directory=repository).decode().strip()
    )
    lender = git("rev-parse", "--path-format=absolute", "--git-path", "objects", directory=repository).decode().strip()
    store = ObjectStore(objects(folder))
    lenders = store.path / "objects" / "info" / "alternates"
    lenders.parent.mkdir(exist_ok=True)
    known = lenders.read_text().splitlines() if lenders.exists() else []
    if lender not in known:
        lenders.write_text("".join(f"{one}\n" for one in (*known, lender)))
    return tree
