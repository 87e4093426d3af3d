"""What is known of every file content ever seen, in one SQLite file.

Everything is keyed by the hash of the content. Switching branches or trying the next edit costs only the files that
differ, two servers may fill the same index, and nothing in it can be stale: a tree names the contents it is made of.
"""

import json
import sqlite3
import threading
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from loopcutter_retrieval.errors import IndexBroken, IndexUnusable, RetrievalError
from loopcutter_retrieval.language import Import
from loopcutter_retrieval.namesakes import SELECT, Definition, Namesakes, chunked, marks
from loopcutter_retrieval.postings import Postings
from loopcutter_retrieval.record import Content, Record

_VERSION = 5
"""Raise it when the outlines, the terms or the tables change: an index of another version is made anew."""

_TABLES = """
CREATE TABLE contents (
    id INTEGER PRIMARY KEY, hash TEXT NOT NULL, language TEXT NOT NULL,
    reason TEXT NOT NULL, problem TEXT NOT NULL, imports TEXT NOT NULL,
    terms BLOB NOT NULL, counts BLOB NOT NULL, sizes BLOB NOT NULL, shapes BLOB NOT NULL, UNIQUE (hash, language));
CREATE TABLE symbols (
    content INTEGER NOT NULL REFERENCES contents, number INTEGER NOT NULL, name TEXT NOT NULL, leaf TEXT NOT NULL,
    kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, calls TEXT NOT NULL,
    bases TEXT NOT NULL, facts TEXT NOT NULL, chunk TEXT NOT NULL, PRIMARY KEY (content, number)) WITHOUT ROWID;
CREATE INDEX symbols_by_leaf ON symbols (leaf);
CREATE INDEX symbols_by_chunk ON symbols (chunk) WHERE chunk != '';
"""
_MOST_IMPORTS = 20_000
"""Contents whose imports are kept in memory."""
_MOST_DEFINITIONS = 20_000
"""Symbols kept in memory."""


@dataclass(frozen=True)
class Known:
    """A content as the index keeps it."""

    id: int
    reason: str
    """Why it is left out of the search; empty when it is not."""
    problem: str
    postings: Postings


