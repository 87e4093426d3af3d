"""Measures what `loopcutter-retrieval eval` does, on clones that lack all but Python, and keeps what learn.py needs.

    python benchmarks/retrieval/localise.py INSTANCES.jsonl --store FOLDER [--json FILE] [--evidence FOLDER]

The instances are those of `eval`. Indexes are kept in the store, one a repository. With --contexts it also tells in
how many contexts of 4,000, 8,000 and 32,000 tokens all functions of the fix are shown, whole or cut.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import numpy as np

from loopcutter_retrieval import context, instance, reading
from loopcutter_retrieval.budget import Budget
from loopcutter_retrieval.evaluation import METHODS, Evaluation, Result, summary
from loopcutter_retrieval.figures import Share
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.instance import Instance
from loopcutter_retrieval.local import lent, remember
from loopcutter_retrieval.opening import objects
from loopcutter_retrieval.rank import Ranking
from loopcutter_retrieval.report import table
from loopcutter_snapshots import ObjectStore, git

CONSIDERED = 300
"""Files an instance's evidence is written for."""
BUDGETS = (4_000, 8_000, 32_000)
SEARCHED = 60
"""Files whose functions' evidence is written."""


def python_only(folder: Path, tree: str) -> str:
    """The tree without anything but Python: clones may lack large files of other kinds."""
    store = objects(folder)
    listing = git("ls-tree", "-r", "-z", "--full-tree", tree, git_dir=store).split(b"\0")
    lines = b"".join(line + b"\0" for line in listing if line.endswith(b".py") and not line.startswith(b"120000"))
    index = folder / "index-of-the-tree"
    index.unlink(missing_ok=True)
    git("update-index", "-z", "--index-info", git_dir=store, index=index, stdin=lines)
    return git("write-tree", git_dir=store, index=index).decode().strip()


class Contexts:
    """Whether all functions of each fix are shown within a budget: whole, and whole or cut.

    Tokens are estimated, and counted for each of the `rates` as if they were those of the asker's tokenizer.
    """

    def __init__(self, rates: Sequence[float]) -> None:
        self._inside: dict[tuple[float, int], list[tuple[bool, bool]]] = {
            (rate, budget): [] for rate in (0.0, *rates) for budget in BUDGETS
        }

    def add(self, ranking: Ranking, objects: ObjectStore, issue: Instance) -> None:
        wanted = set(issue.functions)
        for (rate, budget), inside in self._inside.items() if wanted else ():
            shown = context.assemble(
                ranking,
                lambda blob: reading.content(objects, blob).decode("utf-8", "replace").split("\n"),
                Budget(budget, rate),
            )
            inside.append((wanted <= {*shown.whole}, wanted <= {*shown.whole, *shown.cut}))

    def __str__(self) -> str:
        return "\n".join(
            f"context of {budget} tokens, {rate or 'estimated'} a character: whole {_told(whole)}, or cut {_told(cut)}"
            for (rate, budget), inside in self._inside.items()
            if inside
            for whole, cut in [zip(*inside, strict=True)]
        )


def _told(hits: Sequence[bool]) -> str:
    share = Share.of_tries(sum(hits), len(hits))
    return f"{share.percent:.1f} % ({share.low:.0f}-{share.high:.0f})"


def measured(
    instances: list[Instance], store: Path, methods: Sequence[str], evidence: Path | None, contexts: Contexts | None
) -> list[Result]:
    results = []
    for repository, some in groupby(instances, lambda one: one.repository):
        folder = store / str(repository).strip("/").replace("/", "_")
        evaluation = Evaluation(folder, methods)
        for one in some:
            tree = python_only(folder, lent(repository, folder, one.revision))
            remember(repository, one.revision, tree, ObjectStore(objects(folder)))
            results.append(evaluation.measure(one, tree))
            print(one.id, round(results[-1].index_cpu_s, 3), file=sys.stderr)
            if contexts:
                contexts.add(evaluation.ranking(tree, one.query), ObjectStore(objects(folder)), one)
            if evidence:
                keep_evidence(evaluation.ranking(tree, one.query), evaluation.index, one, evidence)
        evaluation.close()
    return results


def keep_evidence(ranking: Ranking, index: Index, issue: Instance, folder: Path) -> None:
    """What learn.py needs: the evidence of the best files and of those that are right."""
    paths = [file.path for file in ranking.corpus.files]
    right = set(issue.files)
    chosen = dict.fromkeys([*ranking.best_files(CONSIDERED), *(at for at, path in enumerate(paths) if path in right)])
    rows = np.array(list(chosen))
    np.savez_compressed(
        folder / f"{issue.id}.npz",
        right=np.array([paths[at] in right for at in rows]),
        **{name.replace(" ", "_"): values[rows] for name, values in ranking.file_evidence.items()},
    )
    keep_symbols(ranking, index, issue, folder)


def keep_symbols(ranking: Ranking, index: Index, issue: Instance, folder: Path) -> None:
    """The same for the functions of the best files."""
    files = ranking.best_files(SEARCHED)
    symbols = np.concatenate([np.arange(ranking.corpus.starts[at], ranking.corpus.starts[at + 1]) for at in files])
    right, chosen = set(issue.functions), []
    answers = []
    for symbol, one in zip(symbols, index.definitions(map(ranking.corpus.place, symbols)), strict=True):
        if one.kind in ("function", "method"):
            chosen.append(symbol)
            answers.append(f"{ranking.corpus.files[int(ranking.corpus.file_of[symbol])].path}::{one.name}" in right)
    rows = np.array(chosen, dtype=np.int64)
    np.savez_compressed(
        folder / f"{issue.id}.symbols.npz",
        right=np.array(answers),
        **{f"{name}_": values for name, values in ranking.suspects.evidence(rows).items()},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", type=Path)
    parser.add_argument("--store", type=Path, required=True, help="where indexes are kept, one a repository")
    parser.add_argument("--json", type=Path, help="where the figures go, the rank in every instance included")
    parser.add_argument("--evidence", type=Path, help="where the evidence for learn.py goes")
    parser.add_argument(
        "--methods", nargs="+", choices=METHODS, default=METHODS, help="without flat: no vectors at all"
    )
    parser.add_argument("--only", default="", help="instances whose id contains this")
    parser.add_argument("--contexts", action="store_true", help="also look into assembled contexts")
    parser.add_argument(
        "--tokens-per-character", type=float, nargs="*", default=[], help="of models that read the contexts"
    )
    chosen = parser.parse_args()
    if chosen.evidence:
        chosen.evidence.mkdir(parents=True, exist_ok=True)
    instances = [one for one in instance.read(chosen.instances) if chosen.only in one.id]
    contexts = Contexts(chosen.tokens_per_character) if chosen.contexts else None
    ordered = sorted(instances, key=lambda one: one.repository)
    figures = summary(measured(ordered, chosen.store, chosen.methods, chosen.evidence, contexts))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, default=asdict))
    print(table(figures))
    if contexts:
        print(contexts)


if __name__ == "__main__":
    main()
