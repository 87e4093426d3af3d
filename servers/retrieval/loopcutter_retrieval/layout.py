"""What the paths of a tree tell, whatever the files hold: modules, folders, roles, the words of the paths."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.filters import aside
from loopcutter_retrieval.segment import Segment
from loopcutter_retrieval.tokens import WORD, terms

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

    @property
    def family(self) -> str:
        """Its language, dialects not told apart."""
        return self.language.partition("/")[0]

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
        folders = (file.path.rpartition("/")[0] for file in self.files)
        return np.array([numbers.setdefault(folder, len(numbers)) for folder in folders], np.int64)

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
        packages = {file.path.rpartition("/")[0] for file in self.files if file.path.endswith("/__init__.py")}
        roots: dict[str, int] = {}
        found: dict[str, int] = {}
        for number, file in enumerate(self.files):
            if file.family == "javascript":
                found.setdefault(file.module, number)
            if file.language != "python":
                continue
            parts = file.module.split(".")
            folder = file.path.rpartition("/")[0]
            if folder not in roots:
                roots[folder] = _outermost(folder, packages)
            found.setdefault(file.module, number)
            found.setdefault(parts[-1] if roots[folder] < 0 else ".".join(parts[roots[folder] :]), number)
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
        found = [path_terms(file.path) for file in self.files]
        distinct = [dict.fromkeys(one) for one in found]
        counts = np.zeros((sum(map(len, distinct)), 3), np.uint8)
        counts[:, 0] = [one.count(number) for one, some in zip(found, distinct, strict=True) for number in some]
        numbers = np.array([number for one in distinct for number in one], np.uint32)
        return Segment.of(numbers, counts, np.array([len(one) for one in distinct], np.int32))


def _outermost(folder: str, packages: set[str]) -> int:
    """How many folders lie outside of the outermost package that this one is in; -1 when it is in none."""
    parts = folder.split("/") if folder else []
    return next((depth for depth in range(len(parts)) if "/".join(parts[: depth + 1]) in packages), -1)


@lru_cache(maxsize=1 << 16)
def path_terms(path: str) -> tuple[int, ...]:
    """The words a path is made of."""
    return tuple(number for word in WORD.findall(path.removesuffix(".py")) for number in terms(word))
