"""Text that a user gives: on the command line, in a file, or on standard input."""

import sys
from pathlib import Path

from loopcutter_host.errors import BadUsage


def read_text(given: str, what: str, longest: int, remedy: str) -> str:
    """The text as given, or from the file named behind an `@` (`@-`: standard input).

    Raises `BadUsage` when it is empty, no text, or has more than `longest` bytes.
    """
    raw, source = given.encode("utf-8", "surrogateescape"), "the command line"
    if given.startswith("@"):
        source = given[1:]
        raw = _from_file(source, what, longest)
    if len(raw) > longest:
        size = f"{longest // 1024} KiB" if longest >= 1024 else f"{longest} bytes"
        raise BadUsage(f"the {what} is longer than {size}.", remedy)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadUsage(f"the {what} in {source} is no text.", "It must be UTF-8.") from error
    if "\0" in text:
        raise BadUsage(f"the {what} in {source} is no text.", "It must be UTF-8.")
    if not text.strip():
        raise BadUsage(f"the {what} is empty.", "Say it in a sentence.")
    return text.strip()


def _from_file(source: str, what: str, longest: int) -> bytes:
    try:
        if source == "-":
            return sys.stdin.buffer.read(longest + 1)
        with Path(source).open("rb") as file:
            return file.read(longest + 1)
    except OSError as error:
        raise BadUsage(
            f"the {what} can't be read: {error}.", "Give a file behind the @, or the text itself."
        ) from error
