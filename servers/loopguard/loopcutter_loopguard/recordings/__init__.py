"""Recordings of other agents, opened as events: whoever wrote them, they are judged alike.

`opening.open_recording(path)` finds the format out by itself.
"""
