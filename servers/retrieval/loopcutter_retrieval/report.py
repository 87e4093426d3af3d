"""Runs an evaluation from beginning to end, and lays its figures out as a table."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loopcutter_retrieval.embedding import Embedding
from loopcutter_retrieval.errors import BadInstance
from loopcutter_retrieval.evaluation import Evaluation, Result
from loopcutter_retrieval.instance import Instance
from loopcutter_retrieval.local import borrowed
from loopcutter_snapshots import SnapshotError


def measured(instances: Sequence[Instance], folder: Path, embedding: Embedding) -> list[Result]:
    """What comes of each instance. That all of them can be read is found out before the first is measured."""
    trees = [_tree(one, folder) for one in instances]
    evaluation = Evaluation(folder, embedding=embedding)
    try:
        results = []
        for number, (one, tree) in enumerate(zip(instances, trees, strict=True), 1):
            results.append(evaluation.measure(one, tree))
            if sys.stderr.isatty():
                print(f"\r{number} of {len(instances)} {one.id:60.60}", end="", file=sys.stderr, flush=True)
        if sys.stderr.isatty():
            print(file=sys.stderr)
        return results
    finally:
        evaluation.close()


def _tree(one: Instance, folder: Path) -> str:
    try:
        return borrowed(one.repository, folder, one.revision)
    except SnapshotError as cause:
        raise BadInstance(one.line, str(cause)) from cause


def table(summary: dict[str, Any]) -> str:
    """The figures of `evaluation.summary`, for people."""
    lines = [
        f"{summary['instances']} instances; percent with an interval of 95 percent; vectors: {summary['embedding']}"
    ]
    for what in ("files", "functions"):
        for method, found in summary["methods"].items():
            one = found[what]
            accuracy = "  ".join(
                f"{depth} {share.percent:5.1f} ({share.low:.0f}-{share.high:.0f})"
                for depth, share in one.accuracy.items()
            )
            recall = "  ".join(f"recall{depth} {percent:.1f}" for depth, percent in one.recall.items())
            lines.append(f"{what:9} {method:6} {accuracy}  {recall}  MRR {one.mrr:.3f}")
    for one in summary["comparisons"]:
        lines.append(f"{one.what}: {one.better} better, {one.worse} worse, p = {one.p:.3g}")
    queries = ", ".join(
        f"{method} {found['query_cpu_s']['median']:.3f}" for method, found in summary["methods"].items()
    )
    lines.append(f"CPU s a query, median: {queries}")
    lines.append(
        f"CPU s to index, sum: {summary['index_cpu_s']['sum']:.1f} for {summary['files_parsed']} files parsed;"
        f" vectors {summary['vectors_cpu_s']['sum']:.1f}; most memory {summary['most_memory_mb']} MB"
    )
    return "\n".join(lines)
