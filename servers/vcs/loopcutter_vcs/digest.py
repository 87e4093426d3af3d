"""What goes along with a snapshot of the user's past: messages and paths of the last commits, for the search alone.

`loopcutter_snapshots.history` says what is in it and what is taken out. It is made once for a commit the user stands
on and kept beside the store's objects; the user's repository is only read.
"""

import os
import secrets
from pathlib import Path

from loopcutter_snapshots import GitFailed
from loopcutter_snapshots.history import digest
from loopcutter_vcs.errors import UnusableRepository
from loopcutter_vcs.repository import Repository
from loopcutter_vcs.store import Store


def history(root: Path, store: Store, tree: str) -> str:
    """The id, in the store, of the digest of what is checked out at `root`; empty when no commit can be read there.

    Of the paths only those of `tree` are in it: what was left out of the snapshot as a secret is not named either.
    """
    try:
        repository = Repository.at(root)
        head = repository.git("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
        return _written(store, _known(store, head) or _made(repository, store, tree, head))
    except (GitFailed, UnusableRepository):  # a snapshot without its history is still worth sending
        return ""


def _made(repository: Repository, store: Store, tree: str, head: str) -> bytes:
    paths = {os.fsencode(entry.path).decode("utf-8", "surrogateescape") for entry in store.objects.files(tree)}
    made = digest(head, paths, directory=repository.root, git_dir=repository.git_dir)
    file = store.folder / "history"
    unfinished = file.with_name(f"history.{secrets.token_hex(6)}")
    unfinished.write_bytes(head.encode() + b"\n" + made)
    unfinished.replace(file)
    return made


def _known(store: Store, head: str) -> bytes:
    """The digest that was made last, if it is of this commit."""
    file = store.folder / "history"
    of, _, kept = file.read_bytes().partition(b"\n") if file.is_file() else (b"", b"", b"")
    return kept if of.decode("ascii", "replace") == head else b""


def _written(store: Store, made: bytes) -> str:
    """Each time anew: what nothing names is swept away with the store's old objects."""
    return store.git("hash-object", "-w", "--stdin", stdin=made).decode().strip()
