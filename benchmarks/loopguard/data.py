"""Reads staged cases and labelled recordings from a folder."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """A staged recording of which one knows whether it is a loop."""

    id: str
    loop: bool
    earliest: int
    """The first step at which a flag is right; 0 for an innocent one."""
    hard: bool
    events: list[dict[str, Any]]
    twin: str = ""
    """The innocent case that looks like this loop."""


@dataclass(frozen=True)
class Run:
    """A recording of a real agent, read and labelled by a person."""

    id: str
    loop: bool
    earliest: int
    third: int
    """The third attempt of the loop."""
    end: int
    """The step at which the agent left the loop by itself, or the last one."""
    borderline: bool
    solved: bool
    events: list[dict[str, Any]]


def cases(folder: Path) -> list[Case]:
    """The staged cases of a folder."""
    file = folder / "cases.jsonl"
    if not file.is_file():
        return []
    pairs = folder / "pairs.json"
    twins = dict(json.loads(pairs.read_text(encoding="utf-8"))) if pairs.is_file() else {}
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Case(c["id"], c["loop"], c["loop_start"] or 0, c.get("tier") == "hard", c["events"], twins.get(c["id"], ""))
        for c in found
    ]


def runs(folder: Path) -> list[Run]:
    """The labelled recordings of a folder, those that are there."""
    file = folder / "labels.jsonl"
    if not file.is_file():
        return []
    labels = {label["id"]: label for label in map(json.loads, file.read_text(encoding="utf-8").splitlines())}
    found: dict[str, Run] = {}
    for recording in _recordings(folder):
        label = labels.get(recording.get("id", ""))
        if label is not None and label["id"] not in found:
            found[label["id"]] = _run(label, recording)
    return list(found.values())


def _recordings(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted((*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz"))):
        if file.name in ("labels.jsonl", "cases.jsonl"):
            continue
        raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        for line in raw.splitlines():
            yield json.loads(line)


def _run(label: dict[str, Any], recording: dict[str, Any]) -> Run:
    events = recording["events"]
    third = label["loop_start"] or 0
    solved = (recording.get("outcome") or {}).get("resolved") is True
    end = label["recovered_at"] or len(events)
    return Run(label["id"], label["loop"], max(0, third - 1), third, end, label["borderline"], solved, events)
