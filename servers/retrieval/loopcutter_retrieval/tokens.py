"""Turns code and prose into terms: the parts of identifiers, stemmed, and compound identifiers whole.

A term is a 32-bit hash of its spelling. Hashes need no vocabulary, so content parsed by one server means the same to
another, and an index can be extended by any of them at any time.
"""

import re
import struct
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

WORD = re.compile(r"[^\W\d]\w*")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+")

STOP_WORDS = frozenset(
    WORD.findall(
        """
        a an the and or not is are was were be been of to in on for with by from as at it its this that
        these those i you we they my your our if then else when where which who what how why do does did
        can could should would will may might must have has had here there so than too very just also use
        using get set self cls def class return import none true false elif try except finally raise lambda
        yield pass break continue global nonlocal assert del async await print len str int
        """
    )
)
"""Words that say nothing about where: the grammar of English and of Python."""

_SUFFIXES = ("ational", "ization", "ation", "ement", "ment", "ness", "abl", "ibl", "ator", "izer", "ion", "iv")
_LATE_SUFFIXES = ("at", "iz")
"""Only off long words: `validat`, but not `format`."""
_VOWEL = re.compile(r"[aeiouy]")


def stem(word: str) -> str:
    """A lower-case word without its ending, so that `indexing`, `indexed` and `indexes` meet."""
    if len(word) < 4:
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and _VOWEL.search(word[: -len(ending)]) and len(word) - len(ending) > 2:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    for suffixes, least in ((_SUFFIXES, 4), (_LATE_SUFFIXES, 5)):
        suffix = next((one for one in suffixes if word.endswith(one) and len(word) - len(one) >= least), "")
        word = word[: len(word) - len(suffix)]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word


def term(spelling: str) -> int:
    """The number that stands for a spelling."""
    return crc32(spelling.encode("utf-8", "surrogatepass"))


def parts(word: str) -> list[str]:
    """The words an identifier is made of, in lower case: `applyDiscount2` is made of `apply` and `discount`."""
    return [part.lower() for part in _PART.findall(word)]


@lru_cache(maxsize=1 << 16)
def terms(word: str) -> tuple[int, ...]:
    """What one word of a text counts as: `applyDiscount` as `appli`, `discount` and `=applydiscount`."""
    pieces = parts(word)
    found = [number for part in pieces for number in _part_term(part)]
    whole = word.strip("_").lower()
    if whole and (len(pieces) != 1 or pieces[0] != whole):
        found.append(term("=" + whole))
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def _part_term(part: str) -> tuple[int, ...]:
    return (term(stem(part)),) if len(part) > 1 and part not in STOP_WORDS else ()


def packed(numbers: Iterable[int]) -> bytes:
    """Terms as they lie in an array of `uint32`."""
    listed = tuple(numbers)
    return struct.pack(f"={len(listed)}I", *listed)


_DIGITS = b"0123456789"
_APART = bytes(at if at >= 128 or chr(at).isalnum() or chr(at) == "_" else 32 for at in range(256))
"""What each byte of a text becomes before it is cut at blanks: what is in no word, as far as one byte tells that."""


def text_terms(text: str) -> bytes:
    """The terms of all words of a text, packed, as often as they occur: what the index counts.

    Cut by a table instead of an expression, which takes half the time.
    """
    return b"".join(map(_packed_terms, text.encode("utf-8", "surrogatepass").translate(_APART).split()))


@lru_cache(maxsize=1 << 18)
def _packed_terms(piece: bytes) -> bytes:
    if piece.isascii():
        word = piece.lstrip(_DIGITS).decode()  # no word begins with a digit
        return packed(terms(word)) if word else b""
    words = WORD.findall(piece.decode("utf-8", "surrogatepass"))
    return packed(number for word in words for number in terms(word))


@lru_cache(maxsize=1 << 16)
def call_term(leaf: str) -> int:
    """Stands for a call of something named `leaf`."""
    return term("call:" + leaf)


def fact_term(verb: str, leaf: str) -> int:
    """Stands for doing that to something named `leaf`: raising it, changing it."""
    return term(f"{verb}:{leaf}")


_FORMAT = re.compile(r"%\(\w*\)?[#0\- +]*[\d.*]*[a-zA-Z]|%[\d.]*[sdrfxgi]|\{[^{}]*\}|[^\w\s'-]+|\\[a-z]")


def message_terms(text: str) -> set[int]:
    """Stand for every three words in a row, so that a message is recognised though its values differ."""
    found: set[int] = set()
    for piece in _FORMAT.split(text.lower()):
        words = piece.split()
        found.update(term("message:" + " ".join(words[at : at + 3])) for at in range(len(words) - 2))
    return found
