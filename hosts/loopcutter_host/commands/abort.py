"""`abort`: ends a run that another process works on; it tidies up and saves as after Ctrl-C."""

import os
import signal
import time

import click

from loopcutter_host import lease
from loopcutter_host.commands.ending import command, fail
from loopcutter_host.commands.steering import at_work
from loopcutter_host.errors import BadUsage, HostError
from loopcutter_host.folders import Folders

WAIT_S = 15.0


def run(name: str) -> int:
    """Ask the run's host to end and wait until it has."""
    locks = Folders.of_user().locks
    try:
        run, _ = at_work(name)
        host = lease.holder(locks, run)
        if host is None:
            raise BadUsage(f"run {run} just ended.", f"See '{command()} show {run}'.")
        lease.ask_to_end(locks, run)
        os.kill(host, signal.SIGTERM)
        deadline = time.monotonic() + WAIT_S
        while lease.holder(locks, run) is not None:
            if time.monotonic() > deadline:
                raise HostError(f"run {run} has not ended after {WAIT_S:.0f} s.", f"End it for certain: kill -9 {host}")
            time.sleep(0.05)
    except HostError as error:
        return fail(error)
    click.echo(f"Run {run} was ended.")
    return 0
