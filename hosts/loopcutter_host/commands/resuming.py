"""Takes up a run that was cut off: by a crash, by Ctrl-C, or because a server it needs was gone."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from loopcutter_host import journal
from loopcutter_host.approval import demand_terminal
from loopcutter_host.commands.ending import command
from loopcutter_host.commands.running import Task, carry_out, told
from loopcutter_host.config import Config
from loopcutter_host.errors import BadUsage
from loopcutter_host.fixing import Request
from loopcutter_host.folders import Folders
from loopcutter_host.journal import Journal
from loopcutter_host.runlog import Event, RunLog
from loopcutter_host.view import View


def resume_here(run: str, events: list[Event], folders: Folders, *, json_output: bool) -> int:
    """Work on, in this process; returns the exit code, which means what it means for `fix`.

    What was finished is not done again. The envelopes of `json_output` go on from those of the first life.
    """
    if not folders.journal(run).exists():
        outcome = events[-1].body.get("outcome", "?") if events[-1].type == "run.end" else "?"
        raise BadUsage(f"run {run} is over: {outcome}.", f"See '{command()} show {run}', or start a new one.")
    record = journal.read(folders.journal(run))
    try:
        config = Config.model_validate(record.settings["config"])
        request = _request(record.settings["request"])
        interactive = bool(record.settings["interactive"])
    except (KeyError, TypeError, ValidationError) as error:
        raise BadUsage(
            f"run {run} can't be taken up: what was kept of it is not understood.", "Another version began it."
        ) from error
    if not request.repository.is_dir():
        raise BadUsage(f"the repository {request.repository} is gone.", f"See '{command()} show {run}'.")
    if interactive:
        demand_terminal()
    task = Task(run, request, config, folders, View(), json_output, interactive, record)

    def opening(log: RunLog, kept: Journal) -> None:
        log.write("cmd", command="resume", state=record.state or "start", after=log.seq)

    return told(lambda: carry_out(task, opening))


def _request(kept: dict[str, Any]) -> Request:
    return Request(**{**kept, "repository": Path(kept["repository"])})
