"""How the backend is chosen, and that every result says which it was."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from support.testbed import Testbed

from loopcutter_sandbox.errors import NoIsolation, Unusable
from loopcutter_sandbox.isolation import Backend, Choice, Job, Launch
from loopcutter_sandbox.report import BackendStatus, Isolation


@dataclass(frozen=True)
class Claimed:
    """A backend that only has a name and a strength."""

    name: str
    isolation: Isolation
    gaps: tuple[str, ...] = ()

    def wrap(self, job: Job) -> Launch:
        raise Unusable("it starts nothing")


NAMESPACE, LANDLOCK, NONE = Claimed("bubblewrap", "namespace"), Claimed("landlock", "landlock"), Claimed("none", "none")


def choice(broken: tuple[Backend, ...] = (), minimum: Isolation = "none", unsafe: bool = True) -> Choice:
    async def probe(backend: Backend) -> None:
        if backend in broken:
            raise Unusable(f"{backend.name} is broken")

    return Choice((NAMESPACE, LANDLOCK, NONE), probe, minimum, unsafe)


def test_the_strongest_that_works_is_chosen() -> None:
    assert anyio.run(choice().strongest) == NAMESPACE
    assert anyio.run(choice((NAMESPACE,)).strongest) == LANDLOCK
    assert anyio.run(choice((NAMESPACE, LANDLOCK)).strongest) == NONE


def test_what_is_weaker_than_the_minimum_is_refused_with_the_reasons() -> None:
    with pytest.raises(NoIsolation, match=r"at least 'namespace' works here \(bubblewrap: bubblewrap is broken\)"):
        anyio.run(choice((NAMESPACE,), minimum="namespace").strongest)


def test_no_isolation_has_to_be_asked_for() -> None:
    with pytest.raises(NoIsolation, match="--unsafe-local"):
        anyio.run(choice((NAMESPACE, LANDLOCK), unsafe=False).strongest)


def test_the_status_tells_what_does_not_work_and_why() -> None:
    assert anyio.run(choice((LANDLOCK,)).status) == (
        BackendStatus("bubblewrap", "namespace", True, ""),
        BackendStatus("landlock", "landlock", False, "landlock is broken"),
        BackendStatus("none", "none", True, ""),
    )


@pytest.mark.anyio
async def test_every_result_says_how_it_was_isolated(any_bed: Testbed) -> None:
    bed, backend = any_bed, any_bed.sandbox.runner.backend
    tree = bed.tree({"a.py": "A = 1\n", "test_a.py": "import a\ndef test_a(): assert a.A == 2\n"})
    candidate = {"id": "fix", "path": "a.py", "start": 4, "end": 5, "text": "2"}
    results = [
        await bed.call("run_tests", tree=tree),
        await bed.call("run_command", tree=tree, command="true"),
        await bed.call("try_edits", tree=tree, tests=["test_a.py"], candidates=[candidate]),
        await bed.call("status"),
    ]
    assert {(result["isolation"], tuple(result["gaps"])) for result in results} == {(backend.isolation, backend.gaps)}
    assert (results[0]["status"], results[1]["exit_code"], results[2]["passing"]) == ("failed", 0, ["fix"])
    assert results[0]["gaps"][0].startswith("WARNING: nothing is isolated") is (backend.isolation == "none")


def test_the_command_says_what_would_be_used(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "loopcutter_sandbox", "status"]
    told = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    assert told["isolation"] in ("namespace", "landlock", "seatbelt")
    assert [backend["works"] for backend in told["backends"] if backend["isolation"] == told["isolation"]] == [True]
    refused = subprocess.run([*command, "--minimum", "container"], capture_output=True, text=True, check=False)
    assert (refused.returncode, "no isolation of at least 'container'" in refused.stderr) == (4, True)
    wrong = subprocess.run([*command, "--python", str(tmp_path)], capture_output=True, text=True, check=False)
    assert (wrong.returncode, "is no working Python" in wrong.stderr) == (2, True)
