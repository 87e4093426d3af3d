"""Arguments as text: what is the same to a reader is the same text."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

LONG = 4_000
"""Characters of one text that are kept to the letter."""
VOLATILE = re.compile(
    r"^(?:(?:request|trace|correlation|tool_?call|call|span|invocation)_?id|nonce|timestamp|ts|now|task_?progress|progress"
    r"|thoughts?|reasoning|explanation|justification|rationale|why|security_risk|timeout|timeout_s|timeout_ms|attempt"
    r"|retry|retries|idempotency_key)$",
    re.I,
)
"""Arguments that change from call to call and don't change what is asked for."""
_STATEMENTS = ("sql", "statement", "q", "url")


def letters(arguments: Any) -> str:
    """The arguments to the letter, cut in the middle when they are very long."""
    try:
        text = json.dumps(arguments, sort_keys=True, default=str)
    except (TypeError, ValueError, RecursionError):
        text = repr(arguments)
    return text if len(text) < 2 * LONG else f"{text[:LONG]}{len(text)}{text[-LONG:]}"


def canonical(value: Any, depth: int = 0) -> str:
    """The arguments as text: keys in order, blanks squeezed, long texts cut, without what changes by itself."""
    if isinstance(value, str):
        squeezed = " ".join(value[: 2 * LONG].split())
        return squeezed if len(value) < 2 * LONG else f"{squeezed} {len(value)}"
    if depth > 6:
        return "…"
    if isinstance(value, Mapping):
        value = {
            key: _statement(inner) if str(key) in _STATEMENTS else inner for key, inner in list(value.items())[:100]
        }
        parts = [
            f"{key}={canonical(inner, depth + 1)}"
            for key, inner in list(value.items())[:100]
            if not VOLATILE.match(str(key))
        ]
        return "{" + ", ".join(sorted(parts)) + "}"
    if isinstance(value, (list, tuple)):
        rest = f" … {letters(value[200:])}" if len(value) > 200 else ""
        return "[" + ", ".join(canonical(inner, depth + 1) for inner in value[:200]) + rest + "]"
    return json.dumps(value, default=str)


def _statement(value: Any) -> Any:
    """SQL and addresses mean the same in capitals, with more blanks and with a semicolon."""
    return " ".join(value.split()).rstrip("; /").lower() if isinstance(value, str) else value


def strings(value: Any, depth: int = 0, longest: int = 200) -> Iterator[str]:
    """The texts in a value, those that are neither empty nor long."""
    if isinstance(value, str):
        yield from (piece for piece in (value.strip(),) if 2 < len(piece) < longest)
    elif isinstance(value, Mapping) and depth < 4:
        for inner in list(value.values())[:50]:
            yield from strings(inner, depth + 1, longest)
    elif isinstance(value, (list, tuple)) and depth < 4:
        for inner in value[:50]:
            yield from strings(inner, depth + 1, longest)
