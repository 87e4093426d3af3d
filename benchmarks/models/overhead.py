"""What the host costs at each step of a dialogue, the model and the servers taken out. Prints one line a step.

The briefing is a large one: a long issue, a function of 80 lines, five places, six attempts, three failing tests.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from loopcutter_host.chat.scripted import Script, Scripted
from loopcutter_host.dialogue import Dialogue
from loopcutter_host.model import Attempt, Briefing, Failure, Place, Plan
from loopcutter_loopguard.events import Call, Outcome

ROUNDS = 40
BODY = "def total(self):\n" + "".join(f"    value_{n} = self.lines[{n}].price * {n}  # why\n" for n in range(80))
FILE = f"import math\n\n\n{BODY}\n\n" + "".join(f"def other_{n}(x):\n    return x + {n}\n\n\n" for n in range(20))
DIFF = "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -4,3 +4,3 @@\n-    a\n+    b\n"
PLACES = tuple(Place("shop/cart.py", f"other_{n}", (4, 84), 0.5, "word") for n in range(4))
TARGET = Place("shop/cart.py", "total", (4, 84), 0.9, "frame of the failing test")
SCRIPT = {
    "window": 16_384,
    "plan": ['{"hypothesis": "h", "targets": [{"path": "shop/cart.py", "symbol": "total"}]}'],
    "edit": [f"I change it.\n```python\n{BODY}    return 1\n```"],
    "test": ['{"expected": "10", "actual": "5", "line": "tests/test_cart.py:7", "hypothesis": "h"}'],
    "reproduce": ['{"why": "w"}\n```python\ndef test_it():\n    assert total() == 10\n```'],
    "reflect": ['{"lesson": "l", "rules_out": "r", "instead": "i", "next": "edit"}'],
}


@dataclass
class Shelf:
    """Retrieval that answers at once."""

    async def call(self, call: Call) -> Outcome:
        places = [{"path": "shop/cart.py", "symbol": call.arguments.get("name"), "lines": [4, 84], "source": BODY}]
        data: Mapping[str, Any] = {"places": places, "text": FILE, "total": len(FILE.splitlines())}
        return Outcome(call, ok=True, text="found", data=data)


def briefing(number: int) -> Briefing:
    """Where a run stands; every round another attempt is the last."""
    failures = tuple(
        Failure(f"tests/test_cart.py::test_{n}", "AssertionError", "assert 5 == 10\n" * 20, "tests/test_cart.py", 7)
        for n in range(3)
    )
    tried = tuple(
        Attempt(n, "scripted", "h", f"I try {n * number}.", DIFF, "3 fail: assert 5 == 10", lesson="no")
        for n in range(6)
    )
    return Briefing(
        issue="The total is wrong when I buy two of a thing, and I can prove it. " * 40,
        tree=f"tree-{number}",
        base_tree="tree-0",
        failures=failures,
        passing=(),
        places=(TARGET, *PLACES),
        plan=Plan("total ignores the quantity", (TARGET,)),
        attempts=tried,
    )


async def measure() -> dict[str, list[float]]:
    """Milliseconds of every round, by step."""
    dialogue, shelf = Dialogue(Scripted(Script.model_validate(SCRIPT))), Shelf()
    steps: dict[str, Callable[[Briefing, Shelf], Awaitable[object]]] = {
        "plan": dialogue.plan,
        "edit": dialogue.edit,
        "reflect": dialogue.reflect,
        "test": dialogue.read_test,
        "reproduce": dialogue.write_test,
    }
    taken: dict[str, list[float]] = {step: [] for step in steps}
    for number in range(ROUNDS):
        for step, ask in steps.items():
            began = time.process_time()
            await ask(briefing(number), shelf)
            taken[step].append((time.process_time() - began) * 1000)
    return taken


if __name__ == "__main__":
    for step, milliseconds in asyncio.run(measure()).items():
        p50, p90 = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=10)[-1]
        print(f"{step:<9} p50 {p50:5.1f} ms   p90 {p90:5.1f} ms")
