"""Measures whether vectors help where a query names nothing: sentences without a single identifier.

    python benchmarks/retrieval/wording.py [--number N] [--cache FOLDER]
    python benchmarks/retrieval/wording.py --issues INSTANCES.jsonl --store FOLDER

Each query is the first paragraph of a function's docstring in Django or Sphinx (source distributions by exact version
and sha256), without anything that looks like code and without the words that the function's own name is made of. The
docstring itself is taken out of the tree that is searched, so that nothing but the code, the comments and the rest of
the project can lead to the function. A hit is the function's file, or the function, among the first so many.

With --issues the queries are issues, as for `localise.py`, without code, quotations, addresses and whatever looks like
a name in them. A hit is all that the fix changed.
"""

import argparse
import ast
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
from localise import python_only
from project import DJANGO, SPHINX, Project, Trees, cache_folder, contents

from loopcutter_retrieval import answer, instance
from loopcutter_retrieval.evaluation import Evaluation, functions
from loopcutter_retrieval.filters import aside
from loopcutter_retrieval.instance import Instance
from loopcutter_retrieval.local import lent, remember
from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.opening import objects
from loopcutter_retrieval.tokens import WORD, parts, stem
from loopcutter_snapshots import ObjectStore

METHODS = ("flat", "bm25", "hybrid", "hybrid without vectors")
DEPTHS = (1, 5, 10)
LEAST_WORDS = 8
_CODE = re.compile(
    r"``.*?``|:\w+:`.*?`|`.*?`|\S*[_.()=<>/\\{}\[\]]\S*\w|\w*[a-z0-9][A-Z]\w*|\b[A-Z]{2,}\w*\b", re.DOTALL
)
"""What looks like code: quoted, dotted, with an underscore or a bracket, of mixed case, of capitals."""


@dataclass(frozen=True)
class Case:
    """A function that has to be found by what its docstring said of it."""

    path: str
    name: str
    query: str
    hidden: bytes
    """Its file without the docstring."""


def cases(files: Mapping[str, bytes]) -> Iterator[Case]:
    for path, source in files.items():
        if path.endswith(".py") and not aside(path) and not path.startswith("docs/"):
            try:
                tree = ast.parse(source)
            except (SyntaxError, ValueError):
                continue
            yield from _in_file(path, source, tree)


