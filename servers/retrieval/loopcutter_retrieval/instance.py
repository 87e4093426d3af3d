"""Reads what an evaluation is made of: issues, and the places where their fixes turned out to be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loopcutter_retrieval.errors import BadInstance
from loopcutter_retrieval.tokens import WORD


@dataclass(frozen=True)
class Instance:
    """An issue of a repository, and what its fix changes."""

    id: str
    line: int
    """Where it stands in its file, for whoever must be told that something is wrong with it."""
    repository: Path
    revision: str
    """The commit or the tree before the fix."""
    query: str
    files: tuple[str, ...]
    functions: tuple[str, ...]
    """`path::Class.method`; empty when the fix changes no function, or nobody knows which."""


def read(path: Path) -> list[Instance]:
    """All instances of a file, one a line; none when a single one is bad, so that no figure is about fewer."""
    found: dict[str, Instance] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if line.strip():
            one = _instance(line, number, path.parent)
            if one.id in found:
                raise BadInstance(number, f"line {found[one.id].line} has the id {one.id!r} already")
            found[one.id] = one
    if not found:
        raise BadInstance(1, "the file holds no instance")
    return list(found.values())


def _instance(line: bytes, number: int, folder: Path) -> Instance:
    try:
        fields = json.loads(line)
    except ValueError as cause:
        raise BadInstance(number, f"it is no JSON ({cause})") from cause
    except RecursionError as cause:
        raise BadInstance(number, "it is no JSON that can be read (nested too deeply)") from cause
    if not isinstance(fields, dict):
        raise BadInstance(number, "it is no JSON object")
    problem = next(_problems(fields, folder), None)
    if problem:
        raise BadInstance(number, problem)
    return Instance(
        fields["id"],
        number,
        folder / fields["repo"],
        fields.get("commit") or fields["tree"],
        fields["query"],
        tuple(fields["files"]),
        tuple(fields.get("functions", ())),
    )


def _problems(fields: dict[str, Any], folder: Path) -> Iterator[str]:
    for name in ("id", "repo", "query"):
        if not isinstance(fields.get(name), str) or not fields[name].strip():
            yield f'"{name}" must be a text'
    if not WORD.search(fields["query"]):
        yield '"query" has no words'
    revisions = [fields[name] for name in ("commit", "tree") if name in fields]
    if len(revisions) != 1 or not isinstance(revisions[0], str) or not revisions[0]:
        yield 'either "commit" or "tree" must name a revision'
    if "\0" in fields["repo"] + revisions[0]:
        yield "names can't hold a NUL"
    if not (folder / fields["repo"]).is_dir():
        yield f'"repo" is no folder: {fields["repo"]}'
    for name in ("files", "functions"):
        listed = fields.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
            yield f'"{name}" must be a list of texts'
    if not fields.get("files"):
        yield '"files" must name at least one file'
    if not all("::" in one for one in fields.get("functions", [])):
        yield '"functions" must be spelt path::name'