class Index:
    """The index file. Safe to share between threads, and between processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._imports: dict[int, tuple[Import, ...]] = {}
        self._definitions: dict[tuple[int, int], Definition] = {}
        self._namesakes = Namesakes()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        except sqlite3.OperationalError as cause:
            raise IndexUnusable(str(path), str(cause)) from cause
        try:
            self._prepare()
        except RetrievalError:
            self._connection.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _prepare(self) -> None:
        with self._using() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if self._version(connection) == _VERSION:
                return
        with self._writing() as connection:
            if self._version(connection) != _VERSION:  # another server may have been faster
                for table in ("symbols", "contents"):
                    connection.execute(f"DROP TABLE IF EXISTS {table}")
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_VERSION}")

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and nobody else writes meanwhile."""
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.rollback()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.ProgrammingError as cause:  # closed meanwhile: the server is stopping
                raise IndexUnusable(str(self._path), str(cause)) from cause
            except sqlite3.DatabaseError as cause:
                raise self._explained(cause) from cause
            except ValueError as cause:  # arrays and lists that don't read back as they were written
                raise IndexBroken(str(self._path), str(cause)) from cause

    def _explained(self, cause: sqlite3.DatabaseError) -> RetrievalError:
        passing = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        return (IndexUnusable if code in passing else IndexBroken)(str(self._path), str(cause))

    def count(self) -> tuple[int, int]:
        """Contents and symbols it holds."""
        with self._using() as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM contents), (SELECT count(*) FROM symbols)"
            ).fetchone()
        return row[0], row[1]

    def missing(self, contents: Iterable[Content]) -> list[Content]:
        """Those that were never added, each once."""
        wanted = dict.fromkeys(contents)
        with self._using() as connection:
            for hashes in chunked(sorted({hash for hash, _ in wanted})):
                query = f"SELECT hash, language FROM contents WHERE hash IN ({marks(hashes)})"
                for row in connection.execute(query, hashes):
                    wanted.pop(row, None)
        return list(wanted)

    def add(self, records: Iterable[Record]) -> None:
        """Keep the records of several contents, all or none; those it has already are left as they are."""
        with self._writing() as connection:
            for one in records:
                cursor = connection.execute(
                    "INSERT OR IGNORE INTO contents VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*one.content, one.reason, one.problem, one.imports, *one.arrays),
                )
                if cursor.rowcount:
                    rows = ((cursor.lastrowid, number, *symbol) for number, symbol in enumerate(one.symbols))
                    connection.executemany("INSERT INTO symbols VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def contents(self, wanted: Iterable[Content]) -> dict[Content, Known]:
        """What is known of each; those never added are not among the answers."""
        keys = set(wanted)
        found = {}
        with self._using() as connection:
            for hashes in chunked(sorted({hash for hash, _ in keys})):
                rows = connection.execute(
                    "SELECT hash, language, id, reason, problem, terms, counts, sizes, shapes FROM contents"
                    f" WHERE hash IN ({marks(hashes)})",
                    hashes,
                )
                for hash, language, id, reason, problem, *arrays in rows:
                    if (hash, language) in keys:
                        found[hash, language] = Known(id, reason, problem, _postings(*arrays))
        return found

    def imports(self, contents: Sequence[int]) -> dict[int, tuple[Import, ...]]:
        """What each of the contents imports. It never changes, so that it is read once."""
        found = {id: known for id in contents if (known := self._imports.get(id)) is not None}
        missing = [id for id in contents if id not in found]
        with self._using() as connection:
            for ids in chunked(missing):
                for id, listed in connection.execute(
                    f"SELECT id, imports FROM contents WHERE id IN ({marks(ids)})", ids
                ):
                    found[id] = tuple(Import(*pair) for pair in json.loads(listed))
            if len(self._imports) > _MOST_IMPORTS:
                self._imports.clear()
            self._imports.update((id, found[id]) for id in missing if id in found)
        return found

    def definitions(self, symbols: Iterable[tuple[int, int]]) -> list[Definition]:
        """The symbols at (content, number), in that order. They never change, so that each is read once."""
        with self._using() as connection:
            if len(self._definitions) > _MOST_DEFINITIONS:
                self._definitions.clear()
            return [self._definitions.get(pair) or self._read(connection, pair) for pair in symbols]

    def _read(self, connection: sqlite3.Connection, symbol: tuple[int, int]) -> Definition:
        row = connection.execute(f"{SELECT} content = ? AND number = ?", symbol).fetchone()
        return self._definitions.setdefault(symbol, Definition._make(row))

    def facts(self, symbols: Iterable[tuple[int, int]]) -> list[tuple[str, ...]]:
        """What the symbols at (content, number) do beside calling, in that order: `raises ValueError`."""
        query = "SELECT facts FROM symbols WHERE content = ? AND number = ?"
        with self._using() as connection:
            found = [connection.execute(query, pair).fetchone()[0] for pair in symbols]
            return [tuple(facts.split("\n")) if facts else () for facts in found]

    def defined_in(self, content: int) -> list[Definition]:
        """All symbols of one content, in the order of its text."""
        with self._using() as connection:
            rows = connection.execute(f"{SELECT} content = ? ORDER BY number", (content,))
            return [Definition._make(row) for row in rows]

    def named(self, leaves: Iterable[str], contents: Container[int]) -> list[Definition]:
        """Symbols within these contents whose last name is one of these. Files themselves have no name."""
        wanted = sorted(set(leaves) - {""})
        with self._using() as connection:
            self._namesakes.read(connection, wanted)
            return [one for leaf in wanted for one in self._namesakes.by_leaf[leaf] if one.content in contents]

    def having(self, chunks: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """(chunk, content, number) of the symbols with these texts."""
        with self._using() as connection:
            for keys in chunked(chunks):
                yield from connection.execute(
                    f"SELECT chunk, content, number FROM symbols WHERE chunk != '' AND chunk IN ({marks(keys)})", keys
                )

    def chunks_after(self, content: int, most: int) -> list[tuple[int, Content, list[str]]]:
        """The next contents after this one that have text: number, content, and the chunks of their symbols."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT id, hash, language FROM contents WHERE id > ? AND reason = '' ORDER BY id LIMIT ?",
                (content, most),
            ).fetchall()
            return [
                (id, (hash, language), [chunk for (chunk,) in connection.execute(_CHUNKS, (id,))])
                for id, hash, language in rows
            ]

    def spelt_like(self, leaf: str, contents: Container[int]) -> list[str]:
        """Names within these contents that contain this one, whatever their case; the shortest first."""
        pattern = "%" + "".join(f"\\{letter}" if letter in "%_\\" else letter for letter in leaf[:100]) + "%"
        query = "SELECT name, content FROM symbols WHERE leaf LIKE ? ESCAPE '\\' ORDER BY length(leaf) LIMIT 500"
        with self._using() as connection:
            rows = connection.execute(query, (pattern,)).fetchall()
        return list(dict.fromkeys(name for name, content in rows if content in contents))


_CHUNKS = "SELECT chunk FROM symbols WHERE content = ? AND chunk != '' ORDER BY number"


def _postings(terms: bytes, counts: bytes, sizes: bytes, shapes: bytes) -> Postings:
    rows = np.frombuffer(counts, np.uint8).reshape(-1, 3)
    standing = np.frombuffer(shapes, np.int32).reshape(-1, 4)
    found = Postings(np.frombuffer(terms, np.uint32), rows, np.frombuffer(sizes, np.int32), standing)
    if not (len(found.terms) == len(rows) == found.sizes.sum() and len(found.sizes) == len(standing)):
        raise ValueError("postings of unequal length")
    return found
