"""The user's repository: looked at and never written, and refused when looking at it would lead elsewhere.

Nothing it holds is trusted. Its config may name programs (`git` runs hardened), its `.git` may be a file or a link that
points to another repository, its `core.worktree` to another folder: only what lies under `root`, or what points back
to `root` as a linked worktree does, is looked at.
"""

import configparser
import os
import re
from dataclasses import dataclass
from pathlib import Path

from loopcutter_snapshots import GitFailed, git
from loopcutter_snapshots.git import Settings
from loopcutter_vcs.errors import UnusableRepository
from loopcutter_vcs.look import Look

_DEEPEST_INCLUDE = 10


@dataclass(frozen=True)
class Head:
    """Where the user stands."""

    branch: str | None
    """None when HEAD is detached."""
    commit: str | None
    """None on a branch without commits."""


@dataclass(frozen=True)
class Repository:
    """A repository of the user's with a working tree; get one with `Repository.at`."""

    root: Path
    """Its top folder, without links in the path."""
    git_dir: Path

    @classmethod
    def at(cls, path: Path) -> "Repository":
        """The repository whose top folder is `path`, if there is one that can be worked with."""
        root = path.resolve()
        if not root.is_dir():
            raise UnusableRepository(f"there is no folder {path}: check the path")
        if not (root / ".git").exists() and not (root / ".git").is_symlink():
            raise _no_repository(root)
        repository = cls(root, _git_dir(root))
        repository._refuse_endless_config()
        if repository._is_bare():
            raise UnusableRepository(f"{root} is a bare repository: clone it and open the clone")
        return repository

    def head(self) -> Head:
        """The branch and the commit checked out."""
        from git import Repo, SymbolicReference  # takes 0.1 s, and only this needs it

        try:
            with Repo(self.root, expand_vars=False) as repo:
                branch = None if repo.head.is_detached else repo.active_branch.name
                try:
                    return Head(branch, SymbolicReference.dereference_recursive(repo, "HEAD"))
                except ValueError:
                    return Head(branch, None)
        except (ValueError, TypeError, OSError, AssertionError, configparser.Error) as error:  # all GitPython's answers
            raise UnusableRepository(
                f"the HEAD of {self.root} can't be read ({error}): run `git status` there and mend what it names"
            ) from None

    def git(
        self, *arguments: str, stdin: bytes = b"", index: Path | None = None, settings: Settings | None = None
    ) -> bytes:
        """Run git on the repository."""
        # The working tree is named, because core.worktree of the config could name any other folder.
        return git(
            *arguments,
            directory=self.root,
            git_dir=self.git_dir,
            work_tree=self.root,
            index=index,
            stdin=stdin,
            settings=settings,
        )

    @property
    def look(self) -> Look:
        """The working tree beside the user's own index, with what the user ignores on the whole machine."""
        return Look(self.root, self.git_dir, ignores=personal_ignores())

    @property
    def index(self) -> Path:
        """The user's own index."""
        return self.git_dir / "index"

    def _is_bare(self) -> bool:
        if (self.git_dir / "commondir").exists():
            return False  # a linked worktree has files, also when the repository it belongs to is bare
        config = self.git_dir / "config"
        if _says_not_bare(config):
            return False
        try:
            value = git("config", "--file", str(config), "--type=bool", "core.bare", accept=(0, 1))
        except GitFailed as error:
            raise UnusableRepository(f"the config of {self.root} can't be read ({error}): mend it") from None
        return value.strip() == b"true"

    def _refuse_endless_config(self) -> None:
        """Refuse a config that includes what is no plain file: git and GitPython would read a device for ever."""
        common = self.git_dir / "commondir"
        shared = (self.git_dir / common.read_text().strip()).resolve() if common.exists() else self.git_dir
        waiting = [(shared / "config", 0)]
        while waiting:
            file, depth = waiting.pop()
            if file.exists() and not file.is_file():
                raise UnusableRepository(f"the config of {self.root} includes {file}, which is no file: remove that")
            if file.is_file() and depth < _DEEPEST_INCLUDE:
                waiting += [(included, depth + 1) for included in _included(file)]


def make_repository(folder: Path) -> None:
    """`git init`, unless the folder is in a repository already or is none."""
    if folder.is_dir() and not any((outer / ".git").exists() for outer in (folder, *folder.parents)):
        git("init", "--quiet", "--initial-branch=main", directory=folder)


