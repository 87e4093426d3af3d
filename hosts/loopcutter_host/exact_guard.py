"""A guard that cuts exact repetitions only, the way simple agents do it: what Loopcutter is compared with."""

import json
from collections import defaultdict, deque
from dataclasses import dataclass, field

from loopcutter_loopguard.events import Call, Outcome, Verdict

REPETITIONS = 3


@dataclass
class ExactGuard:
    """Stops the run at the third call of a tool that is, to the byte, what the last two were: `--guard exact`.

    A blank more is another call to it, and so are two calls in turns.
    """

    _last: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=REPETITIONS - 1)))

    async def review(self, call: Call) -> Verdict:
        if _is_plumbing(call) or list(self._last[_name(call)]) != [_exactly(call)] * (REPETITIONS - 1):
            return Verdict("allow")
        return Verdict("stop", "repetition", f"the same call of {_name(call)} for the third time in a row")

    async def record(self, outcome: Outcome) -> str | None:
        self._last[_name(outcome.call)].append(_exactly(outcome.call))
        return None


def _name(call: Call) -> str:
    return f"{call.server}.{call.tool}"


def _exactly(call: Call) -> str:
    asked = {name: value for name, value in call.arguments.items() if name != "idempotency_key"}
    return json.dumps(asked, sort_keys=True, default=str)


def _is_plumbing(call: Call) -> bool:
    """Calls that the host makes and no agent chose: the same arguments mean another thing each time."""
    return (call.server == "vcs" and call.tool != "edit") or (call.server, call.tool) == ("retrieval", "index")
