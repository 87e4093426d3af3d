"""Every hostile project under every backend: a true verdict, an untouched host, and nothing left behind.

What a backend declares as a gap is the only thing that may not be held, and then it must not be: a gap that has closed
is to be taken from the list.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hostile.behaviour import BEHAVIOURS, Behaviour
from hostile.outside import Outside
from hostile.table import GAPS, table
from support.testbed import Testbed

from loopcutter_sandbox.report import TestReport

BOUND_S = 60.0

pytestmark = pytest.mark.anyio


@pytest.fixture(params=tuple(GAPS))
def bed(request: pytest.FixtureRequest, testbeds: Callable[[str], Testbed]) -> Testbed:
    """A sandbox of each backend that isolates."""
    return testbeds(request.param)


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
async def test_it_is_bounded_and_judged_truly(bed: Testbed, behaviour: Behaviour, outside: Outside) -> None:
    backend = bed.sandbox.runner.backend.name
    words = outside.words(bed.folder)
    started = time.monotonic()
    result = await run(bed, behaviour, words)
    if "twice" in behaviour.keys:
        result = await run(bed, behaviour, words)
    taken = time.monotonic() - started
    reasons = list(unlike(behaviour, result))
    if "packet" in behaviour.keys and outside.received():
        reasons.append("a packet came out")
    gap = behaviour.keys.get("gap")
    declared = gap is not None and any(gap in each for each in result["gaps"])
    assert not declared or gap in GAPS[backend], f"{gap} is declared, and not in the table of the documentation"
    assert bool(reasons) is declared, (reasons, result["stdout"][-500:], result["stderr"][-500:])
    assert taken < float(behaviour.keys.get("within_s", BOUND_S))
    assert (outside.harm(), bed.left_over()) == ([], [])


async def run(bed: Testbed, behaviour: Behaviour, words: dict[str, str]) -> dict[str, Any]:
    """Have a sandbox run it."""
    files, command = behaviour.filled(words), behaviour.command(words)
    timeout_s = float(behaviour.keys.get("timeout_s", 30))
    if "status" in behaviour.keys:
        tests = behaviour.keys.get("tests", "").split()
        return await bed.test(files, tests=tests, command=command, timeout_s=timeout_s)
    return await bed.command(command, files, timeout_s=timeout_s)


def unlike(behaviour: Behaviour, result: dict[str, Any]) -> list[str]:
    """In what the result is not that of something that was held."""
    keys, reasons = behaviour.keys, []
    if "status" in keys and result["status"] not in keys["status"].split(", "):
        reasons.append(f"it was called {result['status']}")
    if any(test.endswith(f"::{keys.get('never')}") for test in result.get("passed", ())):
        reasons.append("the bad test was reported as passed")
    if "out_of" in keys and not result[f"out_of_{keys['out_of']}"]:
        reasons.append(f"it was not out of {keys['out_of']}")
    if "prints" in keys and result["stdout"].split() != keys["prints"].split() and not result["out_of_disk"]:
        reasons.append("it printed something else")
    if keys.get("ends") == "killed" and (result["exit_code"] is not None or result["timed_out"]):
        reasons.append("it was not killed")
    if keys.get("ends") == "timeout" and not result["timed_out"]:
        reasons.append("it ended in time")
    return reasons


def test_there_are_enough_and_each_says_what_it_tries() -> None:
    assert len(BEHAVIOURS) >= 40
    assert all(behaviour.keys["tries"] and behaviour.files for behaviour in BEHAVIOURS)
    assert TestReport.__test__ is False


def test_the_documentation_has_the_table() -> None:
    from pathlib import Path

    assert table() in Path(__file__).parents[2].joinpath("docs", "sandbox.md").read_text()
