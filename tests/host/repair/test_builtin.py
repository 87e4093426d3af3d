import asyncio
from pathlib import Path

import pytest

from loopcutter_host.model import Proposal
from loopcutter_host.repair import Builtin

from .local_toolbox import LocalToolbox
from .programs import PROGRAMS, Program

SHIPPING = PROGRAMS[0]


def repair(tools: LocalToolbox) -> Proposal:
    return asyncio.run(Builtin(seconds=100).edit(tools.briefing(), tools))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.name)
def test_a_seeded_bug_gets_a_patch_that_passes_all_tests(program: Program, tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, program.files)
    assert tools.briefing().failures
    proposal = repair(tools)
    assert len(proposal.edits) == 1, proposal.why
    tools.apply(proposal.edits[0])
    assert tools.briefing().failures == ()
    assert tools.tried <= 400
