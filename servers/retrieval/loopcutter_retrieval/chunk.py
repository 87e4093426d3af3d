"""The text of a symbol as a vector search sees it, and the key it is kept under."""

from hashlib import blake2b

from loopcutter_retrieval.language import Symbol


def text(symbol: Symbol) -> str:
    """Its name and its own words; empty when it has none of its own."""
    return f"{symbol.name}\n{symbol.prose}\n{symbol.code}" if symbol.code.strip() or symbol.prose.strip() else ""


def key(symbol: Symbol) -> str:
    """The same for the same text, wherever it stands; empty without text."""
    whole = text(symbol)
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest() if whole else ""
