"""Lends a local repository's objects to a store, so that a tree of it can be searched without being pushed."""

from pathlib import Path

from loopcutter_retrieval.opening import objects
from loopcutter_snapshots import ObjectStore, git


def borrowed(repository: Path, folder: Path) -> str:
    """The tree at HEAD of `repository`, readable in the store under `folder`. The repository is only read."""
    tree = git("rev-parse", "--verify", "HEAD^{tree}", directory=repository).decode().strip()
    lender = git("rev-parse", "--path-format=absolute", "--git-path", "objects", directory=repository).decode().strip()
    store = ObjectStore(objects(folder))
    (store.path / "objects" / "info").mkdir(exist_ok=True)
    (store.path / "objects" / "info" / "alternates").write_text(f"{lender}\n")
    return tree
