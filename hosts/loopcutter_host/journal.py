"""What a run that was cut off is taken up from: one line for all that its host learnt, written as it learns it.

The run log tells people what happened, and cuts what is long; the journal keeps what the host itself needs. A run is
always cut off within a state. So at each state the facts of the case are written down, and from there on every
outcome, every veto and every answer of a model. Taken up again, the state is begun anew, and what was finished before
the cut is answered from the journal in place of being done again (Vossen et al. call this a durable execution).

The file lies in the state folder, for its owner alone, and is removed when its run has ended for good.
"""

import hashlib
import json
import os
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from loopcutter_host.connections import outcome
from loopcutter_host.errors import GuardStopped, HostError, ModelFailed, RollbackForced
from loopcutter_host.guard import JudgedToolbox
from loopcutter_host.meter import Meter, Spent
from loopcutter_loopguard.events import Call, Outcome, Verdict

Said = TypeVar("Said")

_AGAIN = {("vcs", "publish"), ("retrieval", "index")}
"""Never answered from the journal: they prepare servers, and those are new when a run is taken up again."""

_MOVES = {"open", "edit", "rollback"}
"""Tools of vcs after which the workspace stands at the checkpoint they name."""


@dataclass
class Record:
    """What a journal tells of a run that was cut off."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    """As they were given to `begin`."""
    guard: str = ""
    """The handle of the run's history at loopguard."""
    state: str = ""
    """The state, or the end, that the run had come to; empty when it had not come to any."""
    seq: int = 0
    """The last event of the run log before that state."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Name → value of the fields of the case at that time, as plain JSON."""
    spent: Spent = field(default_factory=Spent)
    best: str | None = None
    made: list[Outcome] = field(default_factory=list)
    """Of all calls that servers answered, in order; the guard has heard of all but perhaps the last."""
    unheard: Outcome | None = None
    """The last of them, when the host did not live to see the guard's answer to it."""
    checkpoint: str = ""
    """The checkpoint that the workspace stands at, as far as the host had heard."""


class Journal:
    """Writes the journal of one run, and answers from it what was finished before a cut."""

    def __init__(self, path: Path, meter: Meter, record: Record | None = None) -> None:
        self._path = path
        self._meter = meter
        self._kept: dict[str, str] = {}
        self._known: dict[str, deque[Mapping[str, Any]]] = defaultdict(deque)
        self._everlasting: dict[str, Mapping[str, Any]] = {}
        self.record = record
        """Of the life before; None when the run has just begun."""
        self._resuming = record is not None and bool(record.state)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            os.truncate(path, _whole_lines(path))
        except OSError as error:
            raise _unwritable(path, error) from error
        if record is not None:
            self._recall()

    def begin(self, settings: Mapping[str, Any]) -> None:
        """Keep what the run was asked for."""
        self._write("begin", settings=settings)

    def name_guard(self, handle: str) -> None:
        """Keep under which handle loopguard knows the run."""
        self._write("guard", handle=handle)

    def enter(self, state: str, facts: Mapping[str, str], seq: int, best: str | None) -> None:
        """The run comes to a state: keep the facts, each as JSON; those that are as they were are not repeated."""
        if self._resuming:
            self._resuming = False  # it is the state the run was cut off in: what is known of it is still needed
            return
        changed = {name: text for name, text in facts.items() if self._kept.get(name) != text}
        self._kept |= changed
        self._known.clear()
        self._write("state", state=state, seq=seq, best=best, facts=changed)

    def keep_made(self, came: Outcome) -> None:
        """A server answered a call; the guard is about to hear of it."""
        body = {"ok": came.ok, "text": came.text, "data": came.data}
        self._write("made", call=_plain_call(came.call), came=body)

    def keep(self, call: Call, came: Outcome, best: str | None) -> None:
        """A call came to its end, the guard's word on it included; what the server said of it was kept before."""
        self._write("call", call=_plain_call(call), ok=came.ok, text=came.text, best=best)

    def keep_veto(self, call: Call, verdict: Verdict) -> None:
        """The guard forced a rollback, or stopped the run, in place of a call."""
        self._write("veto", call=_plain_call(call), verdict=asdict(verdict))

    def recall(self, call: Call) -> Outcome | None:
        """What came of this call before the cut; None when it was not made, or has to be made again.

        Raises the veto, if the guard gave one.
        """
        key = _key(_plain_call(call))
        entry = self._everlasting.get(key) or (self._known[key].popleft() if self._known.get(key) else None)
        if entry is None:
            return None
        if entry["at"] == "veto":
            verdict = _adapter(Verdict).validate_python(entry["verdict"])
            raise (RollbackForced if verdict.decision == "rollback" else GuardStopped)(verdict)
        return _outcome(call, entry)

    async def answered(self, question: str, kind: type[Said], ask: Callable[[], Awaitable[Said]]) -> Said:
        """A model's answer: the one it gave before the cut, else a new one, which is kept."""
        if known := self._known.get(question):
            entry = known.popleft()
            if entry.get("failed"):
                raise ModelFailed(entry["failed"])
            return cast(Said, _adapter(cast(Any, kind)).validate_python(entry["said"]))
        try:
            said = await ask()
        except ModelFailed as failure:
            self._write("answer", question=question, failed=str(failure) or "it failed")
            raise
        self._write("answer", question=question, said=_adapter(cast(Any, kind)).dump_python(said, mode="json"))
        return said

    def remove(self) -> None:
        """The run has ended for good."""
        self._path.unlink(missing_ok=True)

    def _recall(self) -> None:
        unheard: list[dict[str, Any]] = []
        for entry in _entries(self._path):
            match entry["at"]:
                case "state":
                    self._known.clear()
                    self._kept |= entry["facts"]
                case "made":
                    unheard = [entry]
                case "call" | "veto":
                    self._remember(entry)
                    unheard = []
                case "answer":
                    self._known[entry["question"]].append(entry)
        for entry in unheard:
            self._remember(entry)

    def _remember(self, entry: Mapping[str, Any]) -> None:
        if entry["at"] != "veto" and _outlasts_its_state(entry["call"]):
            self._everlasting[_key(entry["call"])] = entry
        elif tuple(entry["call"][:2]) not in _AGAIN:
            self._known[_key(entry["call"])].append(entry)

    def _write(self, at: str, **entry: Any) -> None:
        line = json.dumps({"at": at, **entry, "spent": asdict(self._meter.spent)}, default=_plain)
        try:
            with self._path.open("ab") as file:
                file.write(line.encode() + b"\n")
        except OSError as error:
            raise _unwritable(self._path, error) from error


