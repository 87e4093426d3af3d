"""Takes the user's working tree as it is now into our store.

Taken is what git would show as tracked or untracked: edits that were not committed count, ignored files do not
(`.gitignore`, `.git/info/exclude`, and the user's personal list). Left out, with a warning, are submodules and other
repositories inside, secrets, and files too large to be source.

We keep an index of what was taken. Git compares it with the disk, and lists what the user's own index does not know:
two looks, and only what they show is judged and read. Where the two indexes differ is remembered (see `memory`).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from loopcutter_snapshots.store import EMPTY_TREE
from loopcutter_vcs.errors import UnusableRepository, several
from loopcutter_vcs.inspection import LARGEST, Inspection
from loopcutter_vcs.lock import locked
from loopcutter_vcs.look import Look, Unknown
from loopcutter_vcs.memory import Memory, checksum
from loopcutter_vcs.progress import Progress, unobserved
from loopcutter_vcs.repository import Repository
from loopcutter_vcs.secret import OWN_LIST, Rules
from loopcutter_vcs.store import Store

_AT_ONCE = 20_000
_PATIENCE = 4
"""How often a file may change while it is read, and the user's index while it is looked at."""


@dataclass(frozen=True)
class Survey:
    """What of a working tree was taken, and what was not."""

    tree: str
    left_out: tuple[str, ...]
    """Files, and folders with all they hold."""
    warnings: tuple[str, ...]


def survey(repository: Repository, store: Store, progress: Progress = unobserved) -> Survey:
    """Take what the user's working tree holds now. Only what changed since the last time is read."""
    with locked(store.folder / "survey.lock-file"):
        # Nobody else holds the lock, so this is what a killed git left behind.
        store.survey.with_suffix(".lock").unlink(missing_ok=True)
        rules = Rules.of(repository.root)
        memory = Memory.load(store.memory)
        if memory is None or memory.rules != rules.fingerprint:
            store.survey.unlink(missing_ok=True)  # it may hold what is a secret by now
            memory = None
        return _Surveyor(repository, store, rules, memory, progress).survey()


@dataclass(frozen=True)
class _Indexes:
    """How the two indexes stand to each other, and what neither has."""

    theirs: str | None
    extra: frozenset[str]
    absent: frozenset[str]
    differing: set[str]
    """Files of ours that stand otherwise on disk, or no longer."""
    submodules: tuple[str, ...]
    unknown: Unknown


@dataclass(frozen=True)
class _Judged:
    """What became of the files that were looked at."""

    taken: frozenset[str]
    refused: frozenset[str]
    secret: frozenset[str]
    inspection: Inspection


