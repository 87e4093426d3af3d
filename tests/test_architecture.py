"""Holds what keeps the project understandable: which package may import which, and commands that answer at once."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = sorted(
    path for path in ROOT.glob("*/**/loopcutter_*") if path.is_dir() and ROOT / ".venv" not in path.parents
)

SERVER = frozenset({"loopcutter_serving", "loopcutter_snapshots"})
MAY_IMPORT: dict[str, frozenset[str]] = {
    "loopcutter_host": frozenset({"loopcutter_loopguard.chant", "loopcutter_loopguard.events"}),  # both pure
    "loopcutter_inference": SERVER,
    "loopcutter_loopguard": SERVER,
    "loopcutter_retrieval": SERVER,
    "loopcutter_sandbox": SERVER,
    "loopcutter_serving": frozenset({"loopcutter_snapshots"}),
    "loopcutter_snapshots": frozenset(),
    "loopcutter_vcs": SERVER,
}
"""Beside itself. A module stands for itself and what is below it."""

HEAVY = frozenset({"chromadb", "docker", "git", "mcp", "ollama", "rich", "starlette", "tree_sitter", "uvicorn"})
"""What `--help` must not wait for."""

HELP_CPU_S = 0.3


def imports(source: str, package: str) -> Iterator[str]:
    """Every module that `source`, a module directly in `package`, imports, wherever the statement stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package) if node.level else ""
            yield from (f"{base or node.module}.{name.name}" for name in node.names)


def strangers(package: Path) -> list[str]:
    """What `package` imports of ours and may not: `file: module`."""
    allowed = {package.name, *MAY_IMPORT[package.name]}
    return [
        f"{path.relative_to(package)}: {module}"
        for path in sorted(package.rglob("*.py"))
        for module in imports(path.read_text(), ".".join(path.relative_to(package.parent).parent.parts))
        if module.startswith("loopcutter_") and not any(f"{module}.".startswith(f"{name}.") for name in allowed)
    ]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_arrows_point_one_way(package: Path) -> None:
    assert strangers(package) == []


def test_every_package_has_its_arrows() -> None:
    assert [path.name for path in PACKAGES] == sorted(MAY_IMPORT)


def test_a_forbidden_import_is_found_wherever_it_stands(tmp_path: Path) -> None:
    package = tmp_path / "loopcutter_host"
    (package / "below").mkdir(parents=True)
    (package / "a.py").write_text("from loopcutter_loopguard.events import Call\nimport loopcutter_hosting\n")
    (package / "below" / "b.py").write_text("def f():\n    from loopcutter_loopguard import events, guard\n")
    (package / "below" / "c.py").write_text("from ..a import x\nfrom . import b\nimport loopcutter_host.a\n")
    assert strangers(package) == ["a.py: loopcutter_hosting", "below/b.py: loopcutter_loopguard.guard"]


def test_every_package_is_shipped() -> None:
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert [str(path.relative_to(ROOT)) for path in PACKAGES] == sorted(shipped)


@pytest.mark.parametrize(("command", "entry"), sorted(PROJECT["project"]["scripts"].items()))
def test_help_answers_at_once(command: str, entry: str) -> None:
    module, _, function = entry.partition(":")
    runs = [helped(command, module, function) for _ in range(3)]
    assert sorted(HEAVY & set(runs[0]["modules"])) == []
    assert min(run["cpu"] for run in runs) < HELP_CPU_S


def helped(command: str, module: str, function: str) -> dict[str, Any]:
    """Ask a command for help in a process of its own: which packages it imported, how many seconds of CPU it took."""
    program = f"""
import atexit, json, resource, sys

def report():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    modules = sorted({{name.partition(".")[0] for name in sys.modules}})
    print(json.dumps({{"cpu": usage.ru_utime + usage.ru_stime, "modules": modules}}))

atexit.register(report)
from {module} import {function}
sys.argv = [{command!r}, "--help"]
{function}()
"""
    completed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert completed.returncode == 0, completed.stderr
    *said, report = completed.stdout.splitlines()
    assert re.match(rf"Usage: {command} ", said[0])
    return dict(json.loads(report))
