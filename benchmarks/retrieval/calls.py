"""Measures how true the edges of kind `calls` are: against the calls that Django's own tests make.

    python benchmarks/retrieval/calls.py --python INTERPRETER [--cache FOLDER] [TEST …]

The interpreter needs what Django needs (asgiref, sqlparse). Counted are the functions of `django` that were called by
their name as the caller's text has it; what goes through tables, properties or the interpreter is not. An edge is
right if the caller did call that function while the tests ran; one that leads to the method of a base class is counted
as wrong where only an overriding method ever ran, so that the real share is higher. Edges of calls that never ran are
not judged.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from project import DJANGO, Trees, cache_folder, contents

from loopcutter_retrieval.calls import BY_TYPE, Calls
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.resolver import Resolver

TESTS = (
    *("forms_tests", "model_forms", "template_tests", "queries", "migrations.test_operations", "admin_utils"),
    *("aggregation", "urlpatterns_reverse", "sessions_tests", "auth_tests.test_models", "mail.tests", "schema"),
    *("staticfiles_tests", "file_storage", "httpwrappers", "cache.tests", "validators", "modeladmin"),
)

Called = tuple[int, str]
"""A symbol, and the last name of what it calls."""


def traced(files: Mapping[str, bytes], python: str, tests: Sequence[str], folder: Path) -> list[tuple[str, ...]]:
    """Pairs of functions of which the first called the second: path and name, path and name."""
    for path, content in files.items():
        target = folder / "django" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    root, out = folder / "django", folder / "calls.json"
    tracer = Path(__file__).with_name("traced.py")
    subprocess.run(
        [python, str(tracer), str(root / "django"), str(out), "runtests.py", "--parallel=1", "-v0", *tests],
        cwd=root / "tests",
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,  # a test that fails has called something all the same
    )
    return [tuple(pair) for pair in json.loads(out.read_text())]


class Compared:
    """The edges of one tree beside the calls that were seen."""

    def __init__(self, resolver: Resolver, seen: Sequence[tuple[str, ...]]) -> None:
        corpus, index = resolver.corpus, resolver.index
        symbols = range(int(corpus.starts[-1]))
        definitions = index.definitions(map(corpus.place, symbols))
        paths = [corpus.files[int(file)].path for file in corpus.file_of]
        known = {(paths[at], one.name): at for at, one in enumerate(definitions)}
        self.sites: dict[str, int] = defaultdict(int)
        self.edges: dict[Called, dict[int, float]] = defaultdict(dict)
        self.seen: dict[Called, set[int]] = defaultdict(set)
        calls = Calls(resolver)
        for caller, one in enumerate(definitions):
            for called in one.calls:
                found = calls.of(int(corpus.file_of[caller]), one.name, called)
                self.sites[_band(max(found.values(), default=0.0))] += "." in called
                edges = self.edges[caller, called.rpartition(".")[2]]
                for target, sure in found.items():
                    if target != caller and definitions[target].kind != "class":
                        edges[target] = max(edges.get(target, 0.0), sure)
        for path, name, other_path, other_name in seen:
            pair = known.get((path, name)), known.get((other_path, other_name))
            if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
                key = pair[0], definitions[pair[1]].leaf
                if key in self.edges:
                    self.seen[key].add(pair[1])

    def told(self) -> str:
        judged: dict[str, list[bool]] = defaultdict(list)
        for key, seen in self.seen.items():
            for target, sure in self.edges[key].items():
                judged[_band(sure)].append(target in seen)
        found = [self.edges[key].get(target, 0.0) for key, seen in self.seen.items() for target in seen]
        lines = [f"calls of methods, by how they are resolved: {dict(self.sites)}"]
        lines += [
            f"{band}: {len(right)} edges judged, {100 * sum(right) / len(right):.1f} % right"
            for band, right in judged.items()
        ]
        sure = sum(one >= BY_TYPE for one in found)
        lines.append(
            f"{len(found)} calls seen: {100 * sure / len(found):.1f} % are sure edges,"
            f" {100 * sum(one > 0 for one in found) / len(found):.1f} % edges"
        )
        return "\n".join(lines)


def _band(sure: float) -> str:
    return "sure" if sure >= BY_TYPE else "probable" if sure > 0 else "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tests", nargs="*", default=TESTS)
    parser.add_argument("--python", required=True, help="an interpreter that can run Django's tests")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where source distributions are kept")
    chosen = parser.parse_args()
    files = contents(DJANGO, chosen.cache)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seen = traced(files, chosen.python, chosen.tests, folder)
        own = {path: content for path, content in files.items() if path.startswith("django/")}
        library, index = open_library(folder / "store"), Index(folder / "store" / "index.sqlite")
        corpus = library.corpus(Trees(folder / "store").whole(own))
        print(Compared(Resolver(corpus, index), seen).told())
        index.close()
        library.close()


if __name__ == "__main__":
    main()
