"""Says in words what was tried, why it failed, and what must differ now. The words themselves lie in `prompts/`."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from string import Template

from loopcutter_loopguard.edit import Change, Edit
from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import Attempt, History

_DEFINITION = re.compile(r"(?:async +)?(?:def|class|function|func|fn) +\w")
_SHOWN = 80
"""Characters of a line that are quoted."""


def veto(finding: Finding, history: History) -> str:
    """Why a call is refused, and what to do instead."""
    return "\n".join((_what(finding, history), _prompt("veto").substitute(progress=finding.progress)))


def turn(finding: Finding, history: History, rung: str) -> str:
    """What must differ now that the workspace is rolled back."""
    known = files("loopcutter_loopguard").joinpath("prompts", f"{rung}.md").is_file()
    prompt = _prompt(rung if known else "other")
    return "\n".join((_what(finding, history), prompt.substitute(rung=rung, places=_places(finding, history))))


def stop(finding: Finding, history: History) -> str:
    """That nothing is left to try."""
    return "\n".join((_what(finding, history), _prompt("stop").substitute()))


@cache
def _prompt(name: str) -> Template:
    text = files("loopcutter_loopguard").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8")
    return Template(text.rstrip("\n"))


def _what(finding: Finding, history: History) -> str:
    attempts = _attempts(finding, history)
    if not attempts:
        return _prompt("call").substitute(reason=finding.reason, result=_short(_last_answer(finding, history)))
    return _prompt("tried").substitute(
        count=len(finding.steps) + (finding.steps[-1] != history.total - 1),
        tried="; ".join(dict.fromkeys(tried(attempt.edit) for attempt in attempts[-3:])),
        result=_short(attempts[-1].summary or attempts[-1].result or "nothing was observed"),
    )


def _attempts(finding: Finding, history: History) -> Sequence[Attempt]:
    return [attempt for attempt in history.attempts if attempt.step in finding.steps]


def _last_answer(finding: Finding, history: History) -> str:
    for step in reversed(history.steps):
        if step.number in finding.steps and step.answer is not None:
            return step.answer.signature or f"the answer to {step.action.name} of step {step.number}"
    return "nothing new"


def _places(finding: Finding, history: History) -> str:
    changes = [change for attempt in _attempts(finding, history) for change in attempt.edit.changes]
    return ", ".join(dict.fromkeys(place(change) for change in changes)) or "the place tried so far"


def place(change: Change) -> str:
    """Where a change is, in a few words."""
    if change.symbol:
        return f"{change.symbol} in {change.path}" if change.path else change.symbol
    first = next((line.strip() for line in (change.old or change.kept).splitlines() if line.strip()), "")
    return f"{change.path} at `{first[:80]}`" if first else change.path or "one place"


def tried(edit: Edit) -> str:
    """What an edit puts in, in a line: a short line as it is, of a whole function or class only how it begins.

    Whoever reads failed code again writes it again (arXiv 2606.31511: facts help, the code itself does not).
    """
    return "; ".join(f"{place(change)} → {_signature(change)}" for change in edit.changes[:3])


def _signature(change: Change) -> str:
    lines = [line.strip() for line in change.new.splitlines() if line.strip()]
    if not lines:
        return "taken out" if change.old else "nothing"
    head = next((line for line in lines if _DEFINITION.match(line)), "")
    shown = (head or lines[0]).rstrip(":")[:_SHOWN]
    rest = len(lines) - 1
    return f"`{shown}`" + (f" and {rest} more line{'s' * (rest != 1)}" if rest else "")


def _short(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return " | ".join(lines[-3:])[:400]
