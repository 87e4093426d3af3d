"""Notices when the code under test rewrites how others compare and assert: what is equal is not for it to say.

Only what is loaded is looked at, and only functions that stand in a file of the project which is none of its tests.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from .sources import file_of, is_under_test

_CLASSES = {
    "unittest.mock": ("NonCallableMock", "CallableMixin", "_Call"),
    "fractions": ("Fraction",),
    "pathlib": ("PurePath", "Path"),
    "uuid": ("UUID",),
    "collections": ("Counter", "ChainMap", "UserDict", "UserList", "UserString"),
    "_collections_abc": ("Set", "Mapping", "Sequence"),
    "_pydecimal": ("Decimal",),
    "_pydatetime": ("date", "time", "datetime", "timedelta"),
    "ipaddress": ("_BaseAddress", "_BaseNetwork", "IPv4Address", "IPv6Address"),
    "enum": ("Enum", "Flag"),
    "types": ("SimpleNamespace",),
    "inspect": ("Signature", "Parameter"),
}
_MODULES = ("math", "cmath", "numpy", "numpy.testing", "pandas.testing", "difflib", "filecmp", "operator")
_COMPARING = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__bool__")
_NAMES = ("assert", "isclose", "allclose", "array_equal", "cmp", "eq", "unified_diff")


def rewritten(root: str) -> str:
    """What the project below `root` has put in the place of a way to compare or to assert, or nothing."""
    return next((name for name, function in _functions() if is_under_test(file_of(function), root)), "")


def _functions() -> Iterator[tuple[str, Any]]:
    for module, kinds in _CLASSES.items():
        loaded = sys.modules.get(module)
        for kind in kinds:
            space = getattr(loaded, kind, None)
            for name, function in list(vars(space).items()) if isinstance(space, type) else ():
                if name in _COMPARING or name.startswith("assert"):
                    yield f"{kind}.{name}", function
    for module in _MODULES:
        for name, function in list(vars(sys.modules[module]).items()) if module in sys.modules else ():
            if name.startswith(_NAMES):
                yield f"{module}.{name}", function
