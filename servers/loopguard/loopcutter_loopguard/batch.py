"""Judges many recordings, one a line, and says of each where it was flagged first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loopcutter_loopguard.errors import RecordingError
from loopcutter_loopguard.events import Decision
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.recordings.opening import lines
from loopcutter_loopguard.replay import judged, summed_up


def batch(path: Path, policy: Policy, level: Decision) -> Iterator[dict[str, Any]]:
    """One `{"id", "first_flag", "decision", "kind"}` a case; `first_flag` is -1 when nothing was flagged."""
    if not path.exists() or path.is_dir():
        raise RecordingError(str(path), 0, "there is no such file. Check the path.")
    for number, case in lines(path):
        events = case.get("events") if isinstance(case, dict) else None
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise RecordingError(
                str(path), number, 'a case must be {"id": …, "events": [objects]}. Mend or remove the line.'
            )
        summary = summed_up(judged(events, policy), level)
        yield {
            "id": case.get("id"),
            "first_flag": summary.first_flag,
            "decision": summary.decision,
            "kind": summary.kind,
        }
