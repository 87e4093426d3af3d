"""Remembers what a change of the user's files is about to do, until it is done: who dies in between is put right.

Each file is replaced in one step, but a set of them is not. So before the first one is touched, what all of them were
and will be is written down in the store. A journal that is still there later belongs to a change that broke off, and
what it did is taken back: at the next start, before the next change, or at once when a file can't be written.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from loopcutter_vcs.errors import ApplyRefused, EditRefused, several
from loopcutter_vcs.folder import UNFINISHED, File, Folder


@dataclass(frozen=True)
class Step:
    """One file, from what it was to what it will be."""

    path: str
    before: File | None
    after: File | None


@dataclass(frozen=True)
class Journal:
    """The change of one folder that is under way, written down in `home`; none when that is not there."""

    home: Path
    folder: Folder
    request: str = ""
    """What asks for the change, if it is known when it was carried out."""
    is_carried_out: Callable[[str], bool] = field(default=lambda request: False, compare=False)
    """Whether that is so: then a change that broke off did so after its end, and is not taken back."""

    @contextmanager
    def during(self, steps: Sequence[Step], folders: Iterable[str] = ()) -> Iterator[None]:
        """Remember `steps` while they are taken, and which of `folders` are there.

        When that fails, or was broken off by death, all of it is taken back.
        """
        self.recover()
        self._write(steps, folders)
        try:
            yield
        except BaseException:
            self.recover()
            raise
        self._close()

    def recover(self) -> list[str]:
        """Take back what a change did that was broken off; the paths that were put back.

        What can't be put back because the user has made something else of its place is kept beside the journal.
        """
        shutil.rmtree(self._draft, ignore_errors=True)
        if not self.home.is_dir():
            return []
        facts = json.loads((self.home / "steps.json").read_text())
        if facts["request"] and self.is_carried_out(facts["request"]):
            self._close()
            return []
        steps = [
            Step(fact["path"], self._file(f"{number}.before", fact), self._file(f"{number}.after", fact))
            for number, fact in enumerate(facts["steps"])
        ]
        put_back, hindered = self._put_back(steps)
        self._restore_folders(facts["folders"])
        if hindered:
            self.home.rename(self.home.with_name(f"{self.home.name}.kept-{secrets.token_hex(6)}"))
        else:
            self._close()
        return put_back

    def _put_back(self, steps: Sequence[Step]) -> tuple[list[str], list[str]]:
        """The paths that were put back, and those where something else of the user's stands by now."""
        done, hindered, lost = [], [], []
        # Files that came go first: where one stands now, a folder may have been.
        for step in sorted(steps, key=lambda step: step.before is not None):
            try:
                self._drop_unfinished(step.path)
                if step.after is None:
                    self.folder.remove_folder(step.path)  # made for a file that never came
                # What is neither as it was nor as we wrote it is the user's work since.
                if self.folder.read(step.path) == step.after != step.before:
                    done.append(step.path)
                    if step.before is None:
                        self.folder.remove(step.path)
                    else:
                        self.folder.write(step.path, step.before)
            except EditRefused:
                # A file that was to come below what is a file still, or again, was never there.
                hindered += [step.path] if step.before is not None else []
            except OSError:
                lost.append(step.path)
        if lost:
            raise ApplyRefused(
                f"{several(lost)} could not be put back after another file failed: "
                f"the disk may be full or read-only; mend that and try again, what they were is kept in {self.home}"
            )
        return done, hindered

    def _drop_unfinished(self, path: str) -> None:
        parent = (self.folder.root / path).parent
        if parent.is_dir() and parent.resolve() == parent:
            for left in parent.iterdir():
                if re.fullmatch(UNFINISHED, left.name):
                    left.unlink(missing_ok=True)

    def _restore_folders(self, folders: dict[str, bool]) -> None:
        for path, was_there in sorted(folders.items(), key=lambda item: item[0].count("/")):
            if was_there:
                with suppress(OSError):
                    (self.folder.root / path).mkdir(exist_ok=True)
        for path, was_there in sorted(folders.items(), key=lambda item: -item[0].count("/")):
            if not was_there:
                with suppress(OSError):  # not empty: the user's by now
                    (self.folder.root / path).rmdir()

    def _write(self, steps: Sequence[Step], more: Iterable[str]) -> None:
        self._draft.mkdir(mode=0o700, parents=True)
        facts = []
        for number, step in enumerate(steps):
            fact: dict[str, object] = {"path": step.path}
            found = _standing(self.folder, step.path)  # it knows its permissions
            before = found if found == step.before else step.before
            for when, file in (("before", before), ("after", step.after)):
                if file is not None:
                    _write_through(self._draft / f"{number}.{when}", file.content)
                    fact[f"{number}.{when}"] = [file.mode, file.permissions]
            facts.append(fact)
        folders = {folder for step in steps for folder in _above(step.path)}
        folders |= {folder for path in more for folder in (path, *_above(path))}
        there = {folder: (self.folder.root / folder).is_dir() for folder in folders}
        written = {"request": self.request, "steps": facts, "folders": there}
        _write_through(self._draft / "steps.json", json.dumps(written).encode())
        self._draft.rename(self.home)

    def _file(self, name: str, fact: dict[str, list[str | int | None]]) -> File | None:
        if name not in fact:
            return None
        mode, permissions = fact[name]
        assert isinstance(mode, str)
        return File((self.home / name).read_bytes(), mode, permissions if isinstance(permissions, int) else None)

    def _close(self) -> None:
        # Renamed first, so that a journal is there as a whole or not at all.
        self.home.rename(self._draft)
        shutil.rmtree(self._draft, ignore_errors=True)

    @property
    def _draft(self) -> Path:
        return self.home.with_name(f"{self.home.name}.draft")


def _standing(folder: Folder, path: str) -> File | None:
    try:
        return folder.read(path)
    except EditRefused:  # something else stands there or above
        return None


def _above(path: str) -> list[str]:
    steps = path.split("/")[:-1]
    return ["/".join(steps[: depth + 1]) for depth in range(len(steps))]


def _write_through(file: Path, content: bytes) -> None:
    with file.open("xb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
