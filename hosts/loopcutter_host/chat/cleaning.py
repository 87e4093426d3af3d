"""Takes out of a text what nobody sees: what steers a terminal, turns the direction of letters, or is half a letter."""

import re
from typing import Any

_UNSEEN = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])"  # escape sequences, as a whole
    r"|[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
"""Tab, line ends and form feed stand in real code."""


def clean(text: str) -> str:
    """`text` without what nobody sees."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNSEEN.sub("", whole)


def cleaned(value: Any) -> Any:
    """The same for every text in a JSON value: there it can stand in escapes, and comes to light when that is read."""
    match value:
        case str():
            return clean(value)
        case list():
            return [cleaned(item) for item in value]
        case dict():
            return {clean(str(key)): cleaned(item) for key, item in value.items()}
    return value
