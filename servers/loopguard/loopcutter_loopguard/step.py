"""One step of a run as the detectors compare it: the call, and what came of it."""

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from loopcutter_loopguard.action import Action, action
from loopcutter_loopguard.edit import Edit, from_diff
from loopcutter_loopguard.events import Call, Outcome, Tests
from loopcutter_loopguard.failure import is_going_on, is_over, is_transient, shows_a_run, signature
from loopcutter_loopguard.scrub import clip, figures, scrub, skeleton, without

if TYPE_CHECKING:
    from loopcutter_loopguard.ledger import Seen


@dataclass(frozen=True)
class Answer:
    """What a call brought back, without what changes by itself."""

    ok: bool
    key: str
    """Equal for equal answers, whatever the order of their lines."""
    shape: str
    """Equal for answers that differ in figures at most."""
    short: bool
    """Whether it is a few lines at most, such as a gauge or a clock shows."""
    figures: tuple[float, ...]
    """The first figures it shows."""
    words: tuple[str, ...]
    """The first words of a failure."""
    signature: str
    """What went wrong; empty when nothing did."""
    complaint: str
    """The signature without the arguments it repeats: equal for one refusal of different calls."""
    lines: frozenset[int]
    """Hashes of the lines it shows."""
    tests: Tests | None = None
    transient: bool = False
    going_on: bool = False
    over: bool = False
    """Whether it says that something came to its end."""
    ran: bool = False
    """Whether it shows what a program did."""
    empty: bool = False
    """Whether it says nothing at all, or that nothing was found."""

    @property
    def failing(self) -> frozenset[str] | None:
        """Ids of the tests that don't pass; None when no tests were run."""
        return None if self.tests is None else frozenset((*self.tests.failed, *self.tests.errors))


@dataclass(frozen=True)
class Step:
    """One call, with its answer once it was made."""

    number: int
    action: Action
    prose: str = ""
    """What was said along with it."""
    answer: Answer | None = None
    """None as long as the call is only intended."""
    tree: str | None = None
    diff: Edit | None = None
    """What the call changed, when somebody knows."""
    before: int = 0
    """The state of the workspace it was made in."""
    after: int = 0
    """The state it left behind."""
    fresh: bool = False
    """Whether it brought the workspace into a state it was never in before."""
    seen: "Seen | None" = None
    """What of it was there before; None as long as the call is only intended."""
    progress: bool = False
    """Whether a test passes that never did."""
    checkpoint: str | None = None

    @property
    def stale(self) -> bool:
        """Whether it brought nothing new."""
        return self.seen is not None and self.seen.stale

    @property
    def edit(self) -> Edit | None:
        """The edit that was asked for; what really changed when nobody can say what was asked for."""
        if self.action.kind == "switch":
            return None
        return self.action.edit or (self.diff if self.action.kind in ("edit", "run", "other") else None)


_NOTHING = (
    "no match",
    "no result",
    "not found",
    "0 matches",
    "found 0",
    "nothing",
    "no files",
    "no such",
    "none",
    "[]",
    "{}",
    "null",
)


def intended(number: int, call: Call, text: str, state: int = 0) -> Step:
    """A call that somebody wants to make while the workspace is in a state."""
    what = action(call)
    return Step(number, what, prose=f"{text} {what.said}".strip(), before=state, after=state)


def made(intent: Step, outcome: Outcome) -> Step:
    """The step that `intent` became."""
    diff = from_diff(outcome.diff) if outcome.diff else None
    return replace(
        intent,
        answer=_answer(intent.action, outcome),
        tree=outcome.tree or None,
        diff=diff,
        checkpoint=outcome.checkpoint or None,
    )


def _answer(what: Action, outcome: Outcome) -> Answer:
    text = clip(outcome.text)
    clean = scrub(text)
    lines = _listed(clean) if what.kind == "list" and what.key.startswith("shell ") else clean.splitlines()
    tests = outcome.tests
    red = tests is not None and bool(tests.failed or tests.errors)
    wrong = signature(text, tests) if red or not outcome.ok else ""
    shown = sorted(set(lines))
    length = str(len(outcome.text)) if len(outcome.text) > len(text) else ""
    low = clean[:300].lower()
    return Answer(
        ok=not wrong and outcome.ok,
        key=_key("\n".join((*shown, length, str(outcome.ok)))),
        shape=_key("\n".join((*sorted(skeleton(line) for line in lines), str(outcome.ok)))),
        short=len(lines) <= 3,
        figures=figures(clean),
        words=() if outcome.ok else tuple(clean[:1_000].split()[:80]),
        signature=wrong,
        complaint=without(wrong, what.echoes) if wrong else "",
        lines=_shown(what, shown) if what.kind == "read" else frozenset(),
        tests=tests,
        transient=not outcome.ok and what.kind not in ("edit", "prose", "read", "list") and is_transient(text),
        going_on=outcome.ok and not wrong and is_going_on(text),
        over=is_over(text),
        ran=tests is not None or (not outcome.ok and what.kind == "edit" and shows_a_run(text)),
        empty=not clean or (len(clean) < 200 and any(word in low for word in _NOTHING)),
    )


_NUMBERED = re.compile(r"^\d+\s*[:|→]\s?|^\d+ (?=\S)|^\[\d+\]\s?")
"""How tools number the lines they show."""


def _shown(what: Action, lines: list[str]) -> frozenset[int]:
    """The lines of a file that were read: the same line of another file is another one."""
    file = what.spans[0].path.rsplit("/", 1)[-1] if what.spans else ""
    return frozenset(hash_line(f"{file} {_NUMBERED.sub('', line)}") for line in lines[:2000])


def _listed(text: str) -> list[str]:
    """The names in a listing, whatever else is told about them."""
    names = (line.split()[-1] for line in text.splitlines() if not line.startswith("total "))
    return [name.removeprefix("./").rstrip("/") for name in names if name not in (".", "..")]


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def hash_line(line: str) -> int:
    """A number that stands for a line, the same in every process."""
    return int.from_bytes(hashlib.blake2b(line.encode("utf-8", "replace"), digest_size=6).digest())
