"""The Python that runs the project: where it lives, what it brings along."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from loopcutter_sandbox.errors import BadInterpreter

OLDEST = (3, 9)

_QUESTION = """
import importlib.util, json, os, sys, sysconfig
from importlib.metadata import distributions
plugins = []
for distribution in distributions():
    for entry in distribution.entry_points:
        if entry.group == "pytest11":
            plugins.append([entry.name, distribution.metadata["Name"]])
print(json.dumps({
    "executable": sys.executable, "version": list(sys.version_info[:3]),
    "prefixes": [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix],
    "libraries": [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")],
    "path": [os.path.abspath(entry) for entry in sys.path if entry],
    "pytest": importlib.util.find_spec("pytest") is not None, "plugins": sorted(plugins),
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python and the folders it needs to run."""

    executable: str
    version: tuple[int, ...]
    prefixes: tuple[str, ...]
    libraries: tuple[str, ...]
    path: tuple[str, ...]
    has_pytest: bool
    plugins: tuple[tuple[str, str], ...]
    """Its pytest plugins: entry point and distribution."""

    @staticmethod
    def inspect(python: Path) -> "Interpreter":
        """Ask `python` itself."""
        try:
            # Found but not resolved: a virtual environment is known by the link it is started through.
            program = Path.cwd() / (shutil.which(python) or python)
            answer = subprocess.run([program, "-I", "-c", _QUESTION], capture_output=True, timeout=60, check=True)
            facts = json.loads(answer.stdout)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise BadInterpreter(f"{python} is no working Python ({error}); name another with --python") from None
        version = tuple(facts["version"])
        if version < OLDEST:
            spelled = ".".join(map(str, version))
            raise BadInterpreter(f"{python} is Python {spelled}, too old; name one of at least 3.9 with --python")
        return Interpreter(
            executable=facts["executable"],
            version=version,
            prefixes=_unique(facts["prefixes"]),
            libraries=_unique(facts["libraries"]),
            path=tuple(facts["path"]),
            has_pytest=facts["pytest"],
            plugins=tuple((entry, distribution) for entry, distribution in facts["plugins"]),
        )

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """What a sandbox must show of it, read-only, besides the system's own folders."""
        wanted: list[Path] = []
        home = Path.home()
        for text in (*self.prefixes, *self.libraries, *(str(Path(prefix).resolve()) for prefix in self.prefixes)):
            folder = Path(text)
            if home.is_relative_to(folder):  # a prefix that is a home folder, or above one, holds more than a Python
                wanted += [folder / name for name in ("bin", "lib", "lib64", "include", "pyvenv.cfg")]
            else:
                wanted.append(folder)
        kept: list[Path] = []
        for folder in sorted(set(wanted), key=lambda path: len(path.parts)):
            if folder.exists() and not any(folder.is_relative_to(other) for other in kept):
                kept.append(folder)
        return tuple(kept)

    @cached_property
    def elsewhere(self) -> tuple[str, ...]:
        """Entries of its path outside of these folders: what an editable install leaves behind."""
        own = (*self.folders, *map(Path, self.prefixes))
        return tuple(entry for entry in self.path if not any(Path(entry).is_relative_to(folder) for folder in own))


def _unique(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
