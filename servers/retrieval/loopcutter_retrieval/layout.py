"""What the paths of a tree tell, whatever the files hold: modules, folders, roles, the words of the paths."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.filters import aside
from loopcutter_retrieval.segment import Segment
from loopcutter_retrieval.tokens import WORD, packed, terms

_MOST_HOMES = 1 << 16
"""Imported names whose files are remembered."""


@dataclass(frozen=True)
class File:
    """An indexed file of a tree."""

    path: str
    content: int
    """Its content's number in the index."""
    blob: str
    """Its content's hash."""
    language: str

    @cached_property
    def aside(self) -> str:
        """Its role, if it stands beside the code: `test`, `example`, `document`, `tooling`."""
        return aside(self.path) or ("document" if self.language == "text" else "")

    @cached_property
    def family(self) -> str:
        """Its language, dialects not told apart."""
        return self.language.partition("/")[0]

    @cached_property
    def folder(self) -> str:
        """Without a slash at its end; empty for the outermost."""
        return self.path.rpartition("/")[0]

    @cached_property
    def module(self) -> str:
        """Its name as an import would spell it from the root: `src.shop.cart`."""
        stem = self.path.rpartition(".")[0] if self.family == "javascript" else self.path.removesuffix(".py")
        return stem.removesuffix("/index" if self.family == "javascript" else "/__init__").replace("/", ".")


@dataclass(frozen=True)
class Layout:
    """Where files stand. It looks at their paths and languages alone, so trees that differ in contents share it."""

    files: Sequence[File]

    def fits(self, files: Sequence[File]) -> bool:
        """Whether these files stand where its own do."""
        return len(files) == len(self.files) and all(
            one is other or (one.path == other.path and one.language == other.language)
            for one, other in zip(files, self.files, strict=True)
        )

    @cached_property
    def by_path(self) -> dict[str, int]:
        return {file.path: number for number, file in enumerate(self.files)}

    @cached_property
    def folder_of(self) -> npt.NDArray[np.int64]:
        """The number of each file's folder."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(file.folder, len(numbers)) for file in self.files], np.int64)

    @cached_property
    def by_last_part(self) -> dict[str, list[str]]:
        """Paths by the name of the file alone."""
        found: dict[str, list[str]] = {}
        for file in self.files:
            found.setdefault(file.path.rpartition("/")[2], []).append(file.path)
        return found

    @cached_property
    def modules(self) -> dict[str, int]:
        """Files by the names they are imported under: `src.shop.cart`, and `shop.cart` if src is no package."""
        packages = {file.folder for file in self.files if file.path.endswith("/__init__.py")}
        outside: dict[str, int] = {}
        found: dict[str, int] = {}
        for number, file in enumerate(self.files):
            if file.family == "javascript":
                found.setdefault(file.module, number)
            if file.language != "python":
                continue
            if file.folder not in outside:
                outside[file.folder] = _outside(file.folder, packages)
            cut = outside[file.folder]
            found.setdefault(file.module, number)
            if cut:
                found.setdefault(file.module[cut:] if cut > 0 else file.module.rpartition(".")[2], number)
        return found

    @cached_property
    def mixed(self) -> bool:
        """Whether there is code of several languages."""
        return len({file.family for file in self.files} - {"text"}) > 1

    @cached_property
    def main(self) -> npt.NDArray[np.float64]:
        """1 for each file of the code proper, 0 for those set aside: they don't say which words are common."""
        return np.array([not role for role in self.roles], np.float64)

    @cached_property
    def roles(self) -> Sequence[str]:
        """Of each file: `test`, `example`, `document`, `tooling`, or nothing for the code itself."""
        return [file.aside for file in self.files]

    @cached_property
    def suspected(self) -> npt.NDArray[np.bool_]:
        """Whether a fault may be in each file: not in tests, examples and documents."""
        return np.array([role in ("", "tooling") for role in self.roles], np.bool_)

    @cached_property
    def families(self) -> Sequence[str]:
        """The language of each file, dialects not told apart."""
        return [file.family for file in self.files]

    @cached_property
    def imported(self) -> dict[tuple[int, int], frozenset[int]]:
        """Which files a file with some content imports, as far as that was asked; kept here, since homes decide it."""
        return {}

    @cached_property
    def _homes(self) -> dict[str, int | None]:
        return {}

    def home(self, dotted: str) -> int | None:
        """The file that an imported name stands for, or that it is defined in; what was found is remembered."""
        if dotted not in self._homes:
            found, name = self.modules.get(dotted), dotted
            while found is None and name:
                name = name.rpartition(".")[0]
                found = self.modules.get(name)
            if len(self._homes) >= _MOST_HOMES:
                self._homes.clear()
            self._homes[dotted] = found
        return self._homes[dotted]

    @cached_property
    def path_words(self) -> Segment:
        """The words of the paths: here a symbol is a file, and the first count tells how often the word is there."""
        counted = [_counted(file.path) for file in self.files]
        numbers = np.frombuffer(b"".join([terms for terms, _ in counted]), np.uint32)
        counts = np.zeros((len(numbers), 3), np.uint8)
        counts[:, 0] = np.frombuffer(b"".join([times for _, times in counted]), np.uint8)
        return Segment.of(numbers, counts, np.array([len(times) for _, times in counted], np.int32))


def _outside(folder: str, packages: set[str]) -> int:
    """How many letters of the names of a folder's modules stand for what lies outside of its outermost package; -1
    when it is in none."""
    parts = folder.split("/") if folder else []
    around = ("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    outermost = next((one for one in around if one in packages), None)
    return outermost.rfind("/") + 1 if outermost is not None else -1


@lru_cache(maxsize=1 << 16)
def path_terms(path: str) -> tuple[int, ...]:
    """The words a path is made of."""
    return tuple(number for word in WORD.findall(path.removesuffix(".py")) for number in terms(word))


@lru_cache(maxsize=1 << 16)
def _counted(path: str) -> tuple[bytes, bytes]:
    """Each word of a path once, packed, and how often it is there."""
    found = Counter(path_terms(path))
    return packed(found), bytes(min(times, 255) for times in found.values())
