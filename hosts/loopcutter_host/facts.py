"""The facts of a case as JSON and back, whatever fields a case has: how a run that was cut off gets its mind back."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from loopcutter_host.case import Case

_LIVE = frozenset(("fallback", "limits", "log", "model", "prepass", "second", "session", "shown", "tools"))
"""What a new host makes anew. What retrieval was shown, it is shown again."""
_TURN = "turn"
"""The name of the model whose turn it is."""


def facts(case: Case) -> dict[str, str]:
    """Name → JSON of each fact."""
    known = {name: adapter.dump_json(getattr(case, name)).decode() for name, adapter in _adapters().items()}
    turn: TypeAdapter[str] = TypeAdapter(str)
    return {**known, _TURN: turn.dump_json(case.model.name).decode()}


def restore(case: Case, known: Mapping[str, Any]) -> None:
    """Give a case that was just opened the facts it had before the cut, and the turn to the model that had it."""
    adapters = _adapters()
    for name, value in known.items():
        if name in adapters:
            setattr(case, name, adapters[name].validate_python(value))
    turn = known.get(_TURN, case.model.name)
    if turn == case.model.name:
        return
    if case.fallback is not None and turn == case.fallback.name:
        case.model, case.fallback = case.fallback, None
    elif case.second is not None and turn == case.second.name:
        case.model, case.second = case.second, None


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(Case)
    return {field.name: TypeAdapter(hints[field.name]) for field in fields(Case) if field.name not in _LIVE}
