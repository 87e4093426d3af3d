"""Edits and searches by real processes that are killed at random, two at once, while their files are damaged.

Every answer is held against what the tree really holds: a place that it has not, or not on these lines, is stale; an
edit that is not found is lost. Nothing may be either.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support.shelf import Shelf

_PROGRAM = """
import json, sys
from pathlib import Path
from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.vector_settings import BUILT_IN
library = open_library(Path(sys.argv[1]), vectors=BUILT_IN if sys.argv[2] == "vectors" else None)
for line in sys.stdin:
    asked = json.loads(line)
    places = library.search(asked["tree"], asked["query"])
    print(json.dumps([[place.path, place.symbol, place.lines] for place in places]), flush=True)
"""
_FILES = 40


class Searcher:
    """A process with a library of its own, started again whenever it was killed."""

    def __init__(self, folder: Path, vectors: bool) -> None:
        self._command = [sys.executable, "-c", _PROGRAM, str(folder), "vectors" if vectors else "none"]
        self._process: subprocess.Popen[str] | None = None
        self.killed = 0

    def ask(self, tree: str, query: str, kill_after_s: float | None = None) -> list[Any] | None:
        """What it finds; nothing when it was killed before it could say so."""
        if self._process is None:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"tree": tree, "query": query}) + "\n")
        process.stdin.flush()
        timer = threading.Timer(kill_after_s or 0, lambda: os.kill(process.pid, signal.SIGKILL))
        if kill_after_s is not None:
            timer.start()
        line = process.stdout.readline()
        if kill_after_s is not None:
            timer.join()
            self.end()
            self.killed += 1
        assert line or kill_after_s is not None, "it ended though nobody killed it"
        found: list[Any] | None = json.loads(line) if line.endswith("\n") else None
        return found

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@dataclass
class Project:
    """Files whose every edition has a word of its own."""

    chance: random.Random
    editions: dict[str, int] = field(default_factory=lambda: {f"shop/part{at:02}.py": 0 for at in range(_FILES)})

    def edit(self) -> tuple[str, str]:
        """The path that is edited, and the word that only its new edition has."""
        path = self.chance.choice(sorted(self.editions))
        self.editions[path] = self.chance.randrange(1, 1 << 40)
        return path, self._word(path)

    def _word(self, path: str) -> str:
        number, letters = self.editions[path], "bcdfghjk"
        return f"zu{path[9:11].translate(str.maketrans('0123456789', 'aeiouywvxq'))}" + "".join(
            letters[number >> 3 * at & 7] for at in range(14)
        )

    def files(self) -> dict[str, bytes]:
        return {path: self._source(path) for path in self.editions}

    def _source(self, path: str) -> bytes:
        above = "\n" * (self.editions[path] % 7)
        return f'{above}def {self._word(path)}(order):\n    """Handles an order."""\n    return order\n'.encode()

    def has(self, path: str, symbol: str, lines: list[int]) -> bool:
        first = 1 + self.editions[path] % 7
        whole = ["", [1, first + 2]]
        return [symbol, lines] in ([self._word(path), [first, first + 2]], whole)


def damage(folder: Path, chance: random.Random) -> None:
    """Lose or spoil a file of the index or the vectors; nobody has them open."""
    vectors = folder / "vectors"
    victims = [path for path in (*folder.glob("index.sqlite*"), *vectors.rglob("*")) if path.is_file()]
    kind = chance.randrange(4)
    if kind == 0:
        shutil.rmtree(vectors, ignore_errors=True)
    elif victims:
        victim = chance.choice(sorted(victims))
        if kind == 1:
            victim.unlink()
        elif kind == 2:
            victim.write_bytes(chance.randbytes(4096))
        else:
            os.truncate(victim, victim.stat().st_size // 2)


def check(shelf: Shelf, pairs: int, seed: int, vectors: bool) -> dict[str, int]:
    """So many pairs of an edit and a search; what happened on the way."""
    chance = random.Random(seed)
    project = Project(chance)
    searchers = [Searcher(shelf.folder, vectors and at == 0) for at in range(2)]
    told = {"pairs": 0, "killed": 0, "damaged": 0, "places": 0}
    try:
        for _ in range(pairs):
            path, word = project.edit()
            tree = shelf.tree(project.files())
            one = chance.choice(searchers)
            kill = chance.uniform(0, 0.6) ** 2 if chance.random() < 0.1 else None
            other = threading.Thread(target=searchers[1 - searchers.index(one)].ask, args=(tree, word))
            if both := chance.random() < 0.2:
                other.start()
            found = one.ask(tree, word, kill)
            if both:
                other.join()
            if found is None:  # killed; whoever comes next must find it
                found = one.ask(tree, word)
            assert found is not None
            assert found[0][:2] == [path, word], f"the edit of {path} is lost"
            assert all(project.has(*place) for place in found), f"stale: {found}"
            told["pairs"] += 1
            told["places"] += len(found)
            if chance.random() < 0.03:
                for searcher in searchers:
                    searcher.end()
                damage(shelf.folder, chance)
                told["damaged"] += 1
    finally:
        for searcher in searchers:
            searcher.end()
    told["killed"] = sum(searcher.killed for searcher in searchers)
    return told


def test_no_edit_is_lost_and_no_answer_stale_though_servers_are_killed(shelf: Shelf) -> None:
    shelf.library.close()
    told = check(shelf, 25, seed=4, vectors=False)
    assert told["pairs"] == 25
    assert told["killed"]
    assert told["damaged"]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_thousand_edits_and_searches_survive_kills_damage_and_a_second_server(shelf: Shelf) -> None:
    shelf.library.close()
    told = check(shelf, 1000, seed=1, vectors=True)
    print(told)
    assert told["pairs"] == 1000
    assert told["killed"] > 50
