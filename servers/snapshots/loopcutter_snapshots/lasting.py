"""A git that stays: tells of the objects of a store without starting a process for each question.

Starting git costs five milliseconds, and a call needs half a dozen answers. `git cat-file` answers as many as it is
asked, and sees what is pushed meanwhile. It ends when its input does, so a server that is killed leaves none behind.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO, Literal

from loopcutter_snapshots.errors import GitFailed
from loopcutter_snapshots.git import environment

_FOLDER, _SUBMODULE = "040000", "160000"


@dataclass(frozen=True)
class Object:
    """What a name stands for."""

    id: str
    kind: str
    """`blob`, `tree`, `commit`."""
    size: int
    """In bytes."""


class Lasting:
    """One `git cat-file`, started when first asked and anew should it have died. Used from any thread."""

    def __init__(self, git_dir: Path, manner: Literal["--batch", "--batch-check"]) -> None:
        """`--batch` gives contents, `--batch-check` only tells what a name stands for."""
        self._git_dir = git_dir
        self._manner = manner
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, name: str) -> tuple[Object | None, bytes]:
        """What `name` stands for, nothing if nothing; and its content, if this git gives contents."""
        return self.ask_all([name])[0]

    def ask_all(self, names: Sequence[str]) -> list[tuple[Object | None, bytes]]:
        """The same of several: so few that they, and what is answered, fit in a pipe. Raises `GitFailed`."""
        with self._lock:
            try:
                return self._asked(names)
            except (OSError, EOFError):  # it was killed, or gave up on a broken object
                self._end()
            try:
                return self._asked(names)
            except (OSError, EOFError) as error:
                raise GitFailed("cat-file", 128, str(error)) from None

    def _asked(self, names: Sequence[str]) -> list[tuple[Object | None, bytes]]:
        asked, answers = self._pipes()
        try:
            asked.write("".join(f"{name}\n" for name in names).encode())
            asked.flush()
            return [self._answer(answers) for _ in names]
        except BaseException:  # what is left in the pipe would be taken for the next answer
            self._end()
            raise

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                ["git", "cat-file", self._manner],
                env=environment({"GIT_DIR": str(self._git_dir.resolve())}),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the server, which then ends it
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def _answer(self, answers: IO[bytes]) -> tuple[Object | None, bytes]:
        line = answers.readline()
        if not line.endswith(b"\n"):
            raise EOFError("it ended")
        facts = line.decode().split()
        if len(facts) != 3 or not facts[2].isdigit():
            return None, b""
        found = Object(facts[0], facts[1], int(facts[2]))
        if self._manner == "--batch-check":
            return found, b""
        content = answers.read(found.size + 1)  # a line break follows
        if len(content) != found.size + 1:
            raise EOFError("it ended in the middle of an object")
        return found, content[:-1]

    def close(self) -> None:
        """End it; it starts again when it is asked again."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent can't be any more
                    if pipe is not None:
                        pipe.close()
            process.wait()


def tree_entries(content: bytes) -> Iterator[tuple[bytes, str, str]]:
    """Name, mode and id of all that a tree object holds, in git's order; modes as they are written there."""
    at = 0
    while at < len(content):
        blank, end = content.index(b" ", at), content.index(b"\0", at)
        yield content[blank + 1 : end], content[at:blank].decode(), content[end + 1 : end + 21].hex()
        at = end + 21


def listed_mode(mode: str) -> str:
    """A mode as `git ls-tree` writes it: old gits kept more of a file's mode than whether it may be run."""
    kind = int(mode, 8) & 0o170000
    if kind == 0o100000:
        return "100755" if int(mode, 8) & 0o100 else "100644"
    return {0o120000: "120000", 0o040000: _FOLDER}.get(kind, _SUBMODULE)
