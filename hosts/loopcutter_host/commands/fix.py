"""`fix`: reads the options, and puts a new run together."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from loopcutter_host import lease, runlog
from loopcutter_host.approval import demand_terminal
from loopcutter_host.commands.ending import command
from loopcutter_host.commands.reading import read_text
from loopcutter_host.commands.running import Task, carry_out, told
from loopcutter_host.config import Config, load
from loopcutter_host.errors import BadUsage
from loopcutter_host.fixing import Request
from loopcutter_host.folders import Folders
from loopcutter_host.journal import Journal
from loopcutter_host.runlog import RunLog
from loopcutter_host.view import View

JOURNAL_DAYS = 14
"""How long a run that was cut off can be taken up again."""
MAX_ISSUE = 64 * 1024
"""Bytes; a longer text is no issue, and no model's context would hold it."""


def run(options: Mapping[str, Any]) -> int:
    """Run `fix` with the options of the command line; returns the exit code."""
    return told(lambda: _run(options))


def _run(options: Mapping[str, Any]) -> int:
    folders, view = Folders.of_user(), View()
    config = _config(options, folders)
    if options["dry_run"] and (options["apply"] or options["branch"]):
        raise BadUsage("--dry-run applies nothing.", "Leave out --apply and --branch.")
    if options["interactive"]:
        demand_terminal()
    request = Request(
        repository=options["repo"],
        issue=read_issue(options["issue"]),
        apply=options["apply"],
        branch=options["branch"],
        init=options["init"],
        dry_run=options["dry_run"],
    )
    sweep(folders, view.say)
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
    task = Task(name, request, config, folders, view, options["json_output"], options["interactive"])

    def opening(log: RunLog, journal: Journal) -> None:
        # The journal comes first: a run that is in the log can be taken up again, however soon its host dies.
        asked = {**asdict(request), "repository": str(request.repository)}
        journal.begin(
            {"config": config.model_dump(mode="json"), "request": asked, "interactive": options["interactive"]}
        )
        log.write(
            "run.start",
            run=name,
            repository=str(request.repository),
            issue=request.issue,
            model=config.model,
            test=config.test,
            guard=config.guard.kind if config.guard.enabled else "none",
            dry_run=request.dry_run,
            version=_version(),
        )

    return carry_out(task, opening)


def _config(options: Mapping[str, Any], folders: Folders) -> Config:
    given = {
        "model": options["model"],
        "test": options["test"],
        "manifest": options["manifest"],
        "sandbox.python": options["python"],
        "sandbox.unsafe_local": options["unsafe_local"] or None,
        "keep_test": options["keep_test"] or None,
        "repair_prepass": False if options["no_prepass"] else None,
        "allow_test_edits": options["allow_test_edits"] or None,
        "limits.attempts": options["attempts"],
        "limits.minutes": options["minutes"],
        "limits.tokens": options["tokens"],
        "limits.test_runs": options["test_runs"],
        "guard.enabled": False if options["no_guard"] else None,
        "guard.kind": options["guard"],
    }
    return load(given, repository=options["repo"], user_folder=folders.config).config


def read_issue(given: str) -> str:
    """The issue's text: as given, or from the file named behind an `@` (`@-`: standard input)."""
    return read_text(given, "issue", MAX_ISSUE, "Cut it to what describes the bug.")


def sweep(folders: Folders, say: Callable[[str], None]) -> list[str]:
    """Close the log of runs whose host was killed; their servers ended with it, their folders go at the next start.

    Journals of runs that nobody took up again for long are thrown away.
    """
    found = [name for name in lease.abandoned(folders.locks) if next(runlog.events(folders.run_log, name), None)]
    for name in found:
        resumable = folders.journal(name).exists()
        log = RunLog(folders.run_log, name)
        log.write("run.end", outcome="crashed", reason="the host ended without saying why", resumable=resumable)
        log.close()
        on = f"; go on with it: {command()} resume {name}" if resumable else "; its log is closed now"
        say(f"run {name} had been cut off{on}")
    for journal in folders.journals.glob("*.jsonl") if folders.journals.is_dir() else ():
        if time.time() - journal.stat().st_mtime > JOURNAL_DAYS * 86_400:
            journal.unlink(missing_ok=True)
    return found


def _version() -> str:
    from importlib.metadata import version

    return version("loopcutter")
