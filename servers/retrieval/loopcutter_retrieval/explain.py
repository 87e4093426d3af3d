"""Says in words why a place was found."""

from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.rank import OUTRIGHT, WEIGHTS, Ranking

_ALIKE = 0.1
_TELLING = 0.5
"""Parts of what the history says of the file it speaks for most."""


def why(ranking: Ranking, symbol: int, neighbour: Definition | None = None) -> str:
    """The reasons, strongest kind first: `frame 1 of the trace; named; words: cart, discount; called by Cart.total`."""
    file = int(ranking.corpus.file_of[symbol])
    named = ranking.named
    reasons = [f"frame {depth} of the trace" for depth, (_, one) in enumerate(named.frames, 1) if one == symbol][:1]
    if named.paths.get(file, 0) >= 0.5:
        reasons.append("file named")
    if symbol in named.dotted or named.symbols.get(symbol, 0) >= 0.1:
        reasons.append("named")
    if symbol in named.called:
        reasons.append("called by what is named")
    if ranking.words.messages[symbol] > 0.1:
        reasons.append("holds the quoted message")
    words = ranking.words.said_by(symbol)
    if words:
        reasons.append(f"words: {', '.join(words)}")
    if symbol in ranking.suspects.neighbours and neighbour is not None:
        reasons.append(f"{ranking.suspects.neighbours[symbol][2]} {neighbour.name or 'a module'}")
    if ranking.alike.get(symbol, 0) > _ALIKE:
        reasons.append("similar wording")
    if symbol in named.tested:
        reasons.append("called by the test")
    if ranking.file_evidence["history"][file] > _TELLING:
        reasons.append("file changed by commits like it")
    role = ranking.corpus.files[file].aside
    return "; ".join(reasons or ["its file's words"]) + (f" ({role})" if role else "")


def why_file(ranking: Ranking, file: int) -> str:
    """The kinds of evidence that count most for a file: `title, names, quoted path`."""
    parts = {name: WEIGHTS[name] * float(one[file]) for name, one in ranking.file_evidence.items()}
    telling = (name for name, part in parts.items() if part > 0.1)
    return ", ".join(sorted(telling, key=lambda name: (name not in OUTRIGHT, -parts[name]))[:5])
