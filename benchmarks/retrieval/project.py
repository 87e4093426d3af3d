"""Real projects to measure on: source distributions by exact version and hash, put into a store as trees."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from loopcutter_retrieval.opening import objects
from loopcutter_snapshots import ObjectStore, git


class Unavailable(Exception):
    """A source distribution could not be had."""


@dataclass(frozen=True)
class Project:
    """A source distribution."""

    name: str
    version: str
    sha256: str


DJANGO = Project("Django", "5.2.1", "57fe1f1b59462caed092c80b3dd324fd92161b620d59a9ba9181c34746c97284")
SPHINX = Project("Sphinx", "8.2.3", "398ad29dee7f63a75888314e9424d40f52ce5a6a87ae88e7071e80af296ec348")


def cache_folder() -> Path:
    """Where distributions stay between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loopcutter" / "sdists"


def archive(project: Project, cache: Path) -> Path:
    """The distribution, from the cache or by pip from whatever index the machine is set up for."""
    kept = cache / f"{project.name}-{project.version}-{project.sha256[:12]}.tar.gz"
    if kept.exists() and hashlib.sha256(kept.read_bytes()).hexdigest() == project.sha256:
        return kept
    if importlib.util.find_spec("pip") is None:
        raise Unavailable(f"pip is missing: {sys.executable} -m ensurepip")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        wanted = Path(scratch) / "requirements.txt"
        wanted.write_text(f"{project.name}=={project.version} --hash=sha256:{project.sha256}\n", encoding="utf-8")
        options = ["--no-deps", "--no-binary", ":all:", "--require-hashes", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", *options, "--dest", f"{scratch}/got", "-r", str(wanted)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"{project} could not be fetched; pip says:\n{done.stderr.strip()}")
        (got,) = (Path(scratch) / "got").iterdir()
        got.replace(kept)
    return kept


def contents(project: Project, cache: Path) -> dict[str, bytes]:
    """Its files by path, the outermost folder taken off."""
    with tarfile.open(archive(project, cache)) as opened:
        return {
            member.name.partition("/")[2]: read.read()
            for member in opened.getmembers()
            if member.isfile() and (read := opened.extractfile(member))
        }


def lines(files: Mapping[str, bytes]) -> int:
    """Of its Python."""
    return sum(content.count(b"\n") for path, content in files.items() if path.endswith(".py"))


class Trees:
    """Writes trees into the store of a folder as a push would: many at once as a pack, an edit object by object."""

    def __init__(self, folder: Path) -> None:
        self.store = ObjectStore(objects(folder))
        self._index = folder / "index-of-the-tree"

    def whole(self, files: Mapping[str, bytes]) -> str:
        """The tree of these files, its objects in one pack."""
        stream = b"".join(_stream(files))
        git("fast-import", "--quiet", "--force", git_dir=self.store.path, stdin=stream)
        tree = git("rev-parse", "refs/heads/measured^{tree}", git_dir=self.store.path).decode().strip()
        git("read-tree", tree, git_dir=self.store.path, index=self._index)
        return tree

    def changed(self, files: Mapping[str, bytes]) -> str:
        """The tree written last, with these files in place of what it had there."""
        entries = (f"100644 {self._blob(content)}\t{path}\0".encode() for path, content in files.items())
        git(
            "update-index", "--add", "-z", "--index-info",
            git_dir=self.store.path, index=self._index, stdin=b"".join(entries),
        )  # fmt: skip
        return git("write-tree", git_dir=self.store.path, index=self._index).decode().strip()

    def _blob(self, content: bytes) -> str:
        whole = b"blob %d\0" % len(content) + content
        name = hashlib.sha1(whole).hexdigest()
        path = self.store.path / "objects" / name[:2] / name[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(whole, 1))
        return name


def _stream(files: Mapping[str, bytes]) -> Iterator[bytes]:
    yield b"commit refs/heads/measured\ncommitter measured <measured@localhost> 0 +0000\ndata 0\ndeleteall\n"
    for path, content in files.items():
        yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)
