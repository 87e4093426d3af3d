"""A shopping cart with a bug, what a run knows of it, and a dialogue about it over real HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeVar

from loopcutter_host.chat.ollama import Ollama, OllamaSettings
from loopcutter_host.chat.wire import Waits
from loopcutter_host.dialogue import Dialogue
from loopcutter_host.model import Attempt, Briefing, Failure, Place, Plan, Proposal, Reflection
from support.library import Library
from support.ollama_server import OllamaServer

Result = TypeVar("Result")

CART = """import math


class Cart:
    def __init__(self):
        self.lines = []

    def add(self, price, quantity=1):
        self.lines.append((price, quantity))

    def total(self):
        return sum(price for price, _ in self.lines)


def discount(total):
    return total * 9 // 10
"""
TEST = """from shop.cart import Cart


def test_total():
    cart = Cart()
    cart.add(5, 2)
    assert cart.total() == 10
"""
TOTAL = Place("shop/cart.py", "Cart.total", (11, 12), 0.9, "frame of the failing test")
DISCOUNT = Place("shop/cart.py", "discount", (15, 16), 0.4, "word")
FAILURE = Failure(
    "tests/test_cart.py::test_total",
    "AssertionError",
    "assert 5 == 10",
    "tests/test_cart.py",
    7,
    (("tests/test_cart.py", 7, "test_total"),),
)
BRIEFING = Briefing(
    issue="The total is wrong when I buy two of a thing.",
    tree="tree-1",
    base_tree="tree-1",
    failures=(FAILURE,),
    passing=(),
    places=(TOTAL, DISCOUNT),
)
PLANNED = replace(BRIEFING, plan=Plan("total ignores the quantity", (TOTAL,)))
DIFF = """--- a/shop/cart.py
+++ b/shop/cart.py
@@ -11,2 +11,2 @@
     def total(self):
-        return sum(price for price, _ in self.lines)
+        return sum(price + 1 for price, _ in self.lines)
"""
FAILED = Attempt(
    1, "ollama:coder", "total is off by one", "I add one to every price.", DIFF, "1 of 1 fails: assert 6 == 10"
)

PLAN = '{"hypothesis": "total ignores the quantity", "targets": [{"path": "shop/cart.py", "symbol": "Cart.total"}]}'
FUNCTION = "def total(self):\n    return sum(price * quantity for price, quantity in self.lines)\n"
EDIT = f"I multiply by the quantity.\n```python\n{FUNCTION}```"
SYMBOL_EDIT = {
    "kind": "symbol",
    "path": "shop/cart.py",
    "symbol": "Cart.total",
    "source": FUNCTION,
    "near_line": 11,
}
BLOCKS = """Multiply.
```
shop/cart.py
<<<<<<< SEARCH
        return sum(price for price, _ in self.lines)
=======
        return sum(price * quantity for price, quantity in self.lines)
>>>>>>> REPLACE
```"""
REPLACE_EDIT = {
    "kind": "replace",
    "path": "shop/cart.py",
    "search": "        return sum(price for price, _ in self.lines)\n",
    "replace": "        return sum(price * quantity for price, quantity in self.lines)\n",
    "near_line": 12,
}


def library(*trees: str) -> Library:
    return Library({"shop/cart.py": CART, "tests/test_cart.py": TEST}, trees or ("tree-1",))


def asked(
    server: OllamaServer, use: Callable[[Dialogue], Awaitable[Result]], *, num_ctx: int = 8192, **options: Any
) -> Result:
    async def inside() -> Result:
        settings = OllamaSettings(url=server.url, waits=Waits(pause_s=0), num_ctx=num_ctx, num_predict=1024)
        async with aclosing(Ollama("coder", settings)) as ollama:
            return await use(Dialogue(ollama, **options))

    with server:
        return asyncio.run(inside())


def ask_plan(server: OllamaServer, briefing: Briefing = BRIEFING, tools: Library | None = None, **options: Any) -> Plan:
    return asked(server, lambda dialogue: dialogue.plan(briefing, tools or library()), **options)


def ask_edit(
    server: OllamaServer, briefing: Briefing = PLANNED, tools: Library | None = None, **options: Any
) -> Proposal:
    return asked(server, lambda dialogue: dialogue.edit(briefing, tools or library()), **options)


def ask_reflection(server: OllamaServer, briefing: Briefing) -> Reflection:
    return asked(server, lambda dialogue: dialogue.reflect(briefing, library()))
