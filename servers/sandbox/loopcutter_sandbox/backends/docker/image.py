"""The images that containers are made of: a base that is here already, our runner, and what a project needs.

Distributions are unpacked on this side and copied in; the build of an image itself has no network. So a project's
``setup.py`` never runs outside of a container, and it works where containers have no way out.
"""

import hashlib
import io
import re
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from loopcutter_sandbox.backends.docker import dependencies
from loopcutter_sandbox.backends.docker.dependencies import Needs
from loopcutter_sandbox.backends.docker.engine import Engine
from loopcutter_sandbox.backends.docker.profile import HOME, PLACE, USER
from loopcutter_sandbox.backends.docker.wheels import Build, fetch
from loopcutter_sandbox.errors import ImageFailed, Unusable

DEFAULT = "loopcutter/python:3.12"
"""The base image when none is named; `Dockerfile` beside this file is its recipe."""

RECIPE = "loopcutter.sandbox.recipe"
_REPOSITORY = "loopcutter/sandbox"
_HERE = Path(__file__).parent
_PYTEST = "pytest>=8.4"
_AGAIN_S = 60.0

_CLEAR = (
    "import pathlib,sys;from importlib import metadata as m\n"
    "for n in sys.argv[1:]:\n"
    " try: d=m.distribution(n)\n"
    " except m.PackageNotFoundError: continue\n"
    " [pathlib.Path(d.locate_file(f)).unlink(missing_ok=True) for f in d.files or ()]\n"
)


@dataclass(frozen=True)
class Image:
    """An image with our runner in it."""

    id: str
    python: str
    """The interpreter inside."""
    version: tuple[int, ...]
    installed: Mapping[str, str]
    """The distributions inside, by their canonical name."""
    plugins: tuple[tuple[str, str], ...]
    """Its pytest plugins: entry point and distribution."""
    site: str
    scripts: str
    machine: str
    libc: tuple[str, str]

    @staticmethod
    def of(identity: str, facts: Mapping[str, Any]) -> "Image":
        """What the keeper in a container of it has told."""
        try:
            return Image(
                id=identity,
                python=str(facts["python"]),
                version=tuple(int(part) for part in facts["version"]),
                installed={canonicalize_name(name): str(version) for name, version in facts["installed"].items()},
                plugins=tuple((str(entry), str(name)) for entry, name in facts["plugins"]),
                site=str(facts["site"]),
                scripts=str(facts["scripts"]),
                machine=str(facts["machine"]),
                libc=(str(facts["libc"][0]), str(facts["libc"][1])),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unusable("the Python of the image says nothing usable of itself; name another with --image") from None

    def environment(self) -> dict[str, str]:
        """What markers of requirements are about, for the Python inside."""
        full = ".".join(map(str, self.version))
        return {
            **{name: str(value) for name, value in default_environment().items()},
            "sys_platform": "linux",
            "os_name": "posix",
            "platform_system": "Linux",
            "python_version": ".".join(map(str, self.version[:2])),
            "python_full_version": full,
            "implementation_version": full,
            "platform_machine": self.machine,
            "extra": "",
        }

    def applies(self, line: str) -> bool:
        """Whether the marker of a requirement says that it is meant for this Python."""
        marker = Requirement(line.partition(" --hash")[0]).marker
        return marker is None or marker.evaluate(self.environment())

    def lacks(self, requirements: Iterable[str]) -> list[str]:
        """Those of the requirements that apply here and are not met."""
        missing = []
        for line in requirements:
            if not self.applies(line):
                continue
            requirement = Requirement(line.partition(" --hash")[0])
            version = self.installed.get(canonicalize_name(requirement.name))
            if version is None or not requirement.specifier.contains(version, prereleases=True) or requirement.extras:
                missing.append(line)
        return missing


@dataclass
class Images:
    """Makes images and finds those made before. Everything here blocks."""

    engine: Engine
    base: str
    look: Callable[[str], Image]
    """Starts a container of an image and tells what is in it."""
    build: Build
    """Makes wheels of what comes only as source, in a container."""
    _known: dict[str, Image] = field(default_factory=dict)
    _failed: dict[str, tuple[float, str]] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)

    def plain(self) -> Image:
        """The base with our runner, and pytest if it had none."""
        found = self.engine.image(self.base)
        if found is None:
            raise Unusable(
                f"the image {self.base} is not here; build it (docker build -t {self.base} {_HERE}) or name another "
                "that has a Python with --image"
            )
        image = self._made(f"{found['Id']}", lambda: _runner_context(self.base), ())
        if "pytest" not in image.installed:
            image = self._with(image, [_PYTEST])
        return image

    def project(self, files: Mapping[str, bytes]) -> Image:
        """The image for a project with these `files`; the plain one when that has all that is needed.

        Raises `ImageFailed`, for a minute the same again: many calls may wait for one image.
        """
        key = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
        with self._locks.setdefault(key, threading.Lock()):
            until, reason = self._failed.get(key, (0.0, ""))
            if time.monotonic() < until:
                raise ImageFailed(reason)
            if key not in self._known:
                try:
                    self._known[key] = self._fit(self.plain(), dependencies.find(files))
                except ImageFailed as error:
                    self._failed[key] = (time.monotonic() + _AGAIN_S, str(error))
                    raise
            return self._known[key]

    def _fit(self, plain: Image, needs: Needs) -> Image:
        spelled = ".".join(map(str, plain.version))
        try:
            fits = not needs.python or SpecifierSet(needs.python).contains(spelled, prereleases=True)
        except InvalidSpecifier:
            fits = True  # nobody else could read it either
        if not fits:
            raise ImageFailed(
                f"the project needs Python {needs.python}, and {self.base} has {spelled}; name an image that has it "
                "with --image"
            )
        return self._with(plain, list(needs.requirements)) if plain.lacks(needs.requirements) else plain

    def _with(self, plain: Image, requirements: list[str]) -> Image:
        recipe = "\n".join((plain.id, *sorted(requirements)))
        return self._made(recipe, lambda: _wheels_context(plain, requirements, self.build), requirements)

    def _made(self, recipe: str, context: Callable[[], bytes], requirements: Iterable[str]) -> Image:
        name = hashlib.sha256("\n".join((recipe, *requirements, _own_code())).encode()).hexdigest()[:20]
        known = self._known.get(name)
        if known is not None and self.engine.image(known.id) is not None:
            return known
        tag = f"{_REPOSITORY}:{name}"
        found = self.engine.image(tag)
        if found is None or (found["Config"].get("Labels") or {}).get(RECIPE) != name:
            identity = self.engine.build(io.BytesIO(context()), tag, {RECIPE: name}, "none")
        else:
            identity = str(found["Id"])
        image = self.look(identity)
        self._known[name] = image
        return image


