"""The distributions a project needs, unpacked on this side by pip, which runs nothing of them.

Wheels come from pip's own index. What there is only as source is built into a wheel first, in a container.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from loopcutter_sandbox.errors import ImageFailed

if TYPE_CHECKING:
    from loopcutter_sandbox.backends.docker.image import Image

_PIP_S = 900
_WORDS = 1500
_WHEEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.!+-]*\.whl")

Build = Callable[["Image", list[str]], Mapping[str, bytes]]
"""Makes wheels, by name, of requirements and all they need, for an image; raises `ImageFailed`."""


def fetch(plain: Image, requirements: list[str], folder: Path, target: Path, build: Build) -> None:
    """Put what `requirements` need into `target`, for the Python of the image. Raises `ImageFailed`."""
    applying = [line for line in requirements if plain.applies(line)]
    problem = _install(plain, applying, folder, target, [])
    if not problem:
        return
    wheels = folder / "built"
    wheels.mkdir()
    try:
        for name, data in build(plain, applying).items():
            if _WHEEL.fullmatch(name):
                (wheels / name).write_bytes(data)
        names = sorted(str(path) for path in wheels.iterdir())
        local = ["--no-index", "--no-deps", "--find-links", str(wheels)]
        failed = _install(plain, names, folder, target, local) if names else "nothing came of it"
    except ImageFailed as error:
        failed = str(error)
    if failed:
        raise ImageFailed(
            f"the project's dependencies could not be installed ({', '.join(applying)[:300]}): {problem}\n"
            f"They could not be built from source either: {failed}\n"
            "Prepare an image that holds them and name it with --image."
        )


def _install(plain: Image, lines: list[str], folder: Path, target: Path, options: list[str]) -> str:
    """Have pip unpack wheels; comes to what was wrong. Only wheels: building one would run a stranger's code here."""
    (folder / "requirements.txt").write_text("".join(f"{line}\n" for line in lines))
    python = f"{plain.version[0]}.{plain.version[1]}"
    command = [sys.executable, "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--target", str(target), "--no-compile", "--only-binary", ":all:", "--python-version", python]
    command += ["--implementation", "cp", "--requirement", "requirements.txt", "--root-user-action", "ignore"]
    for platform in _platforms(plain):
        command += ["--platform", platform]
    try:
        done = subprocess.run(
            [*command, *options], cwd=folder, capture_output=True, text=True, timeout=_PIP_S, check=False
        )
    except subprocess.TimeoutExpired:
        return "pip did not fetch them in time; look at the network"
    if done.returncode == 0:
        return ""
    return "\n".join(line for line in done.stderr.splitlines() if line.strip())[-_WORDS:] or "pip failed"


def _platforms(image: Image) -> list[str]:
    """The platform tags of wheels that run in the image, the newest first."""
    name, version = image.libc
    built_there = f"linux_{image.machine}"
    if name != "glibc" or not version.startswith("2."):
        return [*(f"musllinux_1_{minor}_{image.machine}" for minor in (2, 1)), built_there]
    tags = [f"manylinux_2_{minor}" for minor in range(int(version.split(".")[1]), 4, -1)]
    tags += ["manylinux2014", "manylinux2010", "manylinux1"]
    return [*(f"{tag}_{image.machine}" for tag in tags), built_there]
