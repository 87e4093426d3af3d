"""Measures how well issues lead to the files and functions that their fixes changed.

    python benchmarks/retrieval/localise.py INSTANCES.jsonl --store FOLDER [--out FILE.jsonl] [--evidence FOLDER]

An instance is a line of JSON: {"id", "repository": a local clone, "commit": the state before the fix, "issue": text,
"files": [paths that the fix changes], "functions": ["path::Class.method" that it changes]}. The figure is strict: a hit
at k is an instance whose every changed file (function) is among the first k.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from loopcutter_retrieval import answer
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.library import Library
from loopcutter_retrieval.local import borrowed
from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.opening import objects, open_library
from loopcutter_retrieval.rank import Ranking
from loopcutter_snapshots import git

DEPTHS = (1, 3, 5, 10, 50)
CONSIDERED = 300
"""Files an instance's evidence is written for."""
SEARCHED = 30
"""Files whose functions' evidence is written."""


def functions(ranking: Ranking, index: Index, limit: int) -> list[str]:
    """The best functions, a nested one counting as the outermost around it."""
    found = {}
    for place in answer.places(ranking, index, 6 * limit):
        if place.kind in ("function", "method"):
            found[f"{place.path}::{place.symbol}"] = None
    return list(found)[:limit]


def python_only(folder: Path, tree: str) -> str:
    """The tree without anything but Python: clones may lack large files of other kinds."""
    store = objects(folder)
    listing = git("ls-tree", "-r", "-z", "--full-tree", tree, git_dir=store).split(b"\0")
    lines = b"".join(line + b"\0" for line in listing if line.endswith(b".py") and not line.startswith(b"120000"))
    index = folder / "index-of-the-tree"
    index.unlink(missing_ok=True)
    git("update-index", "-z", "--index-info", git_dir=store, index=index, stdin=lines)
    return git("write-tree", git_dir=store, index=index).decode().strip()


def measure(instance: dict, folder: Path, evidence: Path | None) -> dict:
    tree = python_only(folder, borrowed(Path(instance["repository"]), folder, instance["commit"]))
    library: Library = open_library(folder)
    index = Index(folder / "index.sqlite")
    try:
        started = time.process_time()
        indexed = library.index(tree)
        between = time.process_time()
        ranking = library.ranking(tree, Query.of(instance["issue"]))
        files = [file.path for file in answer.files(ranking, 50)]
        best = functions(ranking, index, 50)
        ended = time.process_time()
        if evidence:
            keep_evidence(ranking, index, instance, evidence)
    finally:
        index.close()
        library.close()
    return {
        "id": instance["id"],
        "files": files,
        "functions": best,
        "parsed": indexed.parsed,
        "index_cpu_s": round(between - started, 3),
        "query_cpu_s": round(ended - between, 3),
    }


def keep_evidence(ranking: Ranking, index: Index, instance: dict, folder: Path) -> None:
    """What learn.py needs: the evidence of the best files and of those that are right."""
    paths = [file.path for file in ranking.corpus.files]
    right = set(instance["files"])
    chosen = dict.fromkeys([*ranking.best_files(CONSIDERED), *(at for at, path in enumerate(paths) if path in right)])
    rows = np.array(list(chosen))
    np.savez_compressed(
        folder / f"{instance['id']}.npz",
        right=np.array([paths[at] in right for at in rows]),
        **{name.replace(" ", "_"): values[rows] for name, values in ranking.file_evidence.items()},
    )
    keep_symbols(ranking, index, instance, folder)


def keep_symbols(ranking: Ranking, index: Index, instance: dict, folder: Path) -> None:
    """The same for the functions of the best files."""
    files = ranking.best_files(SEARCHED)
    symbols = np.concatenate([np.arange(ranking.corpus.starts[at], ranking.corpus.starts[at + 1]) for at in files])
    right, chosen = set(instance["functions"]), []
    answers = []
    for symbol, one in zip(symbols, index.definitions(map(ranking.corpus.place, symbols)), strict=True):
        if one.kind in ("function", "method"):
            chosen.append(symbol)
            answers.append(f"{ranking.corpus.files[int(ranking.corpus.file_of[symbol])].path}::{one.name}" in right)
    rows = np.array(chosen, dtype=np.int64)
    gains = np.array([ranking.neighbours[symbol][0] if symbol in ranking.neighbours else 0.0 for symbol in chosen])
    np.savez_compressed(
        folder / f"{instance['id']}.symbols.npz",
        right=np.array(answers),
        neighbour_=gains,
        **{f"{name}_": values[rows] for name, values in ranking.symbol_evidence.items()},
    )


def share(results: list[dict], instances: dict[str, dict], what: str, depth: int) -> float:
    scored = [one for one in results if instances[one["id"]][what]]
    hits = sum(set(instances[one["id"]][what]) <= set(one[what][:depth]) for one in scored)
    return 100 * hits / max(len(scored), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", type=Path)
    parser.add_argument("--store", type=Path, required=True, help="where indexes are kept, one a repository")
    parser.add_argument("--out", type=Path, help="where the rankings go, a line an instance")
    parser.add_argument("--evidence", type=Path, help="where the evidence for learn.py goes")
    parser.add_argument("--only", default="", help="instances whose id contains this")
    chosen = parser.parse_args()
    instances = {one["id"]: one for one in map(json.loads, chosen.instances.read_text().splitlines())}
    if chosen.evidence:
        chosen.evidence.mkdir(parents=True, exist_ok=True)
    results = []
    for one in instances.values():
        if chosen.only in one["id"]:
            folder = chosen.store / one["repository"].strip("/").replace("/", "_")
            results.append(measure(one, folder, chosen.evidence))
            print(one["id"], results[-1]["index_cpu_s"], results[-1]["query_cpu_s"], file=sys.stderr)
    if chosen.out:
        chosen.out.write_text("".join(json.dumps(one) + "\n" for one in results))
    for what in ("files", "functions"):
        figures = " ".join(f"@{depth} {share(results, instances, what, depth):.1f}" for depth in DEPTHS)
        print(f"{what:9} {figures}")
    print(f"n {len(results)}, query CPU s, median {np.median([one['query_cpu_s'] for one in results]):.3f}")


if __name__ == "__main__":
    main()
