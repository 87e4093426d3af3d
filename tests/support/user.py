"""A user at work in a repository, with an editor and with git, and what an outsider sees of the result."""

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.repository import IDENTITY

Files = dict[str, tuple[str, bytes]]
"""Path → git's mode and the content: of a link its target, of a folder, which is there if it is empty, nothing."""

FILE, PROGRAM, LINK, FOLDER = "100644", "100755", "120000", "40000"


@dataclass(frozen=True)
class User:
    """Somebody who works in the repository `root`, and gets a little in their own way."""

    root: Path

    def writes(self, path: str, content: bytes, permissions: int) -> None:
        """A file, whatever stood in its way."""
        file = self._cleared(path)
        file.write_bytes(content)
        file.chmod(permissions)

    def links(self, path: str, target: str) -> None:
        """A symbolic link."""
        self._cleared(path).symlink_to(target)

    def makes_folder(self, path: str) -> None:
        """A folder with nothing in it."""
        self._cleared(path).mkdir()

    def deletes(self, path: str) -> None:
        """A file, a link, or a folder with all it holds."""
        file = self.root / path
        if self._is_below_folders(path):
            if file.is_dir() and not file.is_symlink():
                shutil.rmtree(file)
            else:
                file.unlink(missing_ok=True)

    def runs_git(self, *arguments: str, folder: str = ".", stdin: bytes = b"") -> bytes:
        """Git as the user has it; a command that fails leaves the user where it left off."""
        command = ["git", "-c", "protocol.file.allow=always", "-c", "core.safecrlf=false", *arguments]
        variables = {**os.environ, **IDENTITY, "GIT_EDITOR": "true"}
        where = self.root / folder
        done = subprocess.run(command, cwd=where, env=variables, input=stdin, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""

    def makes_repository(self, path: str) -> None:
        """A repository inside this one."""
        self._cleared(path).mkdir()
        self.runs_git("init", "--quiet", folder=path)
        (self.root / path / "inner.txt").write_text("inner\n")
        self.runs_git("add", "--all", folder=path)
        self.runs_git("commit", "--quiet", "--message=inner", folder=path)

    def is_merging(self) -> bool:
        """Whether there are conflicts to resolve."""
        return bool(self.runs_git("ls-files", "--unmerged"))

    def files(self) -> Files:
        """What is the user's work: tracked and untracked files, none that are ignored, no secrets, nothing nested."""
        staged = _records(self.runs_git("ls-files", "-z", "--stage"))
        submodules = {line.partition("\t")[2] for line in staged if line.startswith("160000")}
        listed = _records(self.runs_git("ls-files", "-z", "--cached", "--others", "--exclude-standard"))
        paths = {path for path in listed if not path.endswith("/")} - submodules
        seen = {path: self.file(path) for path in paths if path.rpartition("/")[2] != ".env"}
        files = {path: file for path, file in seen.items() if file is not None and file[0] != FOLDER}
        return files | dict.fromkeys(self._empty_folders() - submodules, (FOLDER, b""))

    def _empty_folders(self) -> set[str]:
        empty = set()
        for folder, folders, files in os.walk(self.root):
            if ".git" in (*folders, *files) and folder != str(self.root):
                folders.clear()
            elif not folders and not files:
                empty.add(str(Path(folder).relative_to(self.root)))
            if ".git" in folders:
                folders.remove(".git")
        asked = os.fsencode("".join(f"{path}\0" for path in empty))
        return empty - set(_records(self.runs_git("check-ignore", "--no-index", "-z", "--stdin", stdin=asked)))

    def file(self, path: str) -> tuple[str, bytes] | None:
        """What stands at a path: a file, a link or an empty folder, but nothing that is reached through a link."""
        file = self.root / path
        if not self._is_below_folders(path):
            return None
        if file.is_symlink():
            return LINK, os.fsencode(file.readlink())
        if file.is_dir():
            return None if any(file.iterdir()) else (FOLDER, b"")
        return ((PROGRAM if file.stat().st_mode & stat.S_IXUSR else FILE), file.read_bytes()) if file.exists() else None

    def has_room_for(self, path: str) -> bool:
        """Whether a file can be put there without taking something else away."""
        file = self.root / path
        above = [folder for folder in file.parents if self.root in folder.parents]
        blocked = any(folder.is_symlink() or folder.is_file() or (folder / ".git").exists() for folder in above)
        return not blocked and (file.is_symlink() or not file.is_dir())

    def _is_below_folders(self, path: str) -> bool:
        above = [folder for folder in (self.root / path).parents if self.root in folder.parents]
        return all(folder.is_dir() and not folder.is_symlink() for folder in above)

    def _cleared(self, path: str) -> Path:
        """Where something new can be put: what stands there, or in the way, is deleted."""
        file = self.root / path
        for step in (*reversed([folder for folder in file.parents if self.root in folder.parents]), file):
            if step.is_symlink() or step.is_file():
                step.unlink()
            elif step == file and step.is_dir():
                shutil.rmtree(step)
        file.parent.mkdir(parents=True, exist_ok=True)
        return file


def _records(listing: bytes) -> list[str]:
    return os.fsdecode(listing).split("\0")[:-1]
