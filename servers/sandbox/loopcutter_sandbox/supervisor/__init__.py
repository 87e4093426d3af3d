"""Watches over a run from the outside: its mounts, its memory, its end. Started as a script: ``python -I -S start.py``.

Standard library only, and little of it: it is started for every run. It restricts its child and stays unrestricted
itself, so that nothing inside can stop it.
"""
