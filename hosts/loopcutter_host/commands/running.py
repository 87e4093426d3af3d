"""Runs one run in this process, be it new or one that was cut off, and says how it ended."""

import asyncio
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import click

from loopcutter_host import lease, runlog
from loopcutter_host.approval import ask_on_terminal
from loopcutter_host.chat.metered import Metered
from loopcutter_host.chat.protocol import Chat
from loopcutter_host.chat.scripted import Scripted
from loopcutter_host.commands.ending import command, explain, fail, show_patch
from loopcutter_host.config import Config
from loopcutter_host.control import Control
from loopcutter_host.dialogue import Exchange
from loopcutter_host.errors import BadUsage, HostError
from loopcutter_host.fixing import Approval, Request, Run, fix
from loopcutter_host.folders import Folders
from loopcutter_host.interrupts import Interrupts
from loopcutter_host.journal import Journal, Record
from loopcutter_host.meter import Meter
from loopcutter_host.models import models
from loopcutter_host.orders import Orders
from loopcutter_host.report import Report
from loopcutter_host.runlog import Event, RunLog
from loopcutter_host.servers import ServerGroup
from loopcutter_host.view import View

ABORTED = 5
"""Exit code of a run that another command asked to end."""


@dataclass(frozen=True)
class Task:
    """One run to be worked on here."""

    name: str
    request: Request
    config: Config
    folders: Folders
    view: View
    json_output: bool
    interactive: bool
    record: Record | None = None
    """What the run was cut off with; None: it begins now."""


def told(work: Callable[[], int]) -> int:
    """The exit code of `work`; what goes wrong in it is said in a sentence."""
    try:
        return work()
    except HostError as error:
        return fail(error)
    except BrokenPipeError:
        os.close(sys.stdout.fileno())  # whoever read us is gone; there is nobody left to tell
        return 1
    except OSError as error:
        return fail(
            HostError(f"{error.strerror or error}: {error.filename or 'unknown file'}.", "Check space and rights.")
        )


def carry_out(task: Task, opening: Callable[[RunLog, Journal], None]) -> int:
    """Work on a run until it ends; `opening` writes its first words. Returns the exit code."""
    listeners = (task.view, *((_print_line,) if task.json_output else ()))
    with lease.held(task.folders.locks, task.name):
        log = RunLog(task.folders.run_log, task.name, listeners)
        try:
            return _carry_out(task, log, opening)
        except BaseException as error:
            task.view.quiet()
            begun = log.seq > 1
            if not log.ended:
                with contextlib.suppress(HostError):  # the log itself may be what failed
                    log.write("run.end", **_how(task, "error", str(error) or type(error).__name__))
            if task.folders.journal(task.name).exists() and not isinstance(error, BadUsage):
                _offer(task, begun=begun)
            raise


def _carry_out(task: Task, log: RunLog, opening: Callable[[RunLog, Journal], None]) -> int:
    before = list(runlog.events(task.folders.run_log, task.name))
    meter = Meter(task.config.limits, task.record.spent if task.record else None)
    journal = Journal(task.folders.journal(task.name), meter, task.record)
    opening(log, journal)
    orders = Orders(task.folders.run_log, task.name, heard(before))
    control = Control(orders, log, meter, nudges(before))
    if task.record:
        control.take_up()
        log.expect(written_again(before, task.record.seq))
    approval = Approval(ask_on_terminal, task.view.show_diff) if task.interactive else None
    return asyncio.run(_run(task, Run(log, journal, control, meter, approval), before))


async def _run(task: Task, run: Run, before: list[Event]) -> int:
    this = asyncio.current_task()
    assert this is not None

    def wrap(chat: Chat) -> Chat:
        if isinstance(chat, Scripted):
            chat.skip(Counter(event.body["step"] for event in before if "step" in event.body))
        return Metered(chat, run.meter)

    async with ServerGroup() as group:
        interrupts = Interrupts(this, group.kill, task.view.say)
        interrupts.install()
        try:
            async with models(task.config, lambda said: note(run.log, said), task.view.hear, wrap) as chosen:
                report = await fix(task.request, task.config, task.folders, chosen, run, group)
        except asyncio.CancelledError:
            if interrupts.received is None:
                raise
            asked = lease.is_asked_to_end(task.folders.locks, task.name)
            reason = "on request" if asked else f"by {interrupts.received.name}"
            run.log.write("run.end", **_how(task, "aborted", reason))
            task.view.quiet()
            _offer(task)
            return ABORTED if asked else 128 + interrupts.received
    run.log.write("run.end", **asdict(report), flaws=flaws(runlog.events(task.folders.run_log, task.name)))
    run.journal.remove()
    return _conclude(report, task)


def _offer(task: Task, *, begun: bool = True) -> None:
    kept = "What was finished is kept. Go on with it:" if begun else "Nothing was done yet. Once it is mended, go on:"
    task.view.say(f"{kept}  {command()} resume {task.name}", "dim")


def _how(task: Task, outcome: str, reason: str) -> Mapping[str, Any]:
    """What `run.end` says of a run that did not come to its end, and can be taken up again."""
    resumable = task.folders.journal(task.name).exists()
    return {
        "outcome": outcome,
        "reason": reason,
        "repository": str(task.request.repository),
        "resumable": resumable,
    }


def heard(events: list[Event]) -> int:
    """The number of the last order that the run has heard."""
    return max((int(event.body.get("order", 0)) for event in events if event.type == "cmd"), default=0)


def flaws(events: Iterable[Event]) -> dict[str, int]:
    """How often an answer of a model could not be used, by what was wrong with it."""
    return dict(Counter(str(event.body["flaw"]) for event in events if event.body.get("flaw")))


def nudges(events: list[Event]) -> tuple[str, ...]:
    """What the user said to the agent, oldest first."""
    return tuple(e.body["text"] for e in events if e.type == "cmd" and e.body["command"] == "nudge")


def written_again(events: list[Event], seq: int) -> list[Event]:
    """What the state that was cut off had written, and will write again when it is taken anew.

    Calls and questions to a model are not among it: they are answered from the journal and write nothing.
    """
    kinds = {"state", "thought", "test", "edit", "checkpoint", "rollback", "reflection"}
    return [
        event
        for event in events
        if event.seq > seq and event.type in kinds and "step" not in event.body and not _is_pause(event)
    ]


def _is_pause(event: Event) -> bool:
    return event.body.get("state") == "paused" or "after" in event.body


def note(log: RunLog, exchange: Exchange) -> None:
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


def _conclude(report: Report, task: Task) -> int:
    if report.patch and not task.json_output:
        show_patch(report.patch)
    for line, style in explain(report, task.name):
        task.view.say(line, style)
    return 0 if report.verified or report.outcome == "planned" else 3


def _print_line(event: Event) -> None:
    click.echo(event.line())
