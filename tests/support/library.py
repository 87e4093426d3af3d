"""Retrieval in memory: files by path, functions by name. It keeps every call, so that a test can count them."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
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
        data = getattr(self, f"_{call.tool}")(**arguments)
        return Outcome(call, ok=bool(data), text="found" if data else "there is no such thing", data=data)

    def _read(self, path: str, start: int = 1, end: int = 0) -> dict[str, Any]:
        if path not in self.files:
            return {}
        lines = self.files[path].splitlines()
        shown = lines[start - 1 : end or len(lines)]
        text = "\n".join(shown)
        return {"path": path, "start": start, "end": start + len(shown) - 1, "total": len(lines), "text": text}

    def _symbol(self, name: str) -> dict[str, Any]:
        return {"places": [place for place in self._all() if place["symbol"] == name]}

    def _search(self, query: str, limit: int = 10) -> dict[str, Any]:
        return {"places": [place for place in self._all() if query in place["source"]][:limit]}

    def _all(self) -> list[dict[str, Any]]:
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
