"""Small pieces from which the tests stage what an agent does."""

from collections.abc import Mapping, Sequence
from typing import Any

from loopcutter_loopguard.events import Verdict
from loopcutter_loopguard.policy import Policy, default
from loopcutter_loopguard.replay import STRICTNESS, judged

Event = dict[str, Any]


def step(tool: str, output: str = "", ok: bool = True, *, text: str = "", **args: Any) -> Event:
    """A call with its answer."""
    return {"tool": tool, "args": args, "text": text, "result": {"ok": ok, "output": output}}


def shell(command: str, output: str = "", ok: bool = True, **known: Any) -> Event:
    """A command with its answer."""
    return {**step("shell", output, ok, command=command), **known}


def edit(old: str, new: str, path: str = "cart.py", output: str = "edited", ok: bool = True, **known: Any) -> Event:
    """A replacement with its answer."""
    return {**step("edit_file", output, ok, path=path, old_str=old, new_str=new), **known}


def red(message: str = "assert 190 == 180") -> Event:
    """A test run that fails."""
    tests = {"passed": ["test_a"], "failed": ["test_b"], "errors": []}
    return shell("pytest -q", f"E   {message}\nFAILED test_cart.py::test_b - {message}", False, tests=tests)


def verdicts(events: Sequence[Mapping[str, Any]], policy: Policy | None = None) -> list[Verdict]:
    """The verdict on every event."""
    return [one.verdict for one in judged(events, policy or default())]


def decisions(events: Sequence[Mapping[str, Any]], policy: Policy | None = None) -> list[str]:
    """The decision on every event."""
    return [verdict.decision for verdict in verdicts(events, policy)]


def flag(events: Sequence[Mapping[str, Any]]) -> tuple[int, str]:
    """The first step that is blocked or worse, and the kind of loop; (-1, "") when there is none."""
    for number, verdict in enumerate(verdicts(events)):
        if STRICTNESS[verdict.decision] >= STRICTNESS["block"]:
            return number, verdict.kind
    return -1, ""
