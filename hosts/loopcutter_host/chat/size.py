"""How large a model is, in billions of parameters: counted by its server, or told by a label or a name."""

import re
from collections.abc import Mapping
from typing import Any

_UNITS = {"k": 1e-6, "m": 1e-3, "b": 1.0, "t": 1e3}
_LABEL = re.compile(r"([\d.]+)\s*([kmbt])", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w.])(?:(\d+)x)?(\d+(?:\.\d+)?)b(?![a-z])", re.IGNORECASE)
"""`7b`, `0.5B`, `8x7b`; not `q8`, and of `30b-a3b` both."""


def counted(facts: Mapping[str, Any], key: str) -> float:
    """The billions that a server counted; 0 when it tells none under this key."""
    value = facts.get(key)
    return value / 1e9 if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else 0.0


def labelled(label: Any) -> float:
    """As Ollama writes a size: 7.6 for `7.6B`, 0.494 for `494.03M`; 0 for anything else."""
    match = _LABEL.fullmatch(str(label or "").strip())
    try:
        return float(match[1]) * _UNITS[match[2].lower()] if match else 0.0
    except ValueError:  # "1.2.3B"
        return 0.0


def named(name: str) -> float:
    """What a model's name tells: 7 for `qwen2.5-coder:7b`, 30 for `qwen3-coder-30b-a3b`; 0 when it tells nothing."""
    found = _NAMED.findall(re.sub(r"[-_:/]", " ", name))
    return max((float(size) * int(times or 1) for times, size in found), default=0.0)
