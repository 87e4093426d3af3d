"""Finds out who wrote a recording and reads it as events."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from loopcutter_loopguard.errors import RecordingError
from loopcutter_loopguard.recordings import atif, mini_swe_agent, openhands, run_log, swe_agent

Event = Mapping[str, Any]

LONGEST_LINE = 64 << 20
"""Bytes of one line that are read; a longer one is an error, not a reason to run out of memory."""

_FORMATS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Iterator[Event]]], ...] = (
    (atif.recognises, atif.events),
    (swe_agent.recognises, swe_agent.events),
    (mini_swe_agent.recognises, mini_swe_agent.events),
    (openhands.recognises, openhands.events),
)


def open_recording(path: Path, run: str = "") -> Iterator[Event]:
    """The events of a recording; `run` picks one out of a run log that holds several."""
    if not path.is_file():
        raise RecordingError(str(path), 0, "there is no such file. Check the path.")
    if run_log.recognises(path):
        yield from run_log.events(path, run)
        return
    whole = _whole(path)
    if whole is None:
        yield from _from_lines(path)
        return
    yield from _from_document(whole, path)


def lines(path: Path) -> Iterator[tuple[int, Any]]:
    """The JSON values of a file with one a line, with their line numbers."""
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) > LONGEST_LINE:
                raise RecordingError(
                    str(path), number, f"the line is longer than {LONGEST_LINE >> 20} MiB. Cut its output down."
                )
            if not raw.strip():
                continue
            try:
                yield number, json.loads(raw.decode("utf-8", "replace"))
            except (ValueError, RecursionError) as error:
                raise RecordingError(
                    str(path), number, f"this is no JSON ({error}). Mend or remove the line."
                ) from None


def _whole(path: Path) -> Any:
    """The one JSON document the file holds; None when it holds one value a line."""
    if path.suffix == ".jsonl" or path.stat().st_size > 8 * LONGEST_LINE:
        return None
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _from_document(whole: Any, path: Path) -> Iterator[Event]:
    for recognises, events in _FORMATS:
        if recognises(whole):
            yield from events(whole)
            return
    if isinstance(whole, Mapping) and isinstance(whole.get("events"), list):
        whole = whole["events"]
    several = whole if isinstance(whole, list) else [whole]
    for number, event in enumerate(several, 1):
        yield _checked(event, path, number)


def _from_lines(path: Path) -> Iterator[Event]:
    first = next(lines(path), None)
    if first is not None and openhands.recognises([first[1]]):
        yield from openhands.events([value for _, value in lines(path)])
        return
    for number, value in lines(path):
        yield _checked(value, path, number)


def _checked(event: Any, path: Path, number: int) -> Event:
    if not isinstance(event, Mapping):
        raise RecordingError(
            str(path), number, "an event must be an object with `tool`, `args` and `result`. Mend the line."
        )
    if "tool" not in event and "result" not in event and "text" not in event:
        raise RecordingError(
            str(path),
            number,
            "neither `tool` nor `text` nor `result` is there, so this is no event. See the documentation of replay.",
        )
    return event
