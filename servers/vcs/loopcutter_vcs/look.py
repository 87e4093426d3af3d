"""Looks at a working tree with git: what differs from an index, what an index does not know, and what is ignored.

Only the index is compared and only folders are read, so that a look costs little in a tree that hardly changed. The
user's tree is looked at with the user's own index and with ours; a laid out attempt with ours alone.
"""

import os
import stat
import subprocess
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from loopcutter_snapshots.git import environment
from loopcutter_vcs.errors import UnusableRepository
from loopcutter_vcs.inspection import emptied

_PATIENCE = 300.0
"""Seconds a look may take."""

_ON_ONE_LINE = 400
"""Paths that are named to git as arguments; of more, all are asked for."""


@dataclass(frozen=True)
class Unknown:
    """What stands in a working tree and not in its index, apart from what is ignored."""

    files: frozenset[str]
    repositories: tuple[str, ...]
    """Other repositories inside: nothing in them is looked at."""
    empty: frozenset[str]
    """Folders that hold nothing."""


@dataclass(frozen=True)
class Look:
    """One working tree, as seen with one index."""

    root: Path
    git_dir: Path
    index: Path | None = None
    """The repository's own one, if none is named."""
    ignores: Path | None = None
    """A list of files to ignore beside those of the repository."""

    def names(self, *options: str) -> list[str]:
        """The lines of `git ls-files`: what the index knows, unless the options say otherwise."""
        return self._asked("ls-files", *options)

    def changed(self, among: Collection[str] = ()) -> set[str]:
        """The files that the index knows and that are no longer so, or no longer there; only `among` those named."""
        paths = ["--", *among] if 0 < len(among) <= _ON_ONE_LINE else []
        changed = set(self._asked("diff-files", "--name-only", "--ignore-submodules=all", *paths))
        return changed.intersection(among) if among else changed

    def replaced(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths`, files of an index, where a folder stands now."""
        return {path for path in paths if _is_folder(f"{self.root}/{path}")}

    def unknown(self, replaced: Collection[str] = ()) -> Unknown:
        """What the index does not know. A folder that can't be looked into is an error, not an empty one.

        Folders that have `replaced` a file of the index have to be named: git's listing of folders passes them over.
        """
        others = ("--others", "--exclude-standard")
        # Untracked folders come as one line each, and so do the empty ones, which no other listing shows.
        listed = self.names(*others, "--directory")
        files = {path for path in listed if not path.endswith("/")}
        replaced = set(replaced) - self.ignored(replaced)
        folders = [*(path.rstrip("/") for path in listed if path.endswith("/")), *replaced]
        if not folders:
            return Unknown(frozenset(files), (), frozenset())
        named = ["--", *folders] if len(folders) <= _ON_ONE_LINE else []
        inside = self.names(*others, *named)
        files |= {path for path in inside if not path.endswith("/")}
        repositories = tuple(path.rstrip("/") for path in inside if path.endswith("/"))
        return Unknown(frozenset(files), repositories, self._empty(folders, set(repositories)))

    def emptied(self, gone: Iterable[str]) -> set[str]:
        """The folders that hold nothing since the files which are `gone` are so, apart from what is ignored."""
        empty = emptied(self.root, gone)
        return empty - self.ignored(empty)

    def ignored(self, paths: Iterable[str]) -> set[str]:
        """Which of `paths` are ignored, whether the index knows them or not."""
        return {path.removeprefix("./") for path in self._check_ignore(paths)}

    def ignoring(self, paths: Iterable[str]) -> dict[str, str]:
        """By path, for those of `paths` that are ignored, the file whose rule decides it."""
        said = self._check_ignore(paths, "--verbose")
        rules = zip(said[::4], said[2::4], said[3::4], strict=True)
        return {path.removeprefix("./"): source for source, pattern, path in rules if not pattern.startswith("!")}

    def _check_ignore(self, paths: Iterable[str], *options: str) -> list[str]:
        # With `./` no path can be taken for one of git's magic words.
        asked = b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths)
        if not asked:
            return []
        return self._asked("check-ignore", "--no-index", "--stdin", *options, stdin=asked, accept=(0, 1))

    def _empty(self, folders: Sequence[str], repositories: set[str]) -> frozenset[str]:
        """The folders that hold nothing, in `folders` and below."""
        empty: set[str] = set()
        level = [folder for folder in folders if folder not in repositories]
        while level:
            below: list[str] = []
            for folder in level:
                with os.scandir(self.root / folder) as entries:
                    names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
                if not names:
                    empty.add(folder)
                below += [f"{folder}/{name}" for name, is_folder in names if is_folder]
            inner = [folder for folder in below if folder not in repositories]
            hidden = self.ignored(inner)
            level = [folder for folder in inner if folder not in hidden]
        return frozenset(empty)

    def _asked(self, command: str, *options: str, stdin: bytes = b"", accept: Collection[int] = (0,)) -> list[str]:
        places = {"GIT_DIR": str(self.git_dir), "GIT_WORK_TREE": str(self.root)}
        places |= {"GIT_INDEX_FILE": str(self.index)} if self.index else {}
        places |= {"GIT_LITERAL_PATHSPECS": "1"} if command != "check-ignore" else {}  # which knows no other paths
        # Not `loopcutter_snapshots.git`: what it says on stderr counts although it succeeds.
        try:
            done = subprocess.run(
                ["git", command, "-z", *options],
                cwd=self.root,
                env=environment(places, {"core.excludesFile": str(self.ignores or os.devnull)}),
                input=stdin,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UnusableRepository(
                f"git did not list the files of {self.root} in {_PATIENCE:.0f} s: "
                "look for pipes and devices among its .gitignore files"
            ) from None
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode not in accept or "could not open directory" in said or "Permission denied" in said:
            raise UnusableRepository(f"the files of {self.root} can't be listed ({said}): mend that and open it again")
        return os.fsdecode(done.stdout).split("\0")[:-1]


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:  # not there; what can't be looked at is named by git
        return False
