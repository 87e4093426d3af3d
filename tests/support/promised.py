"""What vcs promises of an attempt, worked out without it: its states, and what becomes of the user's files."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loopcutter_snapshots import ObjectStore, git
from support.user import FILE, FOLDER, LINK, PROGRAM, Files, User

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

Shape = tuple[str, bytes] | None
"""One file of `Files`; none where nothing stands."""


@dataclass
class Promised:
    """One attempt as its caller knows it."""

    id: str
    base: Files
    current: Files
    acknowledged: dict[str, Files] = field(default_factory=dict)
    """Checkpoints by handle."""
    finished: bool = False

    def changes(self) -> dict[str, tuple[Shape, Shape]]:
        """By path, what was there at the base and what is there now, where that differs."""
        paths = {*self.base, *self.current}
        both = {path: (self.base.get(path), self.current.get(path)) for path in paths}
        return {path: (old, new) for path, (old, new) in both.items() if old != new}


def edits_of(files: Files, word: str, pick: int) -> tuple[list[dict[str, Any]], Files]:
    """Some edits of `files`, chosen by a number, and what they lead to."""
    after = {**files, f"new/{word}.txt": (FILE, f"{word}\n".encode() * 300)}
    edits: list[dict[str, Any]] = [{"kind": "create", "path": f"new/{word}.txt", "content": f"{word}\n" * 300}]
    sayable = sorted(path for path, (mode, _) in files.items() if path.isprintable() and mode != FOLDER)
    if sayable and pick % 4 != 0:
        gone = sayable[pick % len(sayable)]
        edits.append({"kind": "delete", "path": gone})
        del after[gone]
        sayable.remove(gone)
    if sayable and pick % 3 == 0:
        moved = sayable[pick // 7 % len(sayable)]
        edits.append({"kind": "rename", "path": moved, "to": f"moved/{word}"})
        after[f"moved/{word}"] = after.pop(moved)
        sayable.remove(moved)
    if sayable and pick % 5 == 0:  # a file becomes a folder
        gone = sayable[pick // 5 % len(sayable)]
        edits += [{"kind": "delete", "path": gone}, {"kind": "create", "path": f"{gone}/{word}", "content": word}]
        del after[gone]
        after[f"{gone}/{word}"] = (FILE, word.encode())
        sayable.remove(gone)
    plain = [path for path in sayable if files[path][0] != LINK and b"\r" not in files[path][1]]
    if plain:
        path = plain[pick // 11 % len(plain)]
        edits.append({"kind": "file", "path": path, "content": f"# {word}\n"})
        after[path] = (files[path][0], f"# {word}\n".encode())
    return edits, after


def applied(attempt: Promised, user: User) -> tuple[dict[str, Shape], bool]:
    """What becomes of the user's files when an attempt is applied to them, and whether it is refused: a conflict."""
    wanted: dict[str, Shape] = {}
    changes = attempt.changes()
    leaving = {path for path, (_, new) in changes.items() if new is None}
    for path, (old, new) in changes.items():
        makes_room = any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in leaving)
        if FOLDER in ((old or new)[0], (new or old)[0]):  # type: ignore[index]
            if not (user.root / path).is_dir():
                wanted[path] = new
            continue
        if not user.has_room_for(path) and not makes_room:
            if new is None:  # the user has made something else of its place
                continue
            return {}, True
        now = user.file(path)
        merged = three_way(old, new, None if now and now[0] == FOLDER else now)
        if isinstance(merged, str):
            return {}, True
        if merged != now:
            wanted[path] = merged
    return wanted, False


