"""Whether a patched program gives the right answers on inputs that no test has; asked in a child with a time limit."""

import json
import subprocess
import sys
from collections.abc import Callable

from programs.program import Program, copied

_TIME_S = 10
_ASK = """
import json, sys
asked = json.load(sys.stdin)
space = {"__name__": "program"}
exec(asked["text"], space)
for arguments, answer in asked["pairs"]:
    if repr(space[asked["entry"]](*eval(arguments))) != answer:
        sys.exit(1)
"""


def gives_right_answers(program: Program) -> Callable[[str], bool]:
    """A judge over texts of the module."""
    space: dict[str, object] = {"__name__": "program"}
    exec(program.source, space)
    entry: Callable[..., object] = space[program.entry]  # type: ignore[assignment]
    pairs = [(repr(each), repr(entry(*copied(each)))) for each in program.inputs()]

    def judge(text: str) -> bool:
        asked = json.dumps({"text": text, "entry": program.entry, "pairs": pairs})
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _ASK], input=asked, text=True, capture_output=True, timeout=_TIME_S
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    return judge
