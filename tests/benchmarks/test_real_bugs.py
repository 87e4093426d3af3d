"""The benchmark of real bugs, run as its users run it, on a package of our own and with a stand-in for the host."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "real_bugs"

BACKEND = """
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    import pathlib
    info = pathlib.Path(folder, "tiny-{version}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: tiny\\nVersion: {version}\\n")
    return info.name
def build_wheel(*_): ...
def build_sdist(*_): ...
"""
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
HOST = """
import json, os, sys
print(json.dumps({"type": "run.start", "body": {"arguments": sys.argv[1:]}}))
if patch := os.environ.get("PATCH"):
    body = {"outcome": "fixed", "patch": patch, "attempts": 2, "isolation": "none", "alternatives": [], "reason": ""}
    print(json.dumps({"type": "run.end", "body": body}))
"""


def patch(path: str, old: str, new: str) -> str:
    return f"--- a/{path}\n+++ b/{path}\n@@ -1,2 +1,2 @@\n def small(number):\n-    {old}\n+    {new}\n"


UPSTREAM = patch("tiny.py", "return number < 10", "return number <= 10  # ten as well")
ANOTHER = patch("tiny.py", "return number < 10", "return number < 11")
BENT = "--- a/test_tiny.py\n+++ b/test_tiny.py\n@@ -3 +3 @@\n-def test_ten(): assert small(10)\n+def test_ten(): pass\n"
USELESS = patch("tiny.py", "return number < 10", "return number < 9")


@dataclass(frozen=True)
class Bench:
    """A data file with one bug, the index that has its releases, and the command."""

    folder: Path

    def run(self, *arguments: str, data: str = "bugs.toml", **environment: str) -> subprocess.CompletedProcess[str]:
        places = {"bugs": self.folder / data, "cache": self.folder / "cache", "results": self.folder / "results"}
        options = [f"--{name}={place}" for name, place in places.items()]
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder), "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(
            [sys.executable, str(FOLDER / "run.py"), *options, *arguments],
            env={**os.environ, **pip, "PYTHONPATH": str(self.folder), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def measure(self, patch: str) -> dict[str, Any]:
        done = self.run("--json", PATCH=patch)
        assert done.returncode == 0, done.stderr
        (result,) = json.loads(done.stdout)["results"]
        return {key: result[key] for key in ("outcome", "confirmed", "same_as_upstream", "attempts")}

    def write(self, name: str, before: str, after: str) -> None:
        """Another data file, in which `before` says `after`."""
        text = (self.folder / "bugs.toml").read_text()
        assert before in text
        (self.folder / name).write_text(text.replace(before, after))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    hashes = [release(folder, version, f"    return number {sign} 10\n") for version, sign in (("1", "<"), ("2", "<="))]
    (folder / "bugs.toml").write_text(
        f"""
        [[bug]]
        name = "ten"
        package = "tiny"
        kind = "boundary"
        buggy = {{ version = "1", sha256 = "{hashes[0]}" }}
        fixed = {{ version = "2", sha256 = "{hashes[1]}" }}
        tests = ["test_tiny.py"]
        skip = ["test_tiny.py::test_old"]
        fails = ["test_tiny.py::test_ten"]
        issue = "Ten is not small."
        reference = "nowhere"
        fix = "at most instead of below"
        [[bug.change]]
        path = "tiny.py"
        before = "number < 10"
        after = "number <= 10"
        """
    )
    (folder / "loopcutter_host").mkdir()
    (folder / "loopcutter_host" / "__init__.py").touch()
    (folder / "loopcutter_host" / "__main__.py").write_text(HOST)
    return Bench(folder)


def release(folder: Path, version: str, body: str) -> str:
    """Write the source distribution `tiny-{version}.tar.gz`; returns its hash."""
    tests = "from tiny import small\ndef test_old(): assert False\n"
    files = {
        "pyproject.toml": PYPROJECT,
        "backend.py": BACKEND.replace("{version}", version),
        "PKG-INFO": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        "tiny.py": "def small(number):\n" + body,
        "test_tiny.py": tests + ("def test_ten(): assert small(10)\n" if version == "2" else ""),
        "tox.ini": "[pytest]\naddopts = --needs-a-plugin\n",
    }
    archive = folder / f"tiny-{version}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"tiny-{version}/{name}")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def test_a_true_entry_passes_the_check(bench: Bench) -> None:
    done = bench.run("--check")
    assert (done.returncode, done.stderr) == (0, "ok    ten: 1 failed before the mend, 0 after it\n")


def test_an_entry_whose_mend_does_not_help_fails_the_check(bench: Bench) -> None:
    bench.write("useless.toml", "number <= 10", "number < 9")
    done = bench.run("--check", data="useless.toml")
    assert done.returncode == 1
    assert "WRONG ten: 1 failed before the mend, 1 after it" in done.stderr


def test_a_distribution_with_another_hash_is_refused(bench: Bench) -> None:
    (true,) = re.findall(r'buggy.*"(\w{64})"', (bench.folder / "bugs.toml").read_text())
    bench.write("forged.toml", true, "0" * 64)
    done = bench.run("--check", data="forged.toml")
    assert done.returncode == 1
    assert done.stderr.startswith("tiny 1 could not be fetched; pip says:")
    assert "HASHES" in done.stderr


def test_an_unknown_bug_is_answered_with_the_known_ones(bench: Bench) -> None:
    done = bench.run("eleven")
    assert (done.returncode, done.stderr) == (1, "there is no bug named eleven; the names are ten.\n")


def test_the_maintainers_mend_is_recognised(bench: Bench) -> None:
    assert bench.measure(UPSTREAM) == {
        "outcome": "fixed", "confirmed": True, "same_as_upstream": True, "attempts": 2
    }  # fmt: skip


def test_another_right_patch_counts_as_a_fix(bench: Bench) -> None:
    assert bench.measure(ANOTHER) == {
        "outcome": "fixed", "confirmed": True, "same_as_upstream": False, "attempts": 2
    }  # fmt: skip


@pytest.mark.parametrize("patch", [BENT, USELESS, "no patch at all"])
def test_a_claim_that_does_not_hold_is_not_confirmed(bench: Bench, patch: str) -> None:
    assert bench.measure(patch) == {
        "outcome": "fixed", "confirmed": False, "same_as_upstream": False, "attempts": 2
    }  # fmt: skip


def test_a_host_that_ends_without_a_report_is_no_fix(bench: Bench) -> None:
    assert bench.measure("") == {
        "outcome": "no report", "confirmed": False, "same_as_upstream": False, "attempts": 0
    }  # fmt: skip


def test_every_real_bug_is_named_once_and_pinned_by_hash() -> None:
    bugs = tomllib.loads((FOLDER / "bugs.toml").read_text())["bug"]
    assert len({bug["name"] for bug in bugs}) == len(bugs) >= 6
    pins = [bug[release]["sha256"] for bug in bugs for release in ("buggy", "fixed")]
    assert [pin for pin in pins if not re.fullmatch(r"[0-9a-f]{64}", pin)] == []
