"""`fix`: puts the parts of a run together, runs it, and says how it ended."""

import asyncio
import contextlib
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from loopcutter_host import lease
from loopcutter_host.commands.ending import explain, fail, show_patch
from loopcutter_host.config import Config, load
from loopcutter_host.dialogue import Exchange
from loopcutter_host.errors import BadUsage, HostError
from loopcutter_host.fixing import Report, Request, fix
from loopcutter_host.folders import Folders
from loopcutter_host.interrupts import Interrupts
from loopcutter_host.models import models
from loopcutter_host.runlog import Event, RunLog
from loopcutter_host.servers import ServerGroup
from loopcutter_host.view import View

ABORTED = 5
"""Exit code of a run that another command asked to end."""
MAX_ISSUE = 64 * 1024
"""Bytes; a longer text is no issue, and no model's context would hold it."""


def run(options: Mapping[str, Any]) -> int:
    """Run `fix` with the options of the command line; returns the exit code."""
    folders = Folders.of_user()
    view = View()
    try:
        config = _config(options, folders)
        request = Request(
            repository=options["repo"],
            issue=read_issue(options["issue"]),
            apply=options["apply"],
            branch=options["branch"],
            init=options["init"],
        )
        sweep(folders, view.say)
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
        listeners = (view, *((_print_line,) if options["json_output"] else ()))
        with lease.held(folders.locks, name):
            log = RunLog(folders.run_log, name, listeners)
            log.write(
                "run.start",
                run=name,
                repository=str(request.repository),
                issue=request.issue,
                model=config.model,
                test=config.test,
                guard=config.guard.enabled,
                version=_version(),
            )
            return asyncio.run(_run(request, config, folders, log, view, json_output=options["json_output"]))
    except HostError as error:
        return fail(error)
    except BrokenPipeError:
        os.close(sys.stdout.fileno())  # whoever read us is gone; there is nobody left to tell
        return 1
    except OSError as error:
        return fail(
            HostError(f"{error.strerror or error}: {error.filename or 'unknown file'}.", "Check space and rights.")
        )


async def _run(
    request: Request, config: Config, folders: Folders, log: RunLog, view: View, *, json_output: bool
) -> int:
    task = asyncio.current_task()
    assert task is not None
    async with ServerGroup() as group:
        interrupts = Interrupts(task, group.kill, view.say)
        interrupts.install()
        try:
            async with models(config, lambda exchange: _note(log, exchange), view.hear) as chosen:
                report = await fix(request, config, folders, chosen, log, group)
        except asyncio.CancelledError:
            if interrupts.received is None:
                raise
            asked = lease.is_asked_to_end(folders.locks, log.run)
            reason = "on request" if asked else f"by {interrupts.received.name}"
            log.write("run.end", outcome="aborted", reason=reason, repository=str(request.repository))
            view.quiet()
            return ABORTED if asked else 128 + interrupts.received
        except (HostError, OSError) as error:
            with contextlib.suppress(HostError):  # the log itself may be what failed
                log.write("run.end", outcome="error", reason=str(error), repository=str(request.repository))
            view.quiet()
            raise
    log.write("run.end", **asdict(report))
    return _conclude(report, log.run, view, json_output=json_output)


def _note(log: RunLog, exchange: Exchange) -> None:
    """Keep what was asked of a language model and what it said."""
    log.write(
        "thought",
        step=exchange.step,
        words=exchange.prompt,
        prompt="\n\n".join(message.text for message in exchange.messages),
        answer=exchange.answer.text,
        left_out=list(exchange.left_out),
        flaw=exchange.flaw,
        problem=exchange.problem,
        tokens={
            "estimated": exchange.estimate,
            "prompt": exchange.answer.prompt_tokens,
            "answer": exchange.answer.answer_tokens,
        },
        seconds=exchange.seconds,
        text=exchange.answer.note,
    )


def _conclude(report: Report, name: str, view: View, *, json_output: bool) -> int:
    if report.patch and not json_output:
        show_patch(report.patch)
    for line, style in explain(report, name):
        view.say(line, style)
    return 0 if report.verified else 3


def _config(options: Mapping[str, Any], folders: Folders) -> Config:
    given = {
        "model": options["model"],
        "test": options["test"],
        "manifest": options["manifest"],
        "sandbox.python": options["python"],
        "sandbox.unsafe_local": options["unsafe_local"] or None,
        "limits.attempts": options["attempts"],
        "limits.minutes": options["minutes"],
        "guard.enabled": False if options["no_guard"] else None,
    }
    return load(given, repository=options["repo"], user_folder=folders.config).config


def read_issue(given: str) -> str:
    """The issue's text: as given, or from the file named behind an `@` (`@-`: standard input)."""
    source = "--issue"
    raw = given.encode("utf-8", "surrogateescape")
    if given.startswith("@"):
        source = given[1:]
        try:
            raw = sys.stdin.buffer.read(MAX_ISSUE + 1) if source == "-" else Path(source).read_bytes()
        except OSError as error:
            raise BadUsage(
                f"the issue can't be read: {error}.", "Give a file behind the @, or the text itself."
            ) from error
    if len(raw) > MAX_ISSUE:
        raise BadUsage(f"the issue is longer than {MAX_ISSUE // 1024} KiB.", "Cut it to what describes the bug.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadUsage(f"the issue in {source} is no text.", "It must be UTF-8.") from error
    if "\0" in text:
        raise BadUsage(f"the issue in {source} is no text.", "It must be UTF-8.")
    if not text.strip():
        raise BadUsage("the issue is empty.", "Say in a sentence what is wrong.")
    return text.strip()


def sweep(folders: Folders, say: Callable[[str], None]) -> list[str]:
    """Close the log of runs whose host was killed; their servers ended with it, their folders go at the next start."""
    found = lease.abandoned(folders.locks)
    for name in found:
        log = RunLog(folders.run_log, name)
        log.write("run.end", outcome="crashed", reason="the host ended without saying why")
        log.close()
        say(f"run {name} had been cut off; its log is closed now")
    return found


def _print_line(event: Event) -> None:
    click.echo(event.line())


def _version() -> str:
    from importlib.metadata import version

    return version("loopcutter")