def read(path: Path) -> Record:
    """What the journal of a run that was cut off tells. Raises `HostError` when there is none."""
    if not path.exists():
        raise HostError("what was known of the run is gone.", "Start it anew with 'loopcutter-host fix'.")
    record = Record()
    for entry in _entries(path):
        record.spent = Spent(**entry["spent"])
        record.best = entry.get("best") or record.best
        match entry["at"]:
            case "begin":
                record.settings = entry["settings"]
            case "guard":
                record.guard = entry["handle"]
            case "state":
                record.state, record.seq = entry["state"], entry["seq"]
                record.facts |= {name: json.loads(text) for name, text in entry["facts"].items()}
            case "made" | "call" as at:
                came = _outcome(Call(*entry["call"]), entry)
                if at == "made":
                    record.made.append(came)
                record.unheard = came if at == "made" else None
                if came.call.server == "vcs" and came.call.tool in _MOVES:
                    record.checkpoint = came.checkpoint or record.checkpoint
    return record


@dataclass(frozen=True)
class RememberedToolbox:
    """Makes no call again that came to an end before the run was cut off."""

    inner: JudgedToolbox
    journal: Journal

    @property
    def best(self) -> str | None:
        """The checkpoint with most tests green, as the guard knows it."""
        return self.inner.best

    async def call(self, call: Call) -> Outcome:
        known = self.journal.recall(call)
        if known is not None:
            return known
        try:
            came = await self.inner.call(call)
        except (RollbackForced, GuardStopped) as veto:
            self.journal.keep_veto(call, veto.verdict)
            raise
        self.journal.keep(call, came, self.inner.best)
        return came


def _plain_call(call: Call) -> list[Any]:
    return [call.server, call.tool, call.arguments]


def _outlasts_its_state(call: Any) -> bool:
    """Whether what came of a call holds as long as the run: it only reads, or it opened the workspace."""
    server, tool = call[:2]
    return (server, tool) in {("vcs", "open"), ("sandbox", "try_edits")} or (server == "retrieval" and tool != "index")


def _outcome(call: Call, entry: Mapping[str, Any]) -> Outcome:
    came = entry["came"]
    return outcome(call, came["ok"], came["text"], came["data"])


def _key(call: Any) -> str:
    server, tool, arguments = call
    asked = {name: value for name, value in arguments.items() if name != "idempotency_key"}
    return hashlib.sha256(json.dumps([server, tool, asked], sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _entries(path: Path) -> list[dict[str, Any]]:
    """The whole lines; what a killed host was just writing is not one. A call is told with what the server said."""
    content = path.read_bytes()[: _whole_lines(path)]
    made: dict[str, Any] = {}
    entries = [json.loads(line) for line in content.splitlines()]
    for entry in entries:
        if entry["at"] == "made":
            made[_key(entry["call"])] = entry["came"]
        elif entry["at"] == "call":
            came = made.pop(_key(entry["call"]), {"data": {}})  # what the guard blocked was never made
            entry["came"] = {**came, "ok": entry["ok"], "text": entry["text"]}
    return entries


def _whole_lines(path: Path) -> int:
    """Bytes up to the last line end."""
    return path.read_bytes().rfind(b"\n") + 1


def _unwritable(path: Path, error: Exception) -> HostError:
    return HostError(f"the journal {path} can't be written: {error}.", "Free some space, or set LOOPCUTTER_STATE.")
