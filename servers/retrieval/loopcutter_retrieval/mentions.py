"""What a query names outright: paths, stack frames, dotted names, identifiers, and its first line, the title."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from loopcutter_retrieval.tokens import WORD

LONGEST = 60_000
"""Characters of a query that are looked at. Beyond it come pasted logs, which say the same again and again."""

_PATH = re.compile(
    r"(?<![\w./\\@+-])[\w./\\@+-]{0,300}\w\.(?:pyi?|md|rst|txt|toml|cfg|ini|ya?ml|json|html|[cm]?[jt]sx?|css|sql)\b"
)
_FRAME = re.compile(
    r'File "(?P<path1>[^"\n]{1,400})", line (?P<line1>\d{1,7})(?:, in (?P<function1>[\w<>.]{1,200}))?'
    r"|^[>\s]{0,20}(?P<path2>[\w./\\@+-]{1,300}\.py):(?P<line2>\d{1,7}):?(?: in (?P<function2>[\w<>.]{1,200}))?",
    re.MULTILINE,
)
_DOTTED = re.compile(r"(?<![\w/.])[^\W\d]\w{0,99}(?:\.[^\W\d]\w{0,99}){1,9}")
_CODE = re.compile(
    r"^[ ]{0,3}```[^\n]*\n(.*?)(?:^[ ]{0,3}```|\Z)|`([^`\n]{1,300})`|^(?:    |\t|>>> )(.*)$", re.DOTALL | re.MULTILINE
)
_LIKELY = 0.5
"""How much a word looks like a name, from which on it is taken for one."""
_COMPOUND = re.compile(r"\w_\w|[a-z0-9][A-Z]|^[A-Z]{2}")


@dataclass(frozen=True)
class Frame:
    """A line of a stack trace."""

    path: str
    line: int
    function: str


@dataclass(frozen=True)
class Failure:
    """A test that fails."""

    test: str
    """Its id: `tests/test_cart.py::test_total`."""
    exception: str = ""
    message: str = ""
    frames: tuple[Frame, ...] = ()
    """The innermost last."""

    def __str__(self) -> str:
        frames = (f"{frame.path}:{frame.line}: in {frame.function or '?'}" for frame in self.frames)
        return "\n".join([self.test, *frames, f"{self.exception}: {self.message}"])


@dataclass(frozen=True)
class Query:
    """A question, an issue, an error's output: whatever somebody wants to find the place of."""

    text: str

    @staticmethod
    def of(text: str, failures: Sequence[Failure] = ()) -> "Query":
        """Made of any string, however long or odd, and of failing tests."""
        whole = "\n".join([text[:LONGEST], *map(str, failures)])[: 2 * LONGEST]
        return Query(whole.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").replace("\r\n", "\n"))

    @cached_property
    def title(self) -> str:
        return self.text.strip().partition("\n")[0][:300]

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """Of stack traces, in the order of the text: the innermost last."""
        found = []
        for match in _FRAME.finditer(self.text):
            path, line = match["path1"] or match["path2"], match["line1"] or match["line2"]
            found.append(Frame(path, int(line), match["function1"] or match["function2"] or ""))
        return tuple(found)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Files that are named, each once."""
        return tuple(dict.fromkeys(found[0].replace("\\", "/") for found in _PATH.finditer(self.text)))

    @cached_property
    def dotted(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_DOTTED.findall(self.text)))

    @cached_property
    def names(self) -> Mapping[str, float]:
        """Words that may be names of symbols, and how much they look as if they were."""
        titled = set(WORD.findall(self.title))
        in_code = {
            word for found in _CODE.finditer(self.text) for part in found.groups("") for word in WORD.findall(part)
        }
        weights = {}
        for word, times in Counter(WORD.findall(self.text)).items():
            if len(word) < 3:
                continue
            weight = 1.0 if _COMPOUND.search(word) or word in in_code else 0.25
            weight *= 1.5 if word in titled else 1.0
            weight *= 0.4 if word.islower() and "_" not in word else 1.0
            weight *= 0.3 if word.startswith("__") else 1.0
            weights[word] = weight * min(1.0 + 0.5 * (times - 1), 2.0)
        return weights

    @cached_property
    def outright(self) -> int:
        """How many things it names outright: paths, frames, dotted names, words that look like names."""
        names = sum(weight >= _LIKELY for weight in self.names.values())
        return names + len(self.dotted) + len(self.paths) + len(self.frames)


def matching(mentioned: str, paths: Mapping[str, list[str]]) -> list[str]:
    """The files of a tree that a mentioned path may mean, `paths` being the tree's by their last part.

    The longest common tail decides: `/usr/lib/site-packages/shop/cart.py` means `src/shop/cart.py`. A lone last part
    is believed only if nothing before it was mentioned, or if there is but one such file.
    """
    wanted = [part for part in mentioned.split("/") if part not in ("", ".", "..")]
    if not wanted:
        return []
    best: list[str] = []
    longest = 0
    for path in paths.get(wanted[-1], []):
        parts = path.split("/")
        common = 0
        while common < min(len(parts), len(wanted)) and parts[-1 - common] == wanted[-1 - common]:
            common += 1
        if common > longest:
            best, longest = [], common
        if common == longest:
            best.append(path)
    return [] if len(wanted) > 1 and longest == 1 and len(best) > 1 else best