def personal_ignores() -> Path | None:
    """The user's own list of files to ignore everywhere, which git reads from core.excludesFile of the global config.

    The hardened git has no global config, but what the user ignores on the whole machine must not be taken either.
    """
    home = Path.home()
    settled = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    chosen = os.environ.get("GIT_CONFIG_GLOBAL")
    excludes = settled / "ignore"
    for config in [Path(chosen)] if chosen else [settled / "config", home / ".gitconfig"]:
        # Most configs name no such list, and to find that out takes no git.
        if config.is_file() and re.search(rb"excludesfile|include", config.read_bytes(), re.IGNORECASE):
            options = ("--file", str(config), "--includes", "--null", "--get", "core.excludesFile")
            value = os.fsdecode(git("config", *options, accept=(0, 1))).rstrip("\0")
            excludes = _expanded(value) if value else excludes
    return excludes if excludes.is_file() else None


def _git_dir(root: Path) -> Path:
    """The `.git` of `root`, or a refusal if it is somebody else's."""
    entry = root / ".git"
    if entry.is_symlink():
        raise UnusableRepository(f"{entry} is a symbolic link to another repository: open that one, or a clone of it")
    if entry.is_file():
        return _linked(root, entry)
    # Any of these would make git read and write another repository under this one's name.
    names = ("HEAD", "config", "index", "objects", "packed-refs", "refs")
    strays = [path for path in (entry / name for name in names) if path.is_symlink()]
    strays += [path for path in [entry / "commondir"] if path.exists()]
    if strays:
        raise UnusableRepository(f"{strays[0]} leads to another repository: open that one, or a clone of it")
    if not (entry / "HEAD").is_file() or not (entry / "objects").is_dir():
        raise UnusableRepository(f"{entry} is no complete repository: run `git init` in {root} to make it one")
    return entry


def _linked(root: Path, entry: Path) -> Path:
    """Where the `.git` file of a linked worktree points, if what it points to names this worktree in turn."""
    refusal = UnusableRepository(
        f"{entry} points to a repository that does not know {root} as its worktree: "
        "open that repository, or make the folder one of its worktrees with `git worktree repair`"
    )
    try:
        target = os.fsdecode(entry.read_bytes()[:4096]).strip()
        git_dir = (root / target.removeprefix("gitdir:").strip()).resolve(strict=True)
        # An attacker can write any path into a `.git` file, but not the way back into a foreign repository.
        back = (git_dir / os.fsdecode((git_dir / "gitdir").read_bytes()).strip()).parent.resolve()
        common = (git_dir / os.fsdecode((git_dir / "commondir").read_bytes()).strip()).resolve(strict=True)
    except (OSError, ValueError):
        raise refusal from None
    if not target.startswith("gitdir:") or back != root or git_dir.parent != common / "worktrees":
        raise refusal
    return git_dir


def _no_repository(root: Path) -> UnusableRepository:
    if (root / "HEAD").is_file() and (root / "objects").is_dir():
        return UnusableRepository(f"{root} is a bare repository: clone it and open the clone")
    outer = next((folder for folder in root.parents if (folder / ".git").exists()), None)
    if outer is not None:
        return UnusableRepository(f"{root} is a folder inside the repository {outer}: open {outer}")
    return UnusableRepository(
        f"{root} is not a git repository: run `git init` there (or start the host with --init), which changes no file"
    )


def _says_not_bare(config: Path) -> bool:
    """Whether a config says so in the one way that git itself writes; otherwise git has to be asked."""
    said = re.findall(rb"^.*bare.*$", config.read_bytes(), re.IGNORECASE | re.MULTILINE) if config.is_file() else []
    return all(line.strip() == b"bare = false" for line in said) and len(said) < 2


def _included(config: Path) -> list[Path]:
    if b"include" not in config.read_bytes().lower():
        return []  # which is nearly always so, and takes no git
    options = ("--file", str(config), "--no-includes", "--null", "--get-regexp", r"^include(if\..*)?\.path$")
    try:
        listed = os.fsdecode(git("config", *options, accept=(0, 1)))
    except GitFailed as error:
        raise UnusableRepository(f"the config {config} can't be read ({error}): mend it") from None
    values = [line.partition("\n")[2] for line in listed.split("\0")[:-1]]
    return [config.parent / _expanded(value) for value in values if value]


def _expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:  # the home of a user nobody knows
        return Path(path)
