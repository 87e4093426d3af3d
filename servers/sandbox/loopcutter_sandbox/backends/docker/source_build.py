"""Builds wheels of what comes only as source: a stranger's build script, so it runs in a container like any test.

As an unprivileged user, with nothing of the host's environment, and with a way to the package index alone: that is how
a build gets its own requirements. The server's pip is sent along, for an image need not have one. What comes out are
wheels, which are unpacked like those of the index.
"""

import importlib
import importlib.util
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from loopcutter_sandbox.allow_list import AllowList, Place
from loopcutter_sandbox.backends.docker.frames import pack
from loopcutter_sandbox.errors import ImageFailed, NotAllowed

BUILD_S = 900.0
_SETTING = re.compile(r"[\w:]+\.(index-url|extra-index-url|no-index|cert|trusted-host)='(.*)'")
_PORTS = {"https": 443, "http": 80}
_PIP = ".loopcutter-pip"
_WHEELS = "loopcutter-wheels"
_CONFIG_S = 30


def public_index() -> tuple[str, Place]:
    """The index that pip asks when nothing else is configured, and where that keeps its files, as pip itself has it."""
    known = importlib.import_module("pip._internal.models.index").PyPI
    return str(known.simple_url), Place(str(known.file_storage_domain), 443)


@dataclass(frozen=True)
class Index:
    """Where the server's own pip finds distributions, as far as a container may know of it."""

    urls: tuple[str, ...]
    """The first is the main one."""
    trusted: str = ""
    cert: bytes = b""
    """Certificates to trust, in place of pip's own."""

    @staticmethod
    def configured() -> "Index":
        """What pip's configuration says; raises `ImageFailed` where that can be of no use inside. Blocks."""
        command = [sys.executable, "-I", "-m", "pip", "config", "list"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=_CONFIG_S, check=False).stdout
        found = {each[1]: each[2] for line in said.splitlines() if (each := _SETTING.fullmatch(line))}
        if found.get("no-index", "").lower() in ("1", "true", "yes", "on"):
            raise ImageFailed("pip is configured to use no index")
        urls = [found.get("index-url") or public_index()[0], *found.get("extra-index-url", "").split()]
        usable = tuple(url for url in urls if urlsplit(url).scheme in _PORTS)
        if any("@" in urlsplit(url).netloc for url in usable):
            raise ImageFailed("the package index asks for a password, and a build may not know one")
        if not usable:
            raise ImageFailed("pip is configured to use folders of this machine only, and a build can't see them")
        cert = Path(found["cert"]) if found.get("cert") else None
        known = cert is not None and cert.is_file()
        return Index(usable, found.get("trusted-host", ""), cert.read_bytes() if cert and known else b"")

    def places(self) -> frozenset[Place]:
        """What a build has to reach."""
        found = set()
        for url in self.urls:
            parts = urlsplit(url)
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
            try:
                found.add(Place.read(f"{host}:{parts.port or _PORTS[parts.scheme]}"))
            except (NotAllowed, ValueError):
                raise ImageFailed(f"pip's index {url[:200]!r} can't be used by a build; correct it") from None
        public, files = public_index()
        if public in self.urls or f"{public}/" in self.urls:
            found.add(files)
        return frozenset(found)

    def environment(self) -> dict[str, str]:
        """How pip inside, and each that it starts, is told the same."""
        told = {
            "PIP_INDEX_URL": self.urls[0],
            "PIP_EXTRA_INDEX_URL": " ".join(self.urls[1:]),
            "PIP_TRUSTED_HOST": self.trusted,
            "PIP_CERT": f"/workspace/{_PIP}/cert.pem" if self.cert else "",
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class SourceBuild:
    """One build: what is sent into the container, what runs there, what it may reach."""

    index: Index
    requirements: list[str]

    def files(self) -> Iterator[bytes]:
        """The frames of what lies in the workspace beforehand."""
        yield _file("requirements.txt", "".join(f"{line}\n" for line in self.requirements).encode())
        if self.index.cert:
            yield _file(f"{_PIP}/cert.pem", self.index.cert)
        found = importlib.util.find_spec("pip")
        if found is None or not found.submodule_search_locations:
            raise ImageFailed("the server's Python has no pip; install it with: python -m ensurepip")
        folder = Path(found.submodule_search_locations[0])
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield _file(f"{_PIP}/pip/{path.relative_to(folder).as_posix()}", path.read_bytes())

    def command(self) -> str:
        """What runs inside."""
        settings = {
            **self.index.environment(),
            "NO_PROXY": "",
            "no_proxy": "",
            "PIP_NO_INPUT": "1",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_RETRIES": "1",
            "PYTHONPATH": f"/workspace/{_PIP}",
        }
        words = [f"{name}={value}" for name, value in settings.items()]
        words += ["python3", "-s", "-m", "pip", "wheel", "--quiet", "--wheel-dir", _WHEELS, "-r", "requirements.txt"]
        return "env " + shlex.join(words)

    def allowed(self, others: AllowList) -> AllowList:
        """The index, and what all runs may reach."""
        return AllowList(self.index.places() | others.places, others.resolve)


def wheel_name(path: str) -> str:
    """The name of the wheel that a file of the workspace is, or nothing."""
    folder, _, name = path.rpartition("/")
    return name if folder == _WHEELS and name.endswith(".whl") else ""


def _file(path: str, data: bytes) -> bytes:
    return pack([(path, 0o100644, len(data))], data)
