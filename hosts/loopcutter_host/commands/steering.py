"""`pause`, `resume` and `nudge`: a word to a run, from any terminal of its owner."""

import platform
import time
from pathlib import Path

import click

from loopcutter_host import lease, orders, runlog
from loopcutter_host.commands.ending import command, fail
from loopcutter_host.commands.history import one_run
from loopcutter_host.commands.reading import read_text
from loopcutter_host.errors import BadUsage, HostError
from loopcutter_host.folders import Folders
from loopcutter_host.orders import Command
from loopcutter_host.runlog import Event
from loopcutter_host.terminal import visible

HEARD_S = 5.0
"""How long a command waits for the host to hear it; one that is busy hears it later."""
LONGEST_WORD = 4_096
"""Bytes of a nudge; more would push code out of the prompt."""


def pause(name: str) -> int:
    """Hold a run before its next action."""
    try:
        run, events = at_work(name)
        if _wish(events) == "pause":
            click.echo(f"Run {run} is paused already. Let it go on: {command()} resume {run}")
            return 0
        heard = _say(run, "pause")
    except HostError as error:
        return fail(error)
    when = "It holds before its next action" if heard else "Its host is busy and holds as soon as it hears of it"
    click.echo(f"Run {run} is paused. {when}. Let it go on: {command()} resume {run}")
    return 0


def resume(name: str, *, json_output: bool) -> int:
    """Let a paused run go on, or take up here one that was cut off."""
    folders = Folders.of_user()
    try:
        run = one_run(name)
        events = list(runlog.events(folders.run_log, run))
        if lease.holder(folders.locks, run) is None:
            _demand_here(run, events[0])
            from loopcutter_host.commands.resuming import resume_here  # all of the host; the other words need little

            return resume_here(run, events, folders, json_output=json_output)
        if _wish(events) != "pause":
            raise BadUsage(f"run {run} is at work and is not paused.", f"Watch it: {command()} show {run}")
        heard = _say(run, "resume")
    except HostError as error:
        return fail(error)
    click.echo(f"Run {run} goes on{'' if heard else ' as soon as its host hears of it'}.")
    return 0


def nudge(name: str, text: str, *, patience: float = HEARD_S) -> int:
    """Say something to the agent of a run; it is in every prompt from now on."""
    try:
        text = visible(read_text(text, "nudge", LONGEST_WORD, "Say it in a few sentences."))
        run, _ = at_work(name)
        heard = _say(run, "nudge", text, patience)
    except HostError as error:
        return fail(error)
    click.echo(f"Run {run} was told{'' if heard else ': its host is busy and hears it later'}.")
    return 0


def at_work(name: str) -> tuple[str, list[Event]]:
    """A run whose host lives here, with its events so far. Raises `BadUsage` for any other."""
    folders = Folders.of_user()
    run = one_run(name)
    events = list(runlog.events(folders.run_log, run))
    if lease.holder(folders.locks, run) is not None:
        return run, events
    _demand_here(run, events[0])
    end = events[-1].body.get("outcome", "") if events[-1].type == "run.end" else ""
    if folders.journal(run).exists():
        raise BadUsage(f"run {run} was cut off.", f"Go on with it: {command()} resume {run}")
    raise BadUsage(f"run {run} is over{f': {end}' if end else ''}.", f"See '{command()} show {run}'.")


def _demand_here(run: str, start: Event) -> None:
    here = platform.node() or "localhost"
    if start.node != here:
        raise BadUsage(f"run {run} belongs to machine {start.node}, and this is {here}.", "Give the command there.")


def _wish(events: list[Event]) -> str:
    """The last word that the host heard on whether to go on; a new life of it begins with `resume`."""
    said = [event.body["command"] for event in events if event.type == "cmd"]
    return next((word for word in reversed(said) if word in ("pause", "resume")), "")


def _say(run: str, word: Command, text: str = "", patience: float = HEARD_S) -> bool:
    """Say it; whether the host heard it soon."""
    folders = Folders.of_user()
    number = orders.leave(folders.run_log, run, word, text)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if _heard(folders.run_log, run, number):
            return True
        if lease.holder(folders.locks, run) is None:
            raise BadUsage(f"run {run} ended before it could hear that.", f"See '{command()} show {run}'.")
        time.sleep(0.05)
    return False


def _heard(log: Path, run: str, number: int) -> bool:
    return any(event.type == "cmd" and event.body.get("order") == number for event in runlog.events(log, run))
