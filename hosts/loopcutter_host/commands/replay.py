"""`replay`: judges a recorded run again, by loopguard as it is today, without a server and without a model."""

import json
import subprocess
import sys
from typing import Any

import click

from loopcutter_host.commands.ending import fail
from loopcutter_host.commands.history import one_run
from loopcutter_host.environment import without_settings
from loopcutter_host.errors import HostError
from loopcutter_host.folders import Folders
from loopcutter_host.terminal import visible


def run(name: str, *, json_output: bool) -> int:
    """Print the verdict on each step of a run; what is JSON is loopguard's own words."""
    try:
        chosen = one_run(name)
        lines = _judge(chosen)
    except HostError as error:
        return fail(error)
    if json_output:
        click.echo("".join(lines), nl=False)
        return 0
    *steps, summary = [json.loads(line) for line in lines]
    for step in steps:
        click.echo(_words(step))
    flagged = f"first flagged at step {summary['first_flag']}" if summary["first_flag"] is not None else "no loop"
    click.echo(f"{summary['steps']} steps, {flagged}, {summary['wasted_steps']} steps wasted.")
    return 0


def _judge(chosen: str) -> list[str]:
    log = Folders.of_user().run_log
    done = subprocess.run(
        [sys.executable, "-P", "-m", "loopcutter_loopguard", "replay", str(log), "--run", chosen],
        env=without_settings(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise HostError(f"loopguard could not judge the run: {said.removeprefix('error: ')}")
    return done.stdout.splitlines(keepends=True)


def _words(step: dict[str, Any]) -> str:
    decision = str(step["decision"])
    said = "" if decision == "allow" else f"  {step.get('kind', '')}: {step.get('reason', '')}"
    return visible(f"{step['step']:>4}  {decision:<8}  {step.get('tool', '')}{said}")
