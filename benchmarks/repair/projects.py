"""Real projects of pure Python whose source distributions bring their tests; by exact version and hash."""

import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """A source distribution."""

    name: str
    version: str
    sha256: str
    tests: tuple[str, ...]
    path: str = "."
    """The folder to import from."""


PROJECTS = {
    each.name: each
    for each in (
        Project("boltons", "26.2.0", "d39cfd15c1a1c3bd4d705c82252fa9edb8e4f5e8cc039f8e39afac7b1b47e92c", ("tests",)),
        Project(
            "cachetools", "5.5.2", "1a661caa9175d26759571b2e19580f9d6393969e5dfca11fdb1f947a23e640d4", ("tests",), "src"
        ),
        Project(
            "inflection",
            "0.5.1",
            "1a29730d366e996aaacffb2f1f1cb9593dc38e2ddd30c91250c6dde09ea9b417",
            ("test_inflection.py",),
        ),
        Project(
            "isodate", "0.7.2", "4cd1aa0f43ca76f4a6c6c0292a85f40b35ec2e43e315b59f06e6d32171a953e6", ("tests",), "src"
        ),
        Project("jmespath", "1.0.1", "90261b206d6defd58fdd5e85f478bf633a2901798906be2ad389150c5c60edbe", ("tests",)),
        Project("parse", "1.20.2", "b41d604d16503c79d81af5165155c0b20f6c8d6c559efa66b4b695c3e5a0a0ce", ("tests",)),
        Project(
            "semver", "3.1.2", "bea193552413194252d33ff26ce0962b76669bd1c6fb17e8e203ac37f072feaf", ("tests",), "src"
        ),
        Project("tabulate", "0.9.0", "0095b12bf5966de529c0feb1fa08671671b3368eec77d7ef7ab114be2c068b3c", ("test",)),
        Project(
            "texttable", "1.7.2", "dc16ea6b35fbf5291ba6ef79d79e37d9b3ca6acd7bae3ca3450488d7c2e19c99", ("tests.py",)
        ),
        Project("toolz", "1.2.0", "9667a038e9d6ecba37995e26cb2f59ec6420b6ad8dd9677de59db9b956b08490", ("toolz/tests",)),
        Project(
            "webcolors",
            "25.10.0",
            "62abae86504f66d0f6364c2a8520de4a0c47b80c03fc3a5f1815fedbef7c19bf",
            ("tests",),
            "src",
        ),
    )
}


def fetch(project: Project, cache: Path) -> Path:
    """The unpacked distribution; downloaded with pip when it is not in the cache, which checks the hash."""
    folder = cache / f"{project.name}-{project.version}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as temporary:
            wanted = Path(temporary, "requirements.txt")
            wanted.write_text(f"{project.name}=={project.version} --hash=sha256:{project.sha256}\n")
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            pip += ["--no-binary", ":all:", "--require-hashes", "--dest", temporary, "--requirement", str(wanted)]
            subprocess.run(pip, check=True)
            with tarfile.open(next(Path(temporary).glob("*.tar.gz"))) as archive:
                archive.extractall(Path(temporary, "unpacked"), filter="data")
            next(Path(temporary, "unpacked").iterdir()).rename(folder)
    return folder
