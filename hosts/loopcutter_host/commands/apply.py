"""`apply`: brings the patch of a run into the user's repository, as it is now."""

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from loopcutter_host import runlog
from loopcutter_host.commands.ending import fail
from loopcutter_host.commands.history import one_run
from loopcutter_host.connections import Connections, demand
from loopcutter_host.errors import BadUsage, HostError
from loopcutter_host.folders import Folders
from loopcutter_host.servers import ServerGroup, vcs_command
from loopcutter_host.toolbox import use


def run(name: str, branch: str, *, json_output: bool) -> int:
    """Apply the patch of a run; returns the exit code."""
    folders = Folders.of_user()
    try:
        run = one_run(name)
        end = next((e for e in runlog.events(folders.run_log, run) if e.type == "run.end"), None)
        if end is None or not end.body.get("patch"):
            raise BadUsage(f"run {run} has no patch to apply.", f"See 'loopcutter-host show {run}'.")
        if end.body["outcome"] != "fixed":
            click.echo("Note: this patch is the best state reached; it does not pass all tests.", err=True)
        applied = asyncio.run(_apply(end.body, branch, folders))
    except HostError as error:
        return fail(error)
    if json_output:
        click.echo(json.dumps(applied))
    else:
        where = f"branch {applied['branch']}" if applied.get("branch") else ", ".join(applied["changed"])
        click.echo(f"Applied to {where}.")
    return 0


async def _apply(end: dict[str, Any], branch: str, folders: Folders) -> dict[str, Any]:
    async with ServerGroup() as group:
        await group.start([vcs_command(Path(end["repository"]), folders)])
        async with Connections(group.addresses) as servers:
            applied = await use(
                servers, "vcs", "apply", workspace=end["workspace"], checkpoint=end["checkpoint"], branch=branch
            )
            return dict(demand(applied))
