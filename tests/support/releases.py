"""The releases of a real package, one after the other: a history that can be had wherever a package index is.

Which index, is what pip is set up for on this machine. Every archive is pinned by its hash and kept in
the user's cache.
"""

import hashlib
import os
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

_PATIENCE = 60.0
"""Seconds that the index may take for one answer."""


class Unreachable(Exception):
    """There is no index, or it has not got what is asked for."""


@dataclass(frozen=True)
class Release:
    """One source distribution."""

    package: str
    version: str
    sha256: str
    """Of the archive, in hexadecimal."""

    @property
    def archive(self) -> str:
        """The name of its file."""
        return f"{self.package}-{self.version}.tar.gz"


def listed(package: str, file: Path) -> list[Release]:
    """The releases named in `file`, a version and a hash on each line."""
    lines = [line.split() for line in file.read_text().splitlines() if not line.startswith("#")]
    return [Release(package, version, sha256) for version, sha256 in lines]


def fetched(releases: list[Release]) -> Iterator[Path]:
    """The archives, in order; raises `Unreachable` where one can't be had."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loopcutter" / "sdists"
    cache.mkdir(parents=True, exist_ok=True)
    addresses: dict[str, str] = {}
    for release in releases:
        kept = cache / f"{release.package}-{release.version}-{release.sha256[:12]}.tar.gz"
        if not kept.exists() or _hash(kept.read_bytes()) != release.sha256:
            addresses = addresses or _addresses(release.package)
            if release.archive not in addresses:
                raise Unreachable(f"the package index has no {release.archive}")
            content = _read(addresses[release.archive])
            if _hash(content) != release.sha256:
                raise Unreachable(f"the package index has another {release.archive} than the one expected")
            unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
            unfinished.write_bytes(content)
            unfinished.replace(kept)
        yield kept


def unpack(archive: Path, folder: Path) -> None:
    """What is in `archive`, without the folder around it."""
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            member.name = member.name.partition("/")[2]
            if member.name:
                # The first releases of 3.11 do not know filters yet.
                opened.extract(member, folder, **({"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}))  # type: ignore[arg-type]


def _addresses(package: str) -> dict[str, str]:
    """Where the archives of `package` are, by file name."""
    page = f"{_index().rstrip('/')}/{package}/"
    links = _Links()
    links.feed(_read(page, Accept="text/html").decode())
    return {urlsplit(link).path.rpartition("/")[2]: urljoin(page, link) for link in links.found}


def _index() -> str:
    """The address of the index that pip uses; its help names it, whatever file or variable it comes from."""
    command = [sys.executable, "-m", "pip", "help", "download"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "1000"})
    _, found, rest = said.stdout.partition("(default http")
    if not found:
        raise Unreachable("pip is missing, so no package index is known")
    return f"http{rest.partition(')')[0]}"


def _read(address: str, **headers: str) -> bytes:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=_PATIENCE) as answer:
            return bytes(answer.read())
    except OSError as error:
        raise Unreachable(f"the package index does not answer ({error})") from None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Links(HTMLParser):
    """The links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attributes if tag == "a" and name == "href" and value]
