"""`config`: every setting and where its value came from."""

import json
from pathlib import Path

import click

from loopcutter_host.commands.ending import fail
from loopcutter_host.config import load
from loopcutter_host.errors import HostError
from loopcutter_host.folders import Folders


def run(repository: Path | None, *, json_output: bool) -> int:
    try:
        loaded = load({}, repository=repository, user_folder=Folders.of_user().config)
    except HostError as error:
        return fail(error)
    rows = list(loaded.rows())
    if json_output:
        for key, value, origin in rows:
            click.echo(json.dumps({"key": key, "value": value, "origin": origin}))
        return 0
    width = max(len(key) for key, _, _ in rows)
    for key, value, origin in rows:
        click.echo(f"{key:<{width}}  {json.dumps(value)}  ({origin})")
    return 0
