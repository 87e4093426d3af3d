"""Judges whether an agent goes round in circles: allow, warn, block, rollback or stop, without asking any model.

`judge.Judge` judges one run, `runs.Runs` keeps many in a store, `server` offers them over MCP.
"""

__all__: list[str] = []
