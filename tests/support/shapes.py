"""Small files with one wrong line each, in the shapes that code comes in; and what a model writes that mends it."""

import ast
import textwrap
from dataclasses import dataclass

PATH = "shop/prices.py"


@dataclass(frozen=True)
class Shape:
    """A file, the symbol that is wrong in it, and its wrong line as it is and as it shall be."""

    name: str
    file: str
    symbol: str
    old: str
    new: str

    @property
    def mended(self) -> str:
        assert self.file.count(self.old) == 1, self.name
        return self.file.replace(self.old, self.new)

    @property
    def wrong_line(self) -> int:
        return self.file[: self.file.index(self.old)].count("\n") + 1

    @property
    def function(self) -> str:
        """The whole mended definition, decorators included, moved to the margin as models write it."""
        return textwrap.dedent(self.indented_function)

    @property
    def indented_function(self) -> str:
        text = self.mended.replace("\r\n", "\n")
        nodes = [
            node
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name == self.symbol.rpartition(".")[2]
            and node.lineno <= self.wrong_line <= (node.end_lineno or 0)
        ]
        [node] = nodes
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        return "\n".join(text.split("\n")[first - 1 : node.end_lineno]) + "\n"

    @property
    def block(self) -> str:
        lines = [text.replace("\r\n", "\n").rstrip("\n") + "\n" for text in (self.old, self.new)]
        return f"{PATH}\n<<<<<<< SEARCH\n{lines[0]}=======\n{lines[1]}>>>>>>> REPLACE\n"


_PLAIN = '''"""Prices."""

import math


def total(prices):
    """The sum."""
    return sum(prices) - 1


def half(price):
    return price / 2
'''
_CLASSES = """class Cart:
    def total(self):
        return 1

    @property
    def discount(self):
        return self._discount

    @discount.setter
    def discount(self, percent):
        self._discount = percent + 1

    @staticmethod
    def rounded(price):
        return round(price, 3)


class Order:
    def total(self):
        return 2
"""
_ODD = '''from functools import lru_cache
from typing import overload

try:
    import fast
except ImportError:

    def quick(price):
        return price + 1

else:

    def quick(price):
        return fast.quick(price)


@overload
def taxed(price: int) -> int: ...
@overload
def taxed(price: str) -> str: ...
def taxed(price):
    return price * 3


@lru_cache(
    maxsize=8,
)
def cached(price):
    return price * 4


def outer(price):
    def inner(tax):
        return tax * 5

    return inner(price)


async def fetched(price):
    async with price as found:
        return found * 6


def documented(price):
    """Shows

    ```
    documented(1)
    ```
    """
    return price * 7


def straße(größe):
    return f"{größe} € — 価格 🙂" + "8"


def told(price):
    return f"""
price:
  {price * 9}
"""
'''

SHAPES = (
    Shape("plain", _PLAIN, "total", "    return sum(prices) - 1\n", "    return sum(prices)\n"),
    Shape(
        "last, without a final newline", _PLAIN.rstrip("\n"), "half", "    return price / 2", "    return price // 2"
    ),
    Shape(
        "carriage returns",
        _PLAIN.replace("\n", "\r\n"),
        "total",
        "    return sum(prices) - 1\r\n",
        "    return sum(prices)\r\n",
    ),
    Shape("tabs", _PLAIN.replace("    ", "\t"), "total", "\treturn sum(prices) - 1\n", "\treturn sum(prices)\n"),
    Shape("method", _CLASSES, "Cart.total", "        return 1\n", "        return 10\n"),
    Shape(
        "method of the same name in another class", _CLASSES, "Order.total", "        return 2\n", "        return 20\n"
    ),
    Shape(
        "property", _CLASSES, "Cart.discount", "        return self._discount\n", "        return self._discount or 0\n"
    ),
    Shape(
        "setter of a property",
        _CLASSES,
        "Cart.discount",
        "        self._discount = percent + 1\n",
        "        self._discount = percent\n",
    ),
    Shape(
        "static method",
        _CLASSES,
        "Cart.rounded",
        "        return round(price, 3)\n",
        "        return round(price, 2)\n",
    ),
    Shape("defined twice, the first", _ODD, "quick", "        return price + 1\n", "        return price\n"),
    Shape(
        "defined twice, the second",
        _ODD,
        "quick",
        "        return fast.quick(price)\n",
        "        return fast.quick(price, 1)\n",
    ),
    Shape("overloaded", _ODD, "taxed", "    return price * 3\n", "    return price * 30\n"),
    Shape("decorator over several lines", _ODD, "cached", "    return price * 4\n", "    return price * 40\n"),
    Shape("nested", _ODD, "outer.inner", "        return tax * 5\n", "        return tax * 50\n"),
    Shape("async", _ODD, "fetched", "        return found * 6\n", "        return found * 60\n"),
    Shape("fence in a docstring", _ODD, "documented", "    return price * 7\n", "    return price * 70\n"),
    Shape(
        "names and texts beyond ASCII",
        _ODD,
        "straße",
        '    return f"{größe} € — 価格 🙂" + "8"\n',
        '    return f"{größe} € — 価格 🙂" + "80"\n',
    ),
    Shape("text at the margin", _ODD, "told", "  {price * 9}\n", "  {price * 90}\n"),
)

DRESSES = {
    "plain": "I change one line.\n```python\n{code}```\n",
    "no language": "```\n{code}```",
    "tildes": "Here:\n~~~py\n{code}~~~\nDone.",
    "never closed": "```python\n{code}",
    "thinking": "<think>```python\nx = 1\n```\nSo.</think>\n```python\n{code}```",
    "talk around": "Sure! Here is the fix:\n\n```python\n{code}```\n\nThis works because of **that**.\n",
    "carriage returns": "```python\n{code}```",
    "usage behind": "```python\n{code}```\nUse it like this:\n```\nprint(1)\n```\n",
}


def dressed(code: str, dress: str) -> str:
    """The answer of a model that says this code in one of the `DRESSES`."""
    answer = DRESSES[dress].replace("{code}", code if code.endswith("\n") else f"{code}\n")
    return answer.replace("\n", "\r\n") if dress == "carriage returns" else answer


def written(shape: Shape, form: str) -> str:
    """What a good model writes in that form."""
    whole = shape.mended.replace("\r\n", "\n")
    return {"function": shape.function, "file": whole, "blocks": shape.block}[form]