def three_way(old: Shape, new: Shape, now: Shape) -> Shape | str:
    """`now` with the change from `old` to `new`, or the word `conflict`."""
    if now in (old, new):
        return new
    if new == old:
        return now
    if old is None or new is None or now is None or LINK in (old[0], new[0], now[0]):
        return "conflict"
    mode = new[0] if now[0] == old[0] else now[0]
    if new[1] == old[1] or now[1] == new[1]:
        return mode, now[1]
    if now[1] == old[1]:
        return mode, new[1]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("now", now[1]), ("old", old[1]), ("new", new[1])):
            (Path(folder) / name).write_bytes(content)
        command = ["git", "merge-file", "-p", "-q", "now", "old", "new"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return (mode, done.stdout) if done.returncode == 0 else "conflict"


def contents(objects: ObjectStore, trees: list[str]) -> list[Files]:
    """What `trees` hold; fails where an object is missing."""
    listed = [_entries(objects, tree) for tree in trees]
    wanted = sorted({blob for entries in listed for mode, blob in entries.values() if mode != FOLDER})
    found = {**dict(objects.read_blobs(wanted)), _EMPTY_TREE: b""}
    return [{path: (mode, found[blob]) for path, (mode, blob) in entries.items()} for entries in listed]


def _entries(objects: ObjectStore, tree: str) -> dict[str, tuple[str, str]]:
    """Path → mode and object of the files and the empty folders of a tree."""
    entries = {}
    listing = os.fsdecode(git("ls-tree", "-r", "-t", "-z", "--full-tree", tree, git_dir=objects.path))
    for line in listing.split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, kind, identity = facts.split()
        if kind == "blob" or identity == _EMPTY_TREE:
            entries[path] = (mode.removeprefix("0"), identity)
    return entries


def unchanged_but(
    before: dict[str, str], after: dict[str, str], wanted: dict[str, Shape], of: Callable[[str], Shape]
) -> None:
    """Fail unless `wanted` is what changed between two fingerprints, and nothing else did."""
    for path, file in wanted.items():
        assert of(path) == file, path
        if file is not None and path in before:
            assert _like(before[path], file) == after[path].split(" ")[0][-3:], path
    above = {"/".join(path.split("/")[:depth]) for path in wanted for depth in range(1, path.count("/") + 1)}
    for path in before.keys() | after.keys():
        below = any(path.startswith(f"{folder}/") for folder in wanted)
        if not below and path not in wanted and path not in above:
            assert before.get(path) == after.get(path), path
    for folder in above - wanted.keys():  # it went with the last file in it, or it is there
        assert folder in after or not any(path.startswith(f"{folder}/") for path in after), folder


def _like(fingerprint: str, file: tuple[str, bytes]) -> str:
    """The permissions that a file has once it is replaced by `file`: its own, but for the x bits."""
    kind, permissions = fingerprint.split(" ")[0][:-3], int(fingerprint.split(" ")[0][-3:], 8)
    if not kind.startswith("100") or file[0] == LINK:
        return f"{0o777 if file[0] == LINK else 0o755 if file[0] == PROGRAM else 0o644:o}"
    if (file[0] == PROGRAM) != bool(permissions & 0o100):
        permissions = permissions | ((permissions & 0o444) >> 2) if file[0] == PROGRAM else permissions & ~0o111
    return f"{permissions:03o}"


def changed_by_hand(files: Files, changes: dict[str, str | None]) -> Files:
    """What is taken of changes that somebody makes to `files`: a new file that their own rules ignore is not.

    The changes are path → content, none to delete it; a slash ends an empty folder.
    """
    after = dict(files)
    left_out = _ignored(files.get(".gitignore"), changes.keys() - files.keys())
    for path, content in changes.items():
        if content is None:
            after.pop(path, None)
        elif path in left_out:
            continue
        elif path.endswith("/"):
            after[path.rstrip("/")] = (FOLDER, b"")
        else:
            after[path] = (FILE, content.encode())
    return after


def left_standing(standing: Files, before: Files, after: Files) -> Files:
    """What stands in a folder once a rollback has gone from the state `before` to the state `after`.

    Beside the state itself: what was ignored and so belonged to no state, and what the rules of `after` ignore.
    """
    extra = standing.keys() - after.keys()
    unknown = _ignored(before.get(".gitignore"), extra - before.keys())
    spared = _ignored(after.get(".gitignore"), {path for path in extra if standing[path][0] != FOLDER})
    kept = {path: standing[path] for path in unknown | spared}
    return {**{path: file for path, file in kept.items() if not _is_related(path, after)}, **after}


def _is_related(path: str, files: Files) -> bool:
    """Whether one of `files` is where `path` needs a folder, or the other way round."""
    return any(f"{path}/".startswith(f"{other}/") or other.startswith(f"{path}/") for other in files)


def _ignored(rules: Shape, paths: Set[str]) -> set[str]:
    """Which of `paths` git ignores by the rules of a `.gitignore`, asked in a repository that has nothing else."""
    if rules is None or rules[0] in (FOLDER, LINK):
        return set()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        (Path(folder) / ".gitignore").write_bytes(rules[1])
        asked = "".join(f"{path}\0" for path in paths).encode()
        command = ["git", "check-ignore", "--no-index", "-z", "--stdin"]
        done = subprocess.run(command, cwd=folder, input=asked, capture_output=True, check=False)
    return {path for path in done.stdout.decode().split("\0") if path}


def without(touched: str, there: dict[str, Any]) -> dict[str, Any]:
    """What is said of other places than the one at, above and below `touched`."""
    related = (f"{touched}/".startswith(f"{path}/") or path.startswith(f"{touched}/") for path in there)
    return {path: there[path] for path, near in zip(there, related, strict=True) if not (touched and near)}


def named(files: dict[str, list[str]]) -> Files:
    """What `restore` answers, as the files it speaks of."""
    return {
        bytes.fromhex(path).decode("utf-8", "surrogateescape"): (mode, bytes.fromhex(content))
        for path, (mode, content) in files.items()
    }
