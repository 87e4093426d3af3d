"""A candidate edit as a caller gives it: what it changes, and what else is asked of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from loopcutter_sandbox.errors import BadCandidate


@dataclass(frozen=True)
class Candidate:
    """Replace the bytes `start` to `end` of the file at `path` by `text`."""

    id: str
    path: str
    start: int
    end: int
    text: str
    weight: float = 1
    """How likely it is; counts from when another candidate has weighed some."""
    weighs: tuple[str, ...] = ()
    """The ids of those that it weighs: it is no repair, but fails with a message that tells what they are worth."""
    tests: tuple[str, ...] = ()
    """For one that weighs others: some of the tests, in the order in which they are to run."""

    def body(self, position: Mapping[str, int]) -> dict[str, Any]:
        """As the runner is told; `position` says where each candidate stands in the request."""
        return {
            "path": self.path,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "weight": self.weight,
            "weighs": [position.get(each, -1) for each in self.weighs],
            "tests": list(self.tests),
        }


class Trees(Protocol):
    """Where files are read."""

    def read(self, tree: str, path: str) -> bytes: ...


def check(candidates: Sequence[Candidate], tests: Iterable[str]) -> None:
    """Raise `BadCandidate` for ids that are not unique or not known, and for tests that are not among `tests`."""
    ids, asked = {candidate.id for candidate in candidates}, set(tests)
    if len(ids) != len(candidates):
        raise BadCandidate("two candidates have the same id; give each its own")
    for each in candidates:
        if strange := set(each.weighs) - ids:
            raise BadCandidate(f"candidate {each.id!r} weighs {min(strange)[:80]!r}, which is no candidate here")
        if strange := set(each.tests) - asked:
            raise BadCandidate(f"candidate {each.id!r} asks for {min(strange)[:80]!r}; ask for some of the tests")
        if each.tests and not each.weighs:
            raise BadCandidate(f"candidate {each.id!r} weighs no others; leave its tests out, all judge it")


def originals(trees: Trees, tree: str, candidates: Sequence[Candidate]) -> dict[str, bytes]:
    """The files that are edited, as they are in `tree`; raises `BadCandidate` for an edit that lies outside of one."""
    sources = {path: trees.read(tree, path) for path in {candidate.path for candidate in candidates}}
    for each in candidates:
        size = len(sources[each.path])
        if not 0 <= each.start <= each.end <= size:
            raise BadCandidate(
                f"candidate {each.id!r} replaces bytes {each.start} to {each.end} of {each.path}, which has {size}; "
                "count the bytes of the file as it is in the tree"
            )
    return sources
