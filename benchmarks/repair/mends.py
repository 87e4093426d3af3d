"""Mends in the history of a repository: commits that call themselves a fix and change one function, and tests."""

import ast
import difflib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loopcutter_host.repair.source import Function
from loopcutter_host.repair.spectrum import is_test

_FIX = r"\b(fix(es|ed)?|bug|regression)\b"
_RENAMED_OR_NEW = re.compile(r"^[ACDR]")


@dataclass(frozen=True)
class Mend:
    """One function as it was and as it became; `before` and `after` are whole files."""

    repository: str
    commit: str
    subject: str
    path: str
    function: str
    """Its qualified name."""
    before: str
    after: str
    lines: tuple[int, ...]
    """Lines of `before` that go, or between which something comes; counted from 1."""
    size: int
    """Lines that go, plus lines that come; blank ones and comments do not count."""


@dataclass
class History:
    """What was looked at, to say of how many commits the mends are the rest."""

    repository: Path
    fixes: int = 0
    """Commits that call themselves a fix."""
    one_file: int = 0
    """Of these: one Python file that is no test is changed, beside at least one test."""

    def mends(self) -> Iterator[Mend]:
        """The mends, the latest first."""
        listing = self._git("log", "--no-merges", "-E", "-i", f"--grep={_FIX}", "--format=%x00%H %s", "--name-status")
        for record in listing.split("\0")[1:]:
            head, *rows = record.strip().splitlines()
            commit, _, subject = head.partition(" ")
            self.fixes += re.search(_FIX, subject, re.IGNORECASE) is not None
            if re.search(_FIX, subject, re.IGNORECASE) and (path := _only_file([row for row in rows if row])):
                self.one_file += 1
                before, after = self._text(f"{commit}^", path), self._text(commit, path)
                name = changed_function(before, after)
                if name:
                    lines, size = _changed(before, after)
                    yield Mend(self.repository.name, commit, subject, path, name, before, after, lines, size)

    def beside(self, mend: Mend, most: int = 20) -> Iterator[tuple[str, str]]:
        """Other files of its folder as they were before it, the first by name: path and text."""
        folder = f"{mend.path.rpartition('/')[0]}/".lstrip("/")
        listed = self._git("ls-tree", "--name-only", f"{mend.commit}^", *([folder] if folder else [])).splitlines()
        python = [path for path in listed if path.endswith(".py") and path != mend.path and not is_test(path)]
        for path in python[:most]:
            yield path, self._text(f"{mend.commit}^", path)

    def _git(self, *words: str) -> str:
        run = subprocess.run(["git", "-C", self.repository, *words], capture_output=True, check=False)
        return run.stdout.decode(errors="replace")

    def _text(self, commit: str, path: str) -> str:
        return self._git("cat-file", "blob", f"{commit}:{path}")


def _only_file(rows: list[str]) -> str:
    """The path of the only Python file outside of tests, if tests are changed too and it was there before."""
    changes = [row.split("\t") for row in rows]
    python = [(kind, paths[-1]) for kind, *paths in changes if paths and paths[-1].endswith(".py")]
    code = [(kind, path) for kind, path in python if not is_test(path)]
    if len(code) != 1 or len(code) == len(python) or _RENAMED_OR_NEW.match(code[0][0]):
        return ""
    return code[0][1]


def changed_function(before: str, after: str) -> str:
    """The qualified name of the only function that differs, docstrings apart; empty if there is no such one."""
    try:
        old, new = _functions(ast.parse(before)), _functions(ast.parse(after))
    except (SyntaxError, ValueError, RecursionError):
        return ""
    if old.keys() != new.keys():
        return ""
    changed = [name for name in old if old[name] != new[name]]
    return changed[0] if len(changed) == 1 else ""


def _functions(tree: ast.Module) -> dict[str, str]:
    """Qualified name → the function as a text, inner ones within it; under "" what is outside of all."""
    without_docstrings(tree)
    found: dict[str, str] = {}

    def visit(node: ast.AST, within: tuple[str, ...]) -> None:
        for block in ("body", "orelse", "finalbody", "handlers"):
            statements = getattr(node, block, None)
            if not isinstance(statements, list):
                continue
            kept = []
            for each in statements:
                name = ".".join((*within, getattr(each, "name", None) or ""))
                if isinstance(each, Function):
                    name += f"#{sum(key.startswith(f'{name}#') for key in found)}"
                    found[name] = ast.dump(each)
                else:
                    visit(each, (*within, each.name) if isinstance(each, ast.ClassDef) else within)
                    kept.append(each)
            setattr(node, block, kept)

    visit(tree, ())
    found[""] = ast.dump(tree)
    return {name.removesuffix("#0"): text for name, text in found.items()}


def without_docstrings(tree: ast.AST) -> None:
    """Take the docstrings out of a tree: what they say changes nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.Pass()


def _changed(before: str, after: str) -> tuple[tuple[int, ...], int]:
    old, new = before.splitlines(), after.splitlines()
    lines: set[int] = set()
    size = 0
    for kind, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            said = [each.strip() for each in (*old[first:last], *new[start:end])]
            size += sum(bool(each) and not each.startswith("#") for each in said)
            lines |= set(range(first + 1, last + 1)) or {first, first + 1}
    return tuple(sorted(lines - {0})), size
