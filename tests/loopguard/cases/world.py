"""A small world in which recordings are staged: files, a tree that is their hash, tools that change or show them."""

import difflib
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

CART = """class Cart:
    def __init__(self):
        self.items = []

    def add(self, price, quantity=1):
        self.items.append((price, quantity))

    def total(self, discount=0):
        amount = 0
        for price, quantity in self.items:
            amount += price * quantity
        return amount - discount
"""
PRICE = "        return amount - discount\n"
TIMES = ("0.41", "1.07", "0.88", "2.31", "0.52", "1.93")


class World:
    """Notes every tool call as an event of the interchange format."""

    def __init__(self, **files: str) -> None:
        self.files = {"shop/cart.py": CART, **{name.replace("__", "/"): text for name, text in files.items()}}
        self.events: list[dict[str, Any]] = []

    @property
    def tree(self) -> str:
        return hashlib.sha1(json.dumps(self.files, sort_keys=True).encode()).hexdigest()[:16]

    def note(self, tool: str, args: Any, output: str, ok: bool = True, text: str = "", **known: Any) -> None:
        result = {"ok": ok, "output": output, "exit_code": known.pop("code", None)}
        event = {"step": len(self.events), "tool": tool, "args": args, "text": text, "result": result}
        self.events.append({**event, "diff": None, "tests": None, "tree": self.tree, **known})

    def open(self) -> None:
        """What most runs begin with."""
        self.sh("ls", "shop\ntests", text="Let me see what is there.")
        self.read("shop/cart.py", text="The cart first.")

    def sh(self, command: str, output: str, code: int = 0, text: str = "", **known: Any) -> None:
        self.note("shell", {"command": command}, output, code == 0, text, code=code, **known)

    def read(self, path: str, first: int = 0, last: int = 0, text: str = "") -> None:
        lines = self.files[path].splitlines()
        args: dict[str, Any] = {"path": path}
        if first:
            args |= {"start_line": first, "end_line": last}
            lines = lines[first - 1 : last]
        self.note("read_file", args, "\n".join(lines), text=text)

    def put(self, path: str, content: str | None) -> str:
        """Change a file; returns the diff."""
        old = self.files.get(path, "")
        if content is None:
            self.files.pop(path, None)
        else:
            self.files[path] = content
        rows = difflib.unified_diff(old.splitlines(True), (content or "").splitlines(True), f"a/{path}", f"b/{path}")
        return "".join(rows)

    def edit(self, path: str, old: str, new: str, text: str = "") -> None:
        args = {"path": path, "old_str": old, "new_str": new}
        if old not in self.files.get(path, ""):
            self.note("edit_file", args, f"Error: old_str not found in {path}.", False, text)
            return
        diff = self.put(path, self.files[path].replace(old, new, 1))
        self.note("edit_file", args, f"The file {path} has been edited.", text=text, diff=diff or None)

    def write(self, path: str, content: str, text: str = "") -> None:
        diff = self.put(path, content)
        args = {"path": path, "content": content}
        self.note("write_file", args, f"Wrote {len(content)} bytes to {path}.", text=text, diff=diff or None)

    def test(
        self,
        failed: Mapping[str, str],
        passed: Sequence[str] = ("test_empty",),
        command: str = "python -m pytest -q",
        text: str = "",
    ) -> None:
        """A run of pytest: failing tests with their messages."""
        took = TIMES[len(self.events) % len(TIMES)]
        blocks = [f"____ {name} ____\n    def {name}():\nE   {message}\n" for name, message in failed.items()]
        short = [f"FAILED tests/test_cart.py::{name} - {message}" for name, message in failed.items()]
        counts = ", ".join([*([f"{len(failed)} failed"] if failed else []), f"{len(passed)} passed"])
        output = "\n".join(["==== test session starts ====", *blocks, *short, f"==== {counts} in {took}s ===="])
        ids = {
            "passed": [f"tests/test_cart.py::{name}" for name in passed],
            "failed": [f"tests/test_cart.py::{name}" for name in failed],
            "errors": [],
        }
        self.sh(command, output, 1 if failed else 0, text, tests=ids)

    def say(self, text: str) -> None:
        self.note("", {}, "", text=text)

    def user(self, text: str) -> None:
        self.note("@user", {}, "", text=text)
