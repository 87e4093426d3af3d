"""What likely files say of others: those they import, and those that lie beside them in the same folder."""

import numpy as np

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.measures import Scores
from loopcutter_retrieval.resolver import Resolver

_SEEDS = 30
"""The likeliest files; what others import adds nothing that could be measured."""


def imported(resolver: Resolver, likely: Scores) -> Scores:
    """For each file, how likely those are that import it. A file that imports many says less of each."""
    corpus = resolver.corpus
    found = np.zeros(len(corpus.files))
    seeds = [at for at in np.argsort(-likely, kind="stable")[:_SEEDS].tolist() if likely[at] > 0]
    for seed, targets in zip(seeds, resolver.imported_files(seeds), strict=True):
        for target in targets - {seed}:
            found[target] += likely[seed] / len(targets)
    return found


def beside(corpus: Corpus, likely: Scores) -> Scores:
    """For each file, how likely the others of its folder are, all together."""
    likely = likely * corpus.main
    return np.asarray(np.bincount(corpus.folder_of, likely)[corpus.folder_of] - likely)
