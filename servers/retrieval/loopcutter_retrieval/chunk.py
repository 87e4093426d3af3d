"""The texts of a symbol as a vector search sees them, and the keys they are kept under.

A vector tells what a text is about on the whole, so that a long function would be about everything and nothing. It is
cut into pieces between its statements, and each piece says whose it is: it begins with the signature.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from loopcutter_retrieval.language import Symbol
from loopcutter_retrieval.signature import signature_end

LONGEST = 60
"""Lines of code in one piece; what is longer is cut."""
_WITHIN = re.compile(r"\s*([)\]}]|(else|elif|except|finally|catch|case|default)\b)")
"""How a line begins that goes on with a statement though it is indented no further."""


def text(symbol: Symbol) -> str:
    """Its name and its own words; empty when it has none of its own."""
    return f"{symbol.name}\n{symbol.prose}\n{symbol.code}" if symbol.code.strip() or symbol.prose.strip() else ""


def key(symbol: Symbol) -> str:
    """The same for the same text, wherever it stands; empty without text."""
    whole = text(symbol)
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest() if whole else ""


def pieces(symbol: Symbol) -> dict[str, str]:
    """The texts to be embedded, by keys of their own; the first has the key of the symbol, and its prose."""
    own, lines = key(symbol), symbol.code.split("\n")
    if len(lines) <= LONGEST:
        return {own: text(symbol)} if own else {}
    header = signature_end(lines, 1, len(lines)) if symbol.kind in ("function", "method") else 0
    signature = "\n".join(lines[:header])
    first, *others = ("\n".join(some) for some in _cut(lines))
    return {own: f"{symbol.name}\n{symbol.prose}\n{first}"} | {
        f"{own}/{number}": f"{symbol.name}\n{signature}\n{code}" for number, code in enumerate(others, 1)
    }


def symbol_of(piece: str) -> str:
    """The key of the symbol that a piece is of, by the key of the piece."""
    return piece.partition("/")[0]


def _cut(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lines in pieces. Each ends before a statement, one as far out as can be; how far the indentation tells."""
    begin = 0
    while len(lines) - begin > LONGEST:
        window = range(begin + LONGEST // 2, begin + LONGEST + 1)
        statements = [at for at in window if lines[at].strip() and not _WITHIN.match(lines[at])]
        end = min(statements, key=lambda at: (_indentation(lines[at]), -at), default=window[-1])
        yield lines[begin:end]
        begin = end
    yield lines[begin:]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