@dataclass(frozen=True)
class _Surveyor:
    repository: Repository
    store: Store
    rules: Rules
    memory: Memory | None
    progress: Progress

    def survey(self) -> Survey:
        indexes = self._indexes()
        found = indexes.unknown
        gone = indexes.extra - found.files  # deleted, ignored by now, or in a repository of its own
        differing = indexes.differing - gone
        judged = self._take(differing | (found.files - indexes.extra) | indexes.absent, gone, differing, found.files)
        absent = (indexes.absent | (judged.refused - found.files)) - judged.taken
        empty = found.empty | self.repository.look.emptied(absent)
        remembered = Memory(
            *(self.rules.fingerprint, indexes.theirs or "", checksum(self.store.survey) or "", ""),
            extra=tuple(sorted((indexes.extra - gone - judged.refused) | (judged.taken & found.files))),
            absent=tuple(sorted(absent)),
            submodules=indexes.submodules,
            empty=tuple(sorted(empty)),
        )
        tree = self._tree(remembered)
        left_out = {
            "submodules, which are left out and can't be edited here": indexes.submodules,
            "other repositories inside, which are left out and can't be edited here": found.repositories,
            f"left out as secrets (`!name` in {OWN_LIST} lets a tracked file in)": sorted(judged.secret),
            f"left out because larger than {LARGEST >> 20} MiB": sorted(judged.inspection.huge),
            "left out because their path is too long": sorted(judged.inspection.too_long),
        }
        warnings = tuple(f"{reason}: {several(paths)}" for reason, paths in left_out.items() if paths)
        return Survey(tree, tuple(path for paths in left_out.values() for path in paths), warnings)

    @property
    def _ours(self) -> Look:
        return Look(self.repository.root, self.store.git_dir, self.store.survey)

    def _indexes(self) -> _Indexes:
        """Both indexes at one moment of the user's one."""
        for _ in range(_PATIENCE):
            theirs = checksum(self.repository.index)
            memory = self.memory
            if memory is None or (memory.theirs, memory.ours) != (theirs, checksum(self.store.survey)):
                tracked, submodules = _tracked(self.repository)
                ours = frozenset(self._ours.names()) if self.store.survey.exists() else frozenset()
                extra, absent = ours - tracked, tracked - ours
            else:
                extra, absent, submodules = frozenset(memory.extra), frozenset(memory.absent), memory.submodules
            differing = self._ours.changed() if self.store.survey.exists() else set()
            look = self.repository.look
            unknown = look.unknown(look.replaced(differing | absent))
            if checksum(self.repository.index) == theirs:
                return _Indexes(theirs, extra, absent, differing, submodules, unknown)
        raise UnusableRepository(
            f"the index of {self.repository.root} changed again and again: wait for the git that is at work there"
        )

    def _take(
        self, paths: frozenset[str] | set[str], gone: frozenset[str], known: set[str], untracked: frozenset[str]
    ) -> _Judged:
        """Bring our index up to date with `paths`, of which it knows those that are `known`, and without `gone`.

        A file that was written to while it was read is judged and read again, and refused if that has no end.
        """
        inspection = Inspection(self.repository.root)
        taken, refused, secret = set[str](), set[str](), set[str]()
        pending = set(paths)
        for tried in range(_PATIENCE):
            standing = inspection.takeable(pending)
            found = self.rules.secrets(set(standing) - untracked, set(standing) & untracked, self.store)
            readable = {path: status for path, status in standing.items() if path not in found}
            secret |= found
            refused = (refused | pending) - readable.keys()
            dropped = (pending & (known | taken)) - readable.keys()
            taken = (taken - pending) | readable.keys()
            self._update(dropped | gone if tried == 0 else dropped, "--force-remove")
            for start in range(0, len(readable), _AT_ONCE):
                self.progress(start, len(readable), "reading the working tree")
                self._update(sorted(readable)[start : start + _AT_ONCE], "--add", "--remove", "--replace")
            self.progress(tried, _PATIENCE, "checking that nothing changed meanwhile")
            pending, hot = inspection.unsettled(readable)
            pending |= self._ours.changed(hot) if hot else set()
            if not pending:
                return _Judged(frozenset(taken), frozenset(refused), frozenset(secret), inspection)
        raise UnusableRepository(
            f"{several(sorted(pending))} changed again and again while being read: "
            "wait for what writes there, or ignore the file"
        )

    def _update(self, paths: Collection[str], *options: str) -> None:
        self.store.update_index(self.store.survey, self.repository.root, paths, *options)

    def _tree(self, found: Memory) -> str:
        """The tree of our index with its empty folders; remembered with the rest."""
        known = self.memory
        if known is not None and replace(found, tree=known.tree) == known:
            return known.tree
        tree = self.store.write_tree(self.store.survey)
        if tree == EMPTY_TREE:
            raise UnusableRepository(f"{self.repository.root} holds no file to work on: add one that is not ignored")
        tree = self.store.with_folders(tree, come=found.empty)
        replace(found, tree=tree, ours=checksum(self.store.survey) or "").save(self.store.memory)
        return tree


def _tracked(repository: Repository) -> tuple[frozenset[str], tuple[str, ...]]:
    """The files in the user's index, and the submodules."""
    files, submodules, unmerged = [], [], set()
    for line in repository.look.names("--stage"):
        facts, _, path = line.partition("\t")
        if not facts.endswith(" 0"):
            unmerged.add(path)
        elif facts.startswith("160000"):
            submodules.append(path)
        else:
            files.append(path)
    if unmerged:
        raise UnusableRepository(
            f"a merge is unfinished in {several(sorted(unmerged))}: resolve its conflicts, `git add` them, open again"
        )
    return frozenset(files), tuple(submodules)
