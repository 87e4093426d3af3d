"""What it means that a demanded id names a test."""

from __future__ import annotations


def names(wanted: str, test: str) -> bool:
    """Whether the demanded id `wanted` (a test, a class, a file, a folder or ``.``) names `test`."""
    return wanted in (".", test) or (test.startswith(wanted) and test[len(wanted)] in "[:/")
