"""What the last commits said and which files they touched: a digest that is small enough to travel with a snapshot.

A search that knows it finds the files that were changed for issues like the one at hand, and files that change
together. In the digest are messages and paths, and nothing else: no authors, no dates, no contents, no commit's id. Of
the paths only those that the snapshot has. From the messages are taken out: lines like `Signed-off-by:`, addresses,
links, what follows a word like `password=`, and everything long that mixes letters and digits, as keys and hashes do.
A name that somebody wrote into a sentence stays.
"""

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from loopcutter_snapshots.git import git

COMMITS = 3000
"""So far back a digest looks."""
LARGEST = 1_500_000
"""Bytes; what would be beyond is left out, the oldest first."""

_HEADER = b"loopcutter-history 1\n"
_LONGEST_MESSAGE = 500
_MOST_PATHS = 30
"""A commit that touches more files says nothing about any of them."""
_SECRET = re.compile(
    r"(?im)^\s*[\w-]+-(?:by|to):.*$|^\s*(?:cc|from|author|change-id|git-svn-id):.*$"
    r"|\S*://\S*|\S+@\S+"
    r"|(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|credentials?)\s*[=:]\s*\S+"
    r"|-----BEGIN[^\n]*(?:\n[A-Za-z0-9+/=]+)*"
    r"|(?=[\w+/=.~-]*[a-z])(?=[\w+/=.~-]*[0-9])[\w+/=.~-]{20,}"
)


@dataclass(frozen=True)
class Commit:
    """One change of the past."""

    message: str
    paths: tuple[str, ...]
    """Files it touched that the snapshot has."""


def digest(commit: str, paths: Container[str], *, directory: Path | None = None, git_dir: Path | None = None) -> bytes:
    """The digest of a commit and its ancestors, newest first, as far as they touched `paths`.

    The repository is at `git_dir`, or is the one `directory` is in; nothing is written to it. Raises `GitFailed` when
    there is no such commit.
    """
    raw = git(
        *("log", "--no-merges", "--name-only", "--no-renames", "--no-color", "--no-notes", "--no-relative"),
        *("-O/dev/null", "-z"),  # another order of files may be configured
        *("--encoding=UTF-8", f"--max-count={COMMITS}", "--format=%x01%B%x02", "--end-of-options", commit),
        git_dir=git_dir,
        directory=directory,
    )
    found, size = [_HEADER], len(_HEADER)
    for one in _commits(raw.decode("utf-8", "surrogateescape"), paths):
        line = json.dumps([one.message, one.paths]).encode() + b"\n"
        size += len(line)
        if size > LARGEST:
            break
        found.append(line)
    return b"".join(found)


def read(kept: bytes) -> list[Commit]:
    """The commits of a digest, newest first; none when it is no digest, whatever it holds."""
    if not kept.startswith(_HEADER):
        return []
    found = []
    for line in kept[:LARGEST].split(b"\n")[1 : COMMITS + 1]:
        try:
            message, paths = json.loads(line)
        except (ValueError, TypeError, RecursionError):
            continue
        if isinstance(message, str) and isinstance(paths, list) and all(isinstance(path, str) for path in paths):
            found.append(Commit(message, tuple(paths[:_MOST_PATHS])))
    return found


def harmless(message: str) -> str:
    """A message without what nobody else should see, shortened."""
    return " ".join(_SECRET.sub(" ", message[: 4 * _LONGEST_MESSAGE]).split())[:_LONGEST_MESSAGE]


def _commits(log: str, paths: Container[str]) -> Iterator[Commit]:
    for record in log.split("\x01")[1:]:
        message, _, listed = record.partition("\x02")
        touched = [path for path in listed.strip("\0\n").split("\0") if path in paths]
        if 0 < len(touched) <= _MOST_PATHS:
            yield Commit(harmless(message.encode("utf-8", "replace").decode()), tuple(touched))
