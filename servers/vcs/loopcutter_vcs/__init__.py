"""Keeps the states of a repository while it is being changed: snapshots, edits, diffs, rollback, apply."""

__all__: list[str] = []
