"""Trains the word vectors that come with the retrieval server, on the source of other projects.

    pip install scipy
    python benchmarks/retrieval/train.py [--wheels FOLDER] [--out trained.npz]

Each word has one vector, a text is the sum of its words. In every step up to a thousand symbols of four packages are
taken, and what was said of each (the first paragraph of its docstring, all of it, its comments, or nothing but its
name) shall be more similar to its own code than to that of the others, and the other way round (softmax over cosines,
Adam). A third of what is said loses the words that the code has too, for those are found by the exact search. Words are
left out by chance, or rare ones would be learnt by heart. At last the vectors are turned so that half of the columns
can go, and are kept in four bits a number.

Eight packages are not learnt from; how well they are searched is printed (`unseen.py`).
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from project import cache_folder
from sources import CODE, COMMENTS, FIRST, NAME, REST, Package, download, packages
from unseen import found
from wordcounts import counted, damped, unit, without

HELD = ("twisted", "nltk", "mkdocs", "celery", "mne", "certbot", "webob", "streamlink")
LEARNT, KEPT = 24_000, 20_000
"""Words that are trained, and the most frequent of them that are kept."""
WIDE, NARROW = 256, 128
STEPS, PACE, SHARPNESS, LEFT_OUT = 2_400, 0.01, 10.0, 0.35
TOGETHER, FROM_EACH = 1_024, 256
"""Symbols of one step, and how many of them are of the same package: within a project is where to tell them apart."""
KINDS = {"first": 0.45, "docstring": 0.15, "comments": 0.25, "name": 0.15}
"""What stands for a symbol's meaning, and how often."""


@dataclass(frozen=True)
class Symbols:
    """Symbols of some packages: for each part, a row a symbol and a column a word, how often."""

    parts: tuple[sparse.csr_matrix, ...]
    package: np.ndarray
    kinds: np.ndarray

    def said(self, part: int) -> np.ndarray:
        """How many different words of a part each symbol has."""
        return np.diff(self.parts[part].indptr)


def vocabulary(known: Sequence[Package], size: int) -> np.ndarray:
    """The most frequent words that at least three packages use, ascending."""
    times: Counter[int] = Counter()
    using: Counter[int] = Counter()
    for one in known:
        terms, counts = np.unique(np.concatenate(one.terms), return_counts=True)
        using.update(terms.tolist())
        times.update(dict(zip(terms.tolist(), np.minimum(counts, 3_000).tolist(), strict=True)))
    widely = sorted((term for term in times if using[term] >= 3), key=lambda term: -times[term] * using[term] ** 0.5)
    return np.sort(np.array(widely[:size], np.uint32))


def symbols(known: Sequence[Package], words: np.ndarray) -> Symbols:
    return Symbols(
        tuple(sparse.vstack([counted(one, part, words) for one in known]).tocsr() for part in range(5)),
        np.repeat(np.arange(len(known)), [len(one.kinds) for one in known]),
        np.concatenate([one.kinds for one in known]),
    )


def pools(known: Symbols) -> dict[str, list[np.ndarray]]:
    """For each kind, the symbols of each package that have enough of it; said of many, it says nothing of one."""
    mark = np.asarray(known.parts[FIRST] @ np.random.default_rng(0).random(known.parts[FIRST].shape[1])).round(4)
    _, which, times = np.unique(mark, return_inverse=True, return_counts=True)
    coded, first = known.said(CODE), known.said(FIRST)
    described = (coded >= 4) & (first >= 3) & (times[which] <= 3)
    fit = {
        "first": described,
        "docstring": described & (known.said(REST) >= 5),
        "comments": (coded >= 4) & (known.said(COMMENTS) >= 4),
        "name": (coded >= 8) & (known.said(NAME) >= 2) & (known.kinds >= 2),
    }
    apart = np.unique(known.package)
    return {
        kind: [some for one in apart if len(some := np.flatnonzero(good & (known.package == one))) >= 64]
        for kind, good in fit.items()
    }


