"""Understands what model servers say when they refuse: the prompt is too long, the memory too small, the token wrong.

Every server has words of its own, with statuses that mean little: a prompt that is too long comes as 400, as 500, or as
a line in a stream that began with 200.
"""

import json
import re
from typing import Any

from loopcutter_host.chat.errors import ModelTooLarge, PromptTooLong, Refused, ServerFailed

_TOO_LONG = re.compile(
    r"exceed_context_size|context_length_exceeded|exceeds? the (?:available )?context|maximum context length"
    r"|context (?:length|size|window)[^.]*exceeded|exceeds?[^.]*context (?:length|size|window)|context the overflows"
    r"|context overflows|reached context length|exceeds?[^.]*max(?:imum)? (?:model|sequence|context) len",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"request \((\d+) tokens|resulted in (\d+)|\((\d+) in the messages|first (\d+) tokens|(\d+) input"
)
_ROOM = re.compile(r"(?:maximum context length is|context size \(|context length of(?: only)?)\s*(\d+)")
_NO_MEMORY = re.compile(r"requires more (?:system )?memory|insufficient memory|unable to allocate", re.IGNORECASE)
_AGAIN = frozenset((408, 425, 429))
"""Statuses below 500 that only ask for patience."""


def words(body: bytes) -> str:
    """What an error's body says, whichever shape it has."""
    try:
        said = json.loads(body)
    except ValueError:
        said = body.decode("utf-8", "replace")
    return " ".join(str(_inner(said)).split())[:500]


def _inner(said: Any) -> Any:
    while isinstance(said, dict):
        known = next((said[key] for key in ("error", "message", "detail") if said.get(key)), None)
        if known is None:
            return json.dumps(said)
        if isinstance(known, str) and isinstance(said.get("type"), str) and said["type"] not in known:
            return f"{known} [{said['type']}]"
        said = known
    return said


def understood(status: int, said: str, *, model: str, url: str, key: str, estimate: int, room: int) -> Exception:
    """The error of this package for what a server `said`. `key` names where the token for it comes from."""
    said = said or f"status {status}"
    if _TOO_LONG.search(said):
        counted = _number(_COUNTED, said)
        limit = _number(_ROOM, said)
        # Without a count: so much more than was thought that the next try has a chance.
        return PromptTooLong(counted or estimate * 3 // 2, min(limit or room, room), by_server=True, window=limit)
    if _NO_MEMORY.search(said):
        return ModelTooLarge(model, url, said)
    if status in (401, 403):
        return Refused(f"{url} wants a valid token ({said}).", f"Set {key} to the token of that server.")
    if 300 <= status < 500 and status not in _AGAIN:
        return Refused(f"{url} refused the request: {said}.", "Check the address and the model's name.")
    return ServerFailed(url, said)


def _number(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    return int(next(group for group in match.groups() if group)) if match else 0
