"""Edit: ask the model for the next attempt and make it, if the guard lets it through."""

from pathlib import PurePosixPath

from loopcutter_host.case import NO_ANSWER, Case, Checkpoint
from loopcutter_host.errors import ModelFailed
from loopcutter_host.model import Proposal
from loopcutter_host.table import Signal
from loopcutter_host.toolbox import use

_STEERING = frozenset(("conftest.py", "pytest.ini", "tox.ini", "sitecustomize.py", "usercustomize.py"))


async def edit(case: Case) -> Signal:
    case.log.span = f"attempt-{len(case.attempts) + 1}"
    case.diff = ""
    case.proposal = None
    await case.show_code()
    try:
        case.proposal = await case.model.edit(case.briefing(), case.tools)
    except ModelFailed as failure:
        case.note_attempt(f"{NO_ANSWER}: {failure}", kept=False)
        case.ended_because = f"{case.model.name} gave no usable edit: {failure}"
        return Signal.NOTHING
    case.log.write("thought", model=case.model.name, text=case.proposal.why, alternatives=case.proposal.alternatives)
    if not case.proposal.edits:
        case.note_attempt(f"nothing proposed: {case.proposal.why}", kept=False)
        case.ended_because = case.proposal.why
        return Signal.NOTHING
    if guarding := _tests_among(case, case.proposal):
        case.note_attempt(f"refused: {guarding} decides what counts as fixed and is not to be edited", kept=False)
        return Signal.REFUSED
    made = await use(
        case.tools, "vcs", "edit", workspace=case.workspace, edits=[dict(edit) for edit in case.proposal.edits]
    )
    if not made.ok:
        case.note_attempt(f"refused: {made.text}", kept=False)
        return Signal.REFUSED
    checkpoint = made.data["checkpoint"]
    case.here = Checkpoint(checkpoint["id"], checkpoint["tree"])
    case.diff = made.data["diff"]
    case.rung = ""  # the forced approach was taken; from here on the model may look at its own last change again
    case.log.write("edit", tree=case.here.tree, why=case.proposal.why, diff=case.diff, changed=made.data["changed"])
    case.log.write("checkpoint", id=case.here.id, tree=case.here.tree)
    return Signal.EDITED


def _tests_among(case: Case, proposal: Proposal) -> str:
    """The first edited path that holds tests or steers them; a fix must stand without bending its judge."""
    judged = {test.split("::", 1)[0] for test in (*case.baseline.passed, *case.baseline.broken)}
    paths = (str(edit.get(key, "")) for edit in proposal.edits for key in ("path", "to"))
    return next((path for path in paths if path in judged or PurePosixPath(path).name in _STEERING), "")
