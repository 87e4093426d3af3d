"""Calls tests themselves where pytest would do no more, but at several times the price of most of them.

That is so for a function, or a method, that gets its arguments from `parametrize` or has none: with fixtures, other
marks, strange hooks or filtered warnings, pytest has a say in what comes out.
"""

from __future__ import annotations

import inspect
import unittest
from typing import Any, Callable

import pytest
from _pytest.outcomes import Exit, Skipped, XFailed

from .channel import readable
from .hooks import JUDGING

_OURS = ("_pytest.", f"{__package__}.")
_WITH_A_SAY = ("setuponly", "setupplan", "usepdb", "trace")
"""Options of pytest."""

Direct = Callable[[], "str | None"]
"""Calls a test: None when it passed, or why not."""


def direct(item: Any) -> Direct | None:
    """How to call the test `item` without pytest; None when pytest has to run it."""
    if type(item) is not pytest.Function or _has_a_say(item.config):
        return None
    marks = list(item.iter_markers())
    given = {name for mark in marks for name in _names(mark)}
    wanted = getattr(getattr(item, "_fixtureinfo", None), "names_closure", None)
    if wanted is None or not given.issuperset(wanted) or any(mark.name != "parametrize" for mark in marks):
        return None
    if inspect.iscoroutinefunction(item.obj) or inspect.isasyncgenfunction(item.obj) or _strangers(item.ihook):
        return None
    values = item.callspec.params if hasattr(item, "callspec") else {}
    arguments = {name: values[name] for name in wanted if name in values}
    return (lambda: _called(item, arguments)) if len(arguments) == len(wanted) else None


def _has_a_say(config: Any) -> bool:
    filtered = config.getini("filterwarnings") or getattr(config.known_args_namespace, "pythonwarnings", None)
    return bool(filtered) or any(getattr(config.option, name, False) for name in _WITH_A_SAY)


def _names(mark: Any) -> list[str]:
    """The arguments that a mark gives as they stand."""
    if mark.name != "parametrize" or mark.kwargs.get("indirect") or len(mark.args) != 2:
        return []
    names = mark.args[0]
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)


def _strangers(hooks: Any) -> bool:
    """Whether anybody but pytest and this runner listens to how tests are run."""
    return any(
        not str(one.function.__module__).startswith(_OURS)
        for name in JUDGING
        for one in getattr(hooks, name).get_hookimpls()
    )


def _called(item: Any, arguments: dict[str, Any]) -> str | None:
    try:
        item.obj(**arguments)
    except (KeyboardInterrupt, Exit):
        raise
    except (Skipped, XFailed, unittest.SkipTest):
        return f"{item.nodeid}: skipped"
    except BaseException as error:
        return f"{readable(item.nodeid)}: {readable(type(error).__name__, 300)}: {readable(error)}"
    return None
