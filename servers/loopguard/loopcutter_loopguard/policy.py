"""How strict the judge is: one YAML file, every key with a default that works."""

import difflib
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from loopcutter_loopguard.errors import PolicyError


@dataclass(frozen=True)
class Policy:
    """Thresholds and the ladder; `policy.yaml` says in words what each key does."""

    threshold: int
    repeats: int
    same_error: int
    stagnation: int
    stale_run: int
    rereads: int
    vain: int
    longest_cycle: int
    similarity: float
    monologue: int
    wait_seconds: float
    polls: int
    retries: int
    patience: int
    forces: int
    ladder: tuple[str, ...]
    plumbing: tuple[str, ...]
    memory: int


_AT_LEAST = {
    "threshold": 2,
    "repeats": 2,
    "same_error": 2,
    "stagnation": 2,
    "stale_run": 2,
    "rereads": 2,
    "vain": 3,
    "longest_cycle": 1,
    "similarity": 0.5,
    "monologue": 2,
    "wait_seconds": 0,
    "polls": 2,
    "retries": 2,
    "patience": 0,
    "forces": 0,
    "memory": 64,
}


@cache
def default() -> Policy:
    """The policy a run has when nobody says otherwise."""
    text = files("loopcutter_loopguard").joinpath("policy.yaml").read_text(encoding="utf-8")
    return Policy(**_checked(yaml.safe_load(text), "policy.yaml"))


def load(path: Path) -> Policy:
    """The defaults, overruled by the keys in the file at `path`."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"the policy {path} can't be read: {error}. Check the path and its permissions.") from error
    except yaml.YAMLError as error:
        raise PolicyError(f"the policy {path} is no valid YAML: {error}. Mend it or leave --policy out.") from error
    return replace(default(), **_checked({} if content is None else content, str(path)))


def _checked(content: Any, source: str) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise PolicyError(f"{source} must hold keys and values, not a {type(content).__name__}. See policy.yaml.")
    known = [field.name for field in fields(Policy)]
    checked = {}
    for key, value in content.items():
        if key not in known:
            nearest = difflib.get_close_matches(str(key), known, n=1, cutoff=0)[0]
            raise PolicyError(f"{source}: unknown key {key!r}. Did you mean {nearest!r}?")
        checked[key] = _names(key, value, source) if key in ("ladder", "plumbing") else _number(key, value, source)
    return checked


def _names(key: str, value: Any, source: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise PolicyError(f"{source}: {key} must be a list of names. Write it as [one, two].")
    return tuple(value)


def _number(key: str, value: Any, source: str) -> float:
    lowest = _AT_LEAST[key]
    whole = key not in ("similarity", "wait_seconds")
    right = isinstance(value, int) or (not whole and isinstance(value, float))
    if not right or isinstance(value, bool) or value < lowest or (key == "similarity" and value > 1):
        kind = "a whole number" if whole else "a number"
        raise PolicyError(f"{source}: {key} must be {kind}, at least {lowest}. It is {value!r}.")
    return float(value) if not whole else int(value)
