"""Retrieval in memory: files by path, functions by name. It keeps every call, so that a test can count them."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from loopcutter_loopguard.events import Call, Outcome


@dataclass
class Library:
    """A toolbox that only has retrieval. It knows the trees named in `trees`, all with the same files."""

    files: Mapping[str, str]
    trees: tuple[str, ...] = ("tree-1",)
    calls: list[Call] = field(default_factory=list)

    async def call(self, call: Call) -> Outcome:
        self.calls.append(call)
        if call.arguments["tree"] not in self.trees:
            return Outcome(call, ok=False, text="this tree was never received; publish it first")
        arguments = {name: value for name, value in call.arguments.items() if name != "tree"}
        try:
            data = getattr(self, f"_{call.tool}")(**arguments)
        except TypeError as error:  # what a model may get wrong; a server checks it before
            return Outcome(call, ok=False, text=f"these arguments do not fit: {error}")
        return Outcome(call, ok=bool(data), text="found" if data else "there is no such thing", data=data)

    def _read(self, path: str, start: int = 1, end: int = 0) -> dict[str, Any]:
        if path not in self.files:
            return {}
        lines = self.files[path].splitlines()
        shown = lines[start - 1 : end or len(lines)]
        text = "\n".join(shown)
        return {"path": path, "start": start, "end": start + len(shown) - 1, "total": len(lines), "text": text}

    def _symbol(self, name: str) -> dict[str, Any]:
        return {"places": [place for place in self.functions() if place["symbol"] == name]}

    def _search(self, query: str, limit: int = 10) -> dict[str, Any]:
        return {"places": [place for place in self.functions() if query in place["source"]][:limit]}

    def _context(
        self, issue: str, budget_tokens: int, failures: Sequence[Any] = (), tokens_per_character: float = 0.0
    ) -> dict[str, Any]:
        """Whole functions as long as there is room, tests aside. It can't count tokens, so a seventh stays free."""
        shown, left_out, used = [], [], budget_tokens // 7
        for place in self.functions():
            if place["path"].startswith("tests/"):
                continue
            cost = ceil(len(place["source"]) * (tokens_per_character or 0.34))
            if used + cost > budget_tokens:
                left_out.append(f"{place['path']}::{place['symbol']} about {cost} tokens")
                continue
            used += cost
            shown.append(f"## {place['path']}\n{place['lines'][0]:5} {place['source']}")
        return {"text": "\n\n".join(shown), "tokens": used, "left_out": left_out}

    def _neighbors(self, symbol: str, kinds: Sequence[str] = ()) -> dict[str, Any]:
        """Only what a file contains directly."""
        inside = [place for place in self.functions() if place["path"] == symbol]
        outer = dict.fromkeys(str(place["symbol"]).partition(".")[0] for place in inside)
        return {"contains": [{"path": symbol, "symbol": name} for name in outer]}

    def functions(self) -> list[dict[str, Any]]:
        """Every function and method, as `symbol` tells it."""
        found = []
        for path, text in self.files.items():
            for outer in ast.parse(text).body:
                inner = outer.body if isinstance(outer, ast.ClassDef) else [outer]
                for node in inner:
                    if isinstance(node, ast.FunctionDef):
                        name = f"{outer.name}.{node.name}" if isinstance(outer, ast.ClassDef) else node.name
                        source = "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
                        lines = [node.lineno, node.end_lineno]
                        found.append({"path": path, "symbol": name, "lines": lines, "score": 1.0, "source": source})
        return found
