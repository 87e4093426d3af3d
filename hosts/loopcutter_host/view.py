"""Shows a run as it goes: one line an event, with colour and a sign of life on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.text import Text

from loopcutter_host.runlog import Event
from loopcutter_host.terminal import visible

_DOING = {
    "read": "reading: running the tests, searching the code",
    "repair": "trying standard repairs, for a minute at most",
    "plan": "planning",
    "reproduce": "making a test that shows the bug",
    "edit": "editing",
    "sample": "drawing several edits, the tests choose",
    "test": "testing",
    "reflect": "reflecting",
    "paused": "paused",
}
_LABEL = 9
_MAX_DIFF_LINES = 24


class View:
    """A listener of the run log that writes to standard error."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())
        self._status: Status | None = None
        self._doing = ""
        self._heard = ""
        self._writers: Mapping[str, Callable[[dict[str, Any]], None]] = {
            "run.start": self._start,
            "state": self._state,
            "thought": self._thought,
            "verdict": self._verdict,
            "test": self._test,
            "edit": self._edit,
            "rollback": self._rollback,
            "reflection": self._reflection,
            "cmd": self._command,
        }

    def __call__(self, event: Event) -> None:
        if writer := self._writers.get(event.type):
            writer(event.body)
        if event.type == "run.end":
            self.quiet()

    def say(self, text: str, style: str = "") -> None:
        """A line of its own, outside the run's events."""
        self.console.print(Text(visible(text), style=style))

    def hear(self, text: str) -> None:
        """Show the end of what a model is just saying, beside the sign of life."""
        self._heard = f"{self._heard}{visible(text)}"[-4 * self.console.width :]
        if self._status is not None and text:
            shown = " ".join(self._heard.split())[-max(self.console.width - 30, 10) :]
            self._status.update(Text.assemble(self._doing, (f" {shown}", "dim")))

    def quiet(self) -> None:
        """End the sign of life."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def show_diff(self, diff: str) -> None:
        """A whole edit, for the user to decide on; nothing moves on the screen while they do."""
        self.quiet()
        for line in visible(diff).splitlines():
            style = "green" if line[:1] == "+" else "red" if line[:1] == "-" else "dim"
            self.console.print(Text(f"  {line}", style=style))

    def _line(self, label: str, text: str, style: str = "") -> None:
        first, *rest = visible(text).split("\n")
        self.console.print(Text.assemble((f"  {label:<{_LABEL}}", "bold cyan"), (first, style)))
        for line in rest:
            self.console.print(Text(f"  {'':<{_LABEL}}{line}", style=style))

    def _start(self, body: dict[str, Any]) -> None:
        self.say(f"Run {body['run']}: {body['model']} on {body['repository']}", "bold")
        self._line("issue", str(body["issue"]).strip()[:400])

    def _state(self, body: dict[str, Any]) -> None:
        if body["state"] == "paused":
            self._line("paused", "holds until it is resumed", "bold yellow")
        if not self.console.is_terminal:
            return
        self._doing, self._heard = f"{_DOING.get(body['state'], body['state'])} …", ""
        if self._status is None:
            self._status = self.console.status(self._doing)
            self._status.start()
        else:
            self._status.update(self._doing)

    def _thought(self, body: dict[str, Any]) -> None:
        if not body["text"]:
            return
        self._line("plan" if "targets" in body else "think", body["text"])
        for target in body.get("targets", ())[:3]:
            self._line("", f"· {target}", "dim")

    def _test(self, body: dict[str, Any]) -> None:
        self._line("test", body["summary"], "green" if body["status"] == "passed" else "yellow")

    def _edit(self, body: dict[str, Any]) -> None:
        self._line("edit", ", ".join(body["changed"]))
        lines = [line for line in body["diff"].splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        for line in lines[:_MAX_DIFF_LINES]:
            self._line("", line, "green" if line.startswith("+") else "red")
        if len(lines) > _MAX_DIFF_LINES:
            self._line("", f"… {len(lines) - _MAX_DIFF_LINES} more lines", "dim")

    def _verdict(self, body: dict[str, Any]) -> None:
        names = {"warn": "warning", "block": "VETO", "rollback": "VETO and rollback", "stop": "STOP"}
        style = "yellow" if body["decision"] == "warn" else "bold red"
        self._line("guard", f"{names[body['decision']]}: {body['reason']}", style)
        if body["rung"]:
            self._line("", f"another approach is forced: {body['rung']}", style="bold")

    def _rollback(self, body: dict[str, Any]) -> None:
        self._line("rollback", f"workspace is back at {body['checkpoint']}", "bold")

    def _reflection(self, body: dict[str, Any]) -> None:
        self._line("reflect", f"{body['text']} → {body['next']}")

    def _command(self, body: dict[str, Any]) -> None:
        said = {
            "pause": "pause: before the next action",
            "resume": "go on",
            "nudge": f"to the agent: {body.get('text')}",
            "refuse": f"this edit is refused{': ' * bool(body.get('text'))}{body.get('text')}",
        }
        if words := said.get(body["command"]):
            self._line("you", words, "bold")