def pairs(
    known: Symbols, rows: np.ndarray, kind: str, chance: np.random.Generator
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """What is said of each symbol, and its text without that."""
    name, code, first, rest, comments = (part[rows] for part in known.parts)
    if kind == "name":
        said, text = name, code + first if chance.random() < 0.5 else code
    else:
        said = {"first": first, "docstring": first + rest, "comments": comments}[kind]
        text = name + code
        if kind != "comments" and chance.random() < 0.6:
            text = text + comments
        if kind == "first" and chance.random() < 0.4:
            text = text + rest
        if kind == "comments" and chance.random() < 0.4:
            text = text + first
        drawn = chance.random()
        said = without(said, text) if drawn < 0.35 else without(said, name) if drawn < 0.6 else said
    thinned = []
    for one in (said.tocsr(copy=True), text.tocsr(copy=True)):
        one.data[chance.random(one.nnz) < LEFT_OUT] = 0
        one.eliminate_zeros()
        thinned.append(one)
    both = np.flatnonzero((np.diff(thinned[0].indptr) > 0) & (np.diff(thinned[1].indptr) > 0))
    return damped(thinned[0][both]), damped(thinned[1][both])


def gradient(vectors: np.ndarray, said: sparse.csr_matrix, text: sparse.csr_matrix) -> np.ndarray:
    """Of the mean cross-entropy of finding each row's text by what is said, and the other way round."""
    (one, long_one), (other, long_other) = unit(said @ vectors), unit(text @ vectors)
    scores = SHARPNESS * (one @ other.T)
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    backwards = np.exp(scores - scores.max(axis=0, keepdims=True))
    change = likely / likely.sum(axis=1, keepdims=True) + backwards / backwards.sum(axis=0, keepdims=True)
    change[np.diag_indices(len(change))] -= 2
    change *= SHARPNESS / (2 * len(change))
    by_one, by_other = change @ other, change.T @ one
    by_one = (by_one - (by_one * one).sum(axis=1, keepdims=True) * one) / long_one
    by_other = (by_other - (by_other * other).sum(axis=1, keepdims=True) * other) / long_other
    return np.asarray(said.T @ by_one + text.T @ by_other, np.float32)


def trained(known: Symbols, steps: int, width: int, seed: int = 0) -> np.ndarray:
    """One vector a word; as long as the word tells."""
    chance = np.random.default_rng(seed)
    using = sum(np.asarray((part > 0).sum(axis=0)).ravel() for part in known.parts)
    rarity = np.log(known.parts[NAME].shape[0] / (1 + using))
    start = chance.standard_normal((len(using), width)) * 0.1
    vectors = (start * (rarity / rarity.mean()).clip(0.2)[:, None]).astype(np.float32)
    mean, square = np.zeros_like(vectors), np.zeros_like(vectors)
    fit = {kind: some for kind, some in pools(known).items() if some}
    kinds, shares = list(fit), np.array([KINDS[kind] for kind in fit])
    for step in range(1, steps + 1):
        kind = kinds[chance.choice(len(kinds), p=shares / shares.sum())]
        sizes = np.array([min(len(one), 6_000) ** 0.75 for one in fit[kind]])
        drawn = min(TOGETHER // FROM_EACH, len(sizes))
        picked = [fit[kind][at] for at in chance.choice(len(sizes), drawn, p=sizes / sizes.sum(), replace=False)]
        rows = np.concatenate([chance.choice(one, min(FROM_EACH, len(one)), replace=False) for one in picked])
        change = gradient(vectors, *pairs(known, rows, kind, chance))
        mean, square = 0.9 * mean + 0.1 * change, 0.99 * square + 0.01 * change**2
        pace = PACE * min(1, step / 100) * (1 - 0.95 * step / steps)
        vectors -= pace * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-7)
        if step % 500 == 0:
            print(f"step {step} of {steps}", flush=True)
    return vectors


def narrowed(vectors: np.ndarray, width: int) -> np.ndarray:
    """Turned so that the first columns tell most, the others cut off; 1 long in the mean."""
    _, turn = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    found = (vectors @ turn[:, ::-1][:, :width]).astype(np.float32)
    return found / np.linalg.norm(found, axis=1).mean()


def packed(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Four bits a number, two a byte, and what each row is multiplied by: whatever comes nearest to the vector."""
    codes, scales = np.zeros(vectors.shape, np.int8), np.zeros(len(vectors), np.float16)
    nearest = np.full(len(vectors), np.inf)
    for share in (1, 0.9, 0.8, 0.7, 0.6, 0.5):
        scale = (np.abs(vectors).max(axis=1) / 7 * share).astype(np.float16)
        wide = np.maximum(scale.astype(np.float32), 1e-6)[:, None]
        code = np.clip(np.rint(vectors / wide), -7, 7)
        apart = ((code * wide - vectors) ** 2).sum(axis=1)
        better = apart < nearest
        nearest[better], scales[better], codes[better] = apart[better], scale[better], code[better]
    halves = (codes + 8).astype(np.uint8)
    return halves[:, ::2] | halves[:, 1::2] << 4, scales


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, default=Path(__file__).with_name("distributions.txt"))
    parser.add_argument("--wheels", type=Path, help="where wheels are already, instead of downloading the list")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, default=Path("trained.npz"))
    chosen = parser.parse_args()
    wheels = chosen.wheels or cache_folder().with_name("wheels")
    if not chosen.wheels:
        download(chosen.list, wheels)
    known = list(packages(wheels))
    learnt = [one for one in known if one.name not in HELD]
    words = vocabulary(learnt, LEARNT)
    vectors = trained(symbols(learnt, words), chosen.steps, WIDE)
    kept = np.isin(words, vocabulary(learnt, KEPT))
    codes, scales = packed(narrowed(vectors[kept], NARROW))
    np.savez(chosen.out, terms=words[kept], codes=codes, scales=scales)
    for one in known:
        if one.name in HELD:
            print(one.name, found(one, words, vectors))
    print(f"{len(scales)} words of {len(learnt)} packages, {chosen.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
