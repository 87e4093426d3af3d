"""`runs` and `show`: what the run log tells."""

import json
import time
from dataclasses import asdict

import click

from loopcutter_host import runlog
from loopcutter_host.commands.ending import fail, show_patch
from loopcutter_host.errors import BadUsage, HostError
from loopcutter_host.folders import Folders
from loopcutter_host.terminal import visible
from loopcutter_host.view import View


def list_runs(limit: int, *, json_output: bool) -> int:
    try:
        found = runlog.summaries(Folders.of_user().run_log, limit)
    except HostError as error:
        return fail(error)
    if json_output:
        for summary in found:
            click.echo(json.dumps(asdict(summary)))
        return 0
    if not found:
        click.echo('No runs yet. Start one: loopcutter-host fix --repo . --issue "what is wrong"', err=True)
    for summary in found:
        started = time.strftime("%Y-%m-%d %H:%M", time.localtime(summary.started))
        first = (summary.issue.splitlines() or [""])[0][:60]
        click.echo(f"{summary.run}  {started}  {summary.outcome:<14} {summary.seconds:6.1f} s  {visible(first)}")
    return 0


def show_run(name: str, *, json_output: bool) -> int:
    path = Folders.of_user().run_log
    try:
        run = one_run(name)
    except HostError as error:
        return fail(error)
    view = None if json_output else View()
    for event in runlog.events(path, run):
        if view is None:
            click.echo(event.line())
            continue
        if event.type != "state":
            view(event)
        if event.type == "run.end":
            show_patch(str(event.body.get("patch") or ""))
            reason = event.body.get("reason")
            view.say(f"ended: {event.body['outcome']}{f' ({reason})' if reason else ''}", "bold")
    return 0


def one_run(name: str) -> str:
    """The one run of this name. Raises `BadUsage` when there is none or more than one."""
    found = runlog.find(Folders.of_user().run_log, name)
    if not found:
        raise BadUsage(f"there is no run {name!r}.", "See 'loopcutter-host runs'.")
    if len(found) > 1 and name not in found:
        raise BadUsage(f"{len(found)} runs begin with {name!r}.", "Give more of the name.")
    return name if name in found else found[0]
