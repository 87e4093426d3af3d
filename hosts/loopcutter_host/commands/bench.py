"""`bench`: what the host measures of itself."""

import json
from dataclasses import asdict

import click

from loopcutter_host.bench.death_loop import MAX_ATTEMPTS, agents, run
from loopcutter_host.commands.ending import fail
from loopcutter_host.errors import BadUsage


def death_loop(chosen: tuple[str, ...], *, json_output: bool) -> int:
    """Print a line for each agent; 0 when all were cut, else 3."""
    known = agents()
    unknown = [name for name in chosen if name not in known]
    if unknown:
        return fail(BadUsage(f"there is no agent {unknown[0]!r}.", f"Known are {', '.join(known)}."))
    held = True
    for cut in run(list(chosen) or known):
        held &= cut.held
        if json_output:
            click.echo(json.dumps({**asdict(cut), "held": cut.held}))
            continue
        at = f"first veto at attempt {cut.first_veto}" if cut.first_veto else "no veto"
        rollbacks = f"{cut.rollbacks} rollback{'s' * (cut.rollbacks != 1)}"
        edits = f"{cut.edits} of {MAX_ATTEMPTS} edits made"
        ending = f"{cut.outcome}, {cut.seconds:.1f} s  ({', '.join(cut.kinds) or 'no loop named'})"
        click.echo(f"{'cut ' if cut.held else 'LOOP'}  {cut.agent:<12} {at}, {rollbacks}, {edits}, {ending}")
    return 0 if held else 3
