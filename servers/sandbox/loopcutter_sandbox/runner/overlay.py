"""Lets a module be imported with an edit that is on no disk."""

from __future__ import annotations

import importlib.util
import os
from importlib.machinery import SourceFileLoader
from typing import Any


def lay_over(path: str, source: bytes) -> None:
    """From now on importing the file `path` (absolute) reads `source`; compiled files of it are passed over."""
    original = SourceFileLoader.get_data
    cached = importlib.util.cache_from_source(path)

    def get_data(self: Any, name: Any) -> bytes:
        asked = os.path.normpath(os.fspath(name))
        if asked == path:
            return source
        if asked == cached:
            raise FileNotFoundError(asked)
        return original(self, name)

    SourceFileLoader.get_data = get_data  # type: ignore[assignment,method-assign]
