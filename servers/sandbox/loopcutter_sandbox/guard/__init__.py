"""The command guard: says of a shell command whether it may run, before it does.

It is the second layer and never the boundary: it turns away what an agent should not even try, in words that tell it
what to do instead. What the guard lets through, or can't read, is held by the isolation alone.
"""

from loopcutter_sandbox.guard.judge import judge
from loopcutter_sandbox.guard.verdict import Judgement, Verdict

__all__ = ["Judgement", "Verdict", "judge"]
