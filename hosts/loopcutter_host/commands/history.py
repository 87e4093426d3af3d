"""`runs` and `show`: what the run log tells."""

import json
import platform
import time
from dataclasses import asdict

import click

from loopcutter_host import lease, runlog
from loopcutter_host.commands.ending import fail, in_words, show_patch
from loopcutter_host.errors import BadUsage, HostError
from loopcutter_host.folders import Folders
from loopcutter_host.terminal import visible


def list_runs(limit: int, *, json_output: bool) -> int:
    try:
        found = runlog.summaries(Folders.of_user().run_log, limit)
    except HostError as error:
        return fail(error)
    if json_output:
        for summary in found:
            click.echo(json.dumps({key: value for key, value in asdict(summary).items() if key != "last"}))
        return 0
    if not found:
        click.echo('No runs yet. Start one: loopcutter-host fix --repo . --issue "what is wrong"', err=True)
    for summary in found:
        started = time.strftime("%Y-%m-%d %H:%M", time.localtime(summary.started))
        standing = in_words(summary.outcome) if summary.outcome != "running" else _standing(summary.run, summary.last)
        first = (summary.issue.splitlines() or [""])[0][:60]
        click.echo(f"{summary.run}  {started}  {standing:<14} {summary.seconds:6.1f} s  {visible(first)}")
    return 0


def show_run(name: str, *, json_output: bool) -> int:
    path = Folders.of_user().run_log
    try:
        run = one_run(name)
    except HostError as error:
        return fail(error)
    from loopcutter_host.view import View

    view = None if json_output else View()
    for event in runlog.events(path, run):
        if view is None:
            click.echo(event.line())
            continue
        if event.type != "state" or event.body["state"] == "paused":
            view(event)
        if event.type == "run.end":
            show_patch(str(event.body.get("patch") or ""))
            if flawed := event.body.get("flaws"):
                counted = ", ".join(f"{kind} {count}" for kind, count in sorted(flawed.items()))
                view.say(f"answers of the model that could not be used: {counted}")
            reason = event.body.get("reason")
            view.say(f"ended: {in_words(event.body['outcome'])}{f' ({reason})' if reason else ''}", "bold")
    if view is not None and event.type != "run.end":
        view.say(f"now: {_standing(run, event)}", "bold")
    return 0


def _standing(run: str, last: runlog.Event) -> str:
    """What a run without an end is at: `running`, `paused`, or `cut off` when nobody works on it."""
    folders = Folders.of_user()
    if last.node != platform.node():
        return f"running on {last.node}, or cut off there"
    if lease.holder(folders.locks, run) is None:
        return "cut off"
    said = [e for e in runlog.events(folders.run_log, run) if e.type in ("cmd", "state")]
    return "paused" if said and said[-1].body.get("state") == "paused" else "running"


def export_run(name: str) -> int:
    """Print the envelopes of a run."""
    try:
        for event in runlog.events(Folders.of_user().run_log, one_run(name)):
            click.echo(event.line())
    except HostError as error:
        return fail(error)
    return 0


def one_run(name: str) -> str:
    """The one run of this name. Raises `BadUsage` when there is none or more than one."""
    found = runlog.find(Folders.of_user().run_log, name)
    if not found:
        raise BadUsage(f"there is no run {name!r}.", "See 'loopcutter-host runs'.")
    if len(found) > 1 and name not in found:
        raise BadUsage(f"{len(found)} runs begin with {name!r}.", "Give more of the name.")
    return name if name in found else found[0]
