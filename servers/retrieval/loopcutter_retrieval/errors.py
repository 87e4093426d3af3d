"""What can go wrong in retrieval.

RetrievalError
├── UnknownPath     the tree has no such file
├── UnknownSymbol   nothing in the tree has that name
├── EmptyQuery      there is nothing to search for
├── NotText         a binary file or a symbolic link, there are no lines to read
├── BadInstance     a line of an evaluation's instances can't be used
├── IndexUnusable   the index file can't be written or read just now
├── IndexBroken     the index file is damaged; it is rebuilt from the received trees
├── BadVectorSettings   an embedding or an address that can't be meant
└── EmbeddingFailed     the server that makes vectors can't be asked; the search does without

A tree that was never received is `loopcutter_snapshots.UnknownTree`.
"""


class RetrievalError(Exception):
    """What every error of this package is."""


class UnknownPath(RetrievalError):
    """The tree has no such file; the message names the nearest ones."""

    def __init__(self, path: str, nearest: list[str]) -> None:
        hint = f"did you mean {', '.join(nearest)}?" if nearest else "search for a word of it instead"
        super().__init__(f"the tree has no file {path!r}; {hint}")


class UnknownSymbol(RetrievalError):
    """Nothing in the tree has that name; the message names similar ones."""

    def __init__(self, name: str, nearest: list[str]) -> None:
        hint = f"did you mean {', '.join(nearest)}?" if nearest else "search for words of it instead"
        super().__init__(f"the tree defines no {name!r}; {hint}")


class EmptyQuery(RetrievalError):
    """A query without a word in it."""

    def __init__(self) -> None:
        super().__init__("the query has no words; describe what to find, or paste an error message")


class NotText(RetrievalError):
    """There are no lines to read."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path} is {what}; read a text file instead")


class BadInstance(RetrievalError):
    """A line of an evaluation's instances can't be used."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line} can't be evaluated: {why}; mend the line, or take it out")


class IndexUnusable(RetrievalError):
    """SQLite can't get at the index file: the disk is full, the folder read-only, another process holds it too long."""

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"the index {path} can't be used ({cause}); make room or mend its permissions, then try again")


class IndexBroken(RetrievalError):
    """SQLite can't read the index file."""

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"the index {path} is damaged ({cause}); delete it, it is rebuilt from the received trees")


class BadVectorSettings(RetrievalError):
    """An embedding or an address that can't be meant."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")


class EmbeddingFailed(RetrievalError):
    """The server that makes vectors can't be asked, or answers something else."""

    def __init__(self, url: str, cause: str) -> None:
        super().__init__(f"the embedding server {url} fails ({cause}); start it, or name another with --embedding-url")