def _own_code() -> str:
    """The files that go into every image, as one hash: another runner is another image."""
    total = hashlib.sha256()
    for path in sorted(_own_files()):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def _own_files() -> list[Path]:
    return [*(_HERE.parents[1] / "runner").glob("*.py"), *(_HERE / "inside").glob("*.py")]


def _runner_context(base: str) -> bytes:
    user = f"sandbox:x:{USER}:{USER}::{HOME}:/bin/sh"
    lines = [
        f"FROM {base}",
        "USER root",
        f"COPY inside/ {PLACE}/keeper/",
        f"COPY runner/ {PLACE}/runner/",
        f"RUN (grep -q ':{USER}:' /etc/passwd || echo '{user}' >>/etc/passwd) "
        f"&& mkdir -p /workspace && python3 -m compileall -q --invalidation-mode unchecked-hash {PLACE}",
        f"USER {USER}:{USER}",
        "WORKDIR /workspace",
    ]
    files = {f"{path.parent.name}/{path.name}": path for path in _own_files()}
    return _tar({"Dockerfile": "\n".join(lines).encode()}, files)


def _wheels_context(plain: Image, requirements: list[str], build: Build) -> bytes:
    with tempfile.TemporaryDirectory(prefix="loopcutter-wheels-") as folder:
        target = Path(folder) / "target"
        fetch(plain, requirements, Path(folder), target, build)
        _point_scripts(target / "bin", plain.python)
        names = sorted(path.name.split("-")[0] for path in target.glob("*.dist-info"))
        files = {str(path.relative_to(target)): path for path in target.rglob("*") if path.is_file()}
        sources = {name if name.startswith("bin/") else f"site/{name}": path for name, path in files.items()}
        replaced = " ".join(name for name in names if re.fullmatch(r"[A-Za-z0-9_.]+", name))
        (Path(folder) / "clear.py").write_text(_CLEAR)
        lines = [
            f"FROM {plain.id}",
            "USER root",
            f"COPY clear.py {PLACE}/clear.py",
            f"RUN python3 -I {PLACE}/clear.py {replaced}",
            f"COPY site/ {plain.site}/",
            *([f"COPY bin/ {plain.scripts}/"] if (target / "bin").is_dir() else []),
            f"RUN python3 -m compileall -q {plain.site} || true",
            f"USER {USER}:{USER}",
        ]
        sources["clear.py"] = Path(folder) / "clear.py"
        return _tar({"Dockerfile": "\n".join(lines).encode()}, sources)


def _point_scripts(folder: Path, python: str) -> None:
    """Scripts start with the interpreter that pip ran under; the one inside lies elsewhere."""
    for script in folder.glob("*") if folder.is_dir() else ():
        data = script.read_bytes()
        if data.startswith(b"#!") and b"python" in data.split(b"\n", 1)[0]:
            script.write_bytes(b"#!" + python.encode() + b"\n" + data.split(b"\n", 1)[1])


def _tar(texts: Mapping[str, bytes], files: Mapping[str, Path]) -> bytes:
    """A build context: the same bytes for the same contents, so that the engine's own cache works too."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in texts.items():
            facts = tarfile.TarInfo(name)
            facts.size = len(data)
            archive.addfile(facts, io.BytesIO(data))
        for name in sorted(files):
            facts = tarfile.TarInfo(name)
            facts.size = files[name].stat().st_size
            facts.mode = 0o755 if files[name].stat().st_mode & 0o100 else 0o644
            with files[name].open("rb") as file:
                archive.addfile(facts, file)
    return out.getvalue()
