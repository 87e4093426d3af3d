"""`bench`: what the host measures of itself."""

import json
from dataclasses import asdict

import click

from loopcutter_host.bench.death_loop import MAX_ATTEMPTS, Guard, agents, run
from loopcutter_host.commands.ending import fail
from loopcutter_host.errors import BadUsage


def death_loop(chosen: tuple[str, ...], guards: tuple[Guard, ...], *, json_output: bool) -> int:
    """Print a line for each agent and guard; 0 when the full guard cut all, else 3."""
    known = agents()
    unknown = [name for name in chosen if name not in known]
    if unknown:
        return fail(BadUsage(f"there is no agent {unknown[0]!r}.", f"Known are {', '.join(known)}."))
    held = True
    for cut in run(list(chosen) or known, guards):
        held &= cut.held or cut.guard != "full"
        if json_output:
            click.echo(json.dumps({**asdict(cut), "held": cut.held}))
            continue
        at = f"first veto at attempt {cut.first_veto}" if cut.first_veto else "no veto"
        rollbacks = f"{cut.rollbacks} rollback{'s' * (cut.rollbacks != 1)}"
        edits = f"{cut.edits} of {MAX_ATTEMPTS} edits made"
        ending = f"{cut.outcome}, {cut.seconds:.1f} s  ({', '.join(cut.kinds) or 'no loop named'})"
        word = "cut " if cut.held else "LOOP"
        click.echo(f"{word}  {cut.agent:<12} {cut.guard:<6} {at}, {rollbacks}, {edits}, {ending}")
    return 0 if held else 3
