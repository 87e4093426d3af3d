"""Source distributions, by exact version and hash, through pip: so from whatever index the machine is set up for."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from bugs import Release


class Unavailable(Exception):
    """A source distribution could not be had."""


def cache_folder() -> Path:
    """Where distributions stay between runs, unless the command line says otherwise."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loopcutter" / "sdists"


def unpack(release: Release, cache: Path, target: Path) -> Path:
    """The root folder of the release, unpacked below `target`, free of compiled leftovers."""
    with tarfile.open(_fetch(release, cache)) as archive:
        # The first releases of 3.11 do not know filters yet.
        archive.extractall(target, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # type: ignore[arg-type]
    for leftover in target.rglob("*.pyc"):
        leftover.unlink()
    (root,) = target.iterdir()
    return root


def _fetch(release: Release, cache: Path) -> Path:
    """The archive, from the cache or from the index; its hash has been checked either way."""
    kept = cache / f"{release.package}-{release.version}-{release.sha256[:12]}.tar.gz"
    if kept.exists() and hashlib.sha256(kept.read_bytes()).hexdigest() == release.sha256:
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        archive = _download(release, Path(scratch))
        archive.replace(kept)
    return kept


def _download(release: Release, folder: Path) -> Path:
    if importlib.util.find_spec("pip") is None:
        raise Unavailable(f"pip is missing: {sys.executable} -m ensurepip")
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{release.package}=={release.version} --hash=sha256:{release.sha256}\n", encoding="utf-8")
    options = ["--no-deps", "--no-binary", ":all:", "--require-hashes", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder / "got"), "-r", str(wanted)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"{release} could not be fetched; pip says:\n{done.stderr.strip()}")
    (archive,) = (folder / "got").iterdir()
    return archive