def _in_file(path: str, source: bytes, tree: ast.AST, prefix: str = "") -> Iterator[Case]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _in_file(path, source, node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (said := ast.get_docstring(node)):
            query = worded(said, node.name)
            if len(query.split()) >= LEAST_WORDS and len(node.body) > 1:
                yield Case(path, f"{prefix}{node.name}", query, _without(source, node.body[0]))


def worded(docstring: str, name: str) -> str:
    """The first paragraph of a docstring, without what looks like code or is part of the function's name."""
    own = {stem(part) for part in parts(name)}
    text = _CODE.sub(" ", docstring.partition("\n\n")[0])

    def said(word: str) -> set[str]:
        return {stem(part) for one in WORD.findall(word) for part in parts(one)}

    return " ".join(word for word in text.split() if not own & said(word))


def _without(source: bytes, docstring: ast.stmt) -> bytes:
    """The same lines, those of the docstring empty but for a placeholder."""
    assert docstring.end_lineno is not None
    lines = source.split(b"\n")
    for at in range(docstring.lineno - 1, docstring.end_lineno):
        lines[at] = b""
    lines[docstring.lineno - 1] = b" " * docstring.col_offset + b"..."
    return b"\n".join(lines)


_APART = re.compile(r"<!--.*?-->|```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+|\"[^\"\n]{0,200}\"", re.DOTALL)
_PLAIN = re.compile(r"\(?[A-Za-z][A-Za-z'\u2019-]*[),.;:!?]*")
_LINE_OF_CODE = re.compile(r"[ ]{4,}|\t|>>>|[ ]*File \"|Traceback|In \[|Out\[|[ ]*[-+]{3}|[ ]*\$ ")


def plain(issue: str) -> str:
    """An issue without its code, and without words that look like code."""
    lines = _APART.sub(" ", issue.replace("\r", "")).split("\n")
    text = _CODE.sub(" ", "\n".join(line for line in lines if not _LINE_OF_CODE.match(line)))
    return " ".join(filter(_PLAIN.fullmatch, text.split()))


def measured_issues(path: Path, store: Path) -> list[dict[str, list[bool]]]:
    """The same for issues, those of at least LEAST_WORDS plain words, whose functions are known."""
    results = []
    for repository, some in groupby(
        sorted(instance.read(path), key=lambda one: one.repository), lambda one: one.repository
    ):
        folder = store / str(repository).strip("/").replace("/", "_")
        evaluation = Evaluation(folder)
        for one in some:
            issue = replace(one, query=plain(one.query))
            if issue.functions and len(issue.query.split()) >= LEAST_WORDS:
                tree = python_only(folder, lent(repository, folder, one.revision))
                remember(repository, one.revision, tree, ObjectStore(objects(folder)))
                results.append(_ranks(evaluation, tree, issue))
                print(one.id, file=sys.stderr)
        evaluation.close()
    return results


def measured(project: Project, files: Mapping[str, bytes], number: int, folder: Path) -> list[dict[str, list[bool]]]:
    """For each case and method: hits of the file at the depths, then of the function."""
    found = list(cases(files))
    chance = np.random.default_rng(7)
    chosen = [found[at] for at in sorted(chance.choice(len(found), min(number, len(found)), replace=False).tolist())]
    trees = Trees(folder)
    trees.whole(files)
    evaluation = Evaluation(folder)
    results = []
    for one in chosen:
        tree = trees.changed({one.path: one.hidden})
        right = (one.path,), (f"{one.path}::{one.name}",)
        results.append(_ranks(evaluation, tree, Instance(one.name, 0, Path(), tree, one.query, *right)))
        trees.changed({one.path: files[one.path]})
    evaluation.close()
    print(f"{project.name} {project.version}: {len(chosen)} of {len(found)} functions")
    return results


def _ranks(evaluation: Evaluation, tree: str, issue: Instance) -> dict[str, list[bool]]:
    methods = evaluation.measure(issue, tree).methods
    listed = {method: (methods[method].files, methods[method].functions) for method in methods}
    without = evaluation.library.ranking(tree, Query.of(issue.query))
    files = tuple(file.path for file in answer.files(without, 50))
    listed["hybrid without vectors"] = files, tuple(functions(without, evaluation.index, 50))
    right = set(issue.files), set(issue.functions)
    return {
        method: [wanted <= set(some[:depth]) for some, wanted in zip(both, right, strict=True) for depth in DEPTHS]
        for method, both in listed.items()
    }


def compared(results: Sequence[Mapping[str, list[bool]]], at: int) -> str:
    """With vectors against without, by McNemar's exact test."""
    pairs = [(one["hybrid"][at], one["hybrid without vectors"][at]) for one in results]
    better, worse = (sum(1 for new, old in pairs if new > old), sum(1 for new, old in pairs if new < old))
    total = better + worse
    tail = sum(math.comb(total, k) for k in range(min(better, worse) + 1)) / 2**total if total else 1.0
    return f"{better} better, {worse} worse, p = {min(1.0, 2 * tail):.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=150, help="functions of each project")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where source distributions are kept")
    parser.add_argument("--issues", type=Path, help="ask for these instead")
    parser.add_argument("--store", type=Path, help="where the indexes of their repositories are kept")
    chosen = parser.parse_args()
    if chosen.issues and not chosen.store:
        parser.error("--issues needs a --store")
    results = measured_issues(chosen.issues, chosen.store) if chosen.issues else []
    for project in () if chosen.issues else (DJANGO, SPHINX):
        with tempfile.TemporaryDirectory() as folder:
            results += measured(project, contents(project, chosen.cache), chosen.number, Path(folder))
    print(f"{len(results)} queries; percent found: file @{DEPTHS}, function @{DEPTHS}")
    for method in METHODS:
        print(f"{method:<24}", *(f"{100 * share:6.1f}" for share in np.mean([one[method] for one in results], axis=0)))
    for at, what in ((0, "file @1"), (1, "file @5"), (2, "file @10"), (4, "function @5"), (5, "function @10")):
        print(f"with vectors against without, {what}: {compared(results, at)}")


if __name__ == "__main__":
    main()
