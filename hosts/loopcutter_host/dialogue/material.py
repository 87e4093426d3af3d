"""What a prompt is made of: the parts of a briefing in words, most of them data that others wrote."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from loopcutter_host.dialogue.budget import Part, shortened
from loopcutter_host.model import Attempt, Briefing, Failure, Place

_FAILURES = 3
"""More failing tests are only counted: one assertion with real values teaches more than twenty."""
_MESSAGE_LENGTH = 700
_RESULT_LENGTH = 300
_FRAMES = 6
_ATTEMPTS = 6
_WORDS = 5
_WARM = 0.3
"""Suspicion from which on a line is named."""
_HOT_LINES = 8
_HOT_FILES = 3


def issue(briefing: Briefing) -> Part:
    """What the user reported."""
    return Part("the issue", briefing.issue, priority=1, share=0.25, lasting=True)


def failure(briefing: Briefing) -> Part:
    """The first failing test: where it went through, what it saw. It always comes in."""
    told = _failure(briefing.failures[0]) if briefing.failures else ""
    return Part("the test that fails now", told, priority=0, share=0.2)


def other_failures(briefing: Briefing) -> Part:
    """The other failing tests, a few of them."""
    told = [_failure(failure) for failure in briefing.failures[1:_FAILURES]]
    if (more := len(briefing.failures) - _FAILURES) > 0:
        told.append(f"and {more} more tests fail")
    return Part("other tests that fail now", "\n\n".join(told), priority=3, share=0.15)


def _failure(failure: Failure) -> str:
    # Deepest first, and before the message: should it be too long, the middle is what is cut.
    frames = [f"  at {path}:{line} in {function}" for path, line, function in reversed(failure.frames[-_FRAMES:])]
    if failure.outside:
        frames.append(f"  (outside the workspace: {', '.join(failure.outside[-3:])})")
    return "\n".join([failure.test, *frames, f"{failure.exception}: {shortened(failure.message, _MESSAGE_LENGTH)}"])


def test(source: str) -> Part:
    """The test that fails, as far as it gets."""
    return Part("the failing test, up to where it fails", source, priority=0, share=0.15, lasting=True)


def places(briefing: Briefing) -> Part:
    """Where to look, as a list."""
    rows = [f"{place.path}  {place.symbol or '(module level)'}  [{place.why}]" for place in briefing.places[:15]]
    title = "suspicious places, most suspicious first: path, symbol, why"
    return Part(title, "\n".join(rows), priority=1, share=0.2, lasting=True)


def spectrum(briefing: Briefing, place: Place | None = None) -> Part:
    """Which lines failing tests run and passing ones don't: of one place, or of all."""
    rows = []
    for path, lines in sorted(briefing.suspicion.items(), key=lambda pair: -max(pair[1].values(), default=0.0)):
        hot = [
            (line, score)
            for line, score in sorted(lines.items(), key=lambda pair: (-pair[1], pair[0]))
            if score >= _WARM and (place is None or (path == place.path and place.lines[0] <= line <= place.lines[1]))
        ]
        if hot:
            rows.append(f"{path}: " + ", ".join(f"{line} ({score:.2f})" for line, score in hot[:_HOT_LINES]))
    title = "lines that failing tests run more than passing ones (1.00: only failing ones)"
    return Part(title, "\n".join(rows[:_HOT_FILES]), priority=2, share=0.1)


def traces(briefing: Briefing) -> Part:
    """The stack traces of the issue, in terms of the workspace."""
    return Part("the issue's stack traces, deepest frame first", briefing.traces, priority=1, share=0.1, lasting=True)


def reading(briefing: Briefing) -> Part:
    """What was read out of the failing test."""
    said = briefing.reading.words() if briefing.reading else ""
    # The model's own conclusions go when a fresh start is forced: they are what it has to get away from.
    return Part("what the failing test shows", "" if briefing.rung else said, priority=1, share=0.1)


def observation(briefing: Briefing) -> Part:
    """What was found out before this question."""
    return Part("a smaller test that shows the bug", briefing.observation, priority=1, share=0.15)


def refusals(refused: Sequence[str]) -> Part:
    """Why earlier tests were not believed."""
    rows = "\n".join(f"{number}. {reason}" for number, reason in enumerate(refused, 1))
    return Part("tests that were written before, and why none of them shows the bug", rows, priority=0, share=0.1)


def code(place: Place, source: str, priority: int) -> Part:
    """The code of one place, whole or not at all."""
    title = f"code of {place.symbol or 'lines'} in {place.path}"
    return Part(title, source, priority, keep=True, lasting=True)


def context(source: str, left_out: Sequence[str], remade: Callable[[int], Awaitable[Part]] | None = None) -> Part:
    """The code that retrieval put together; `remade` makes it for less room."""
    told = f"{len(left_out)} functions had no room, first {left_out[0]}" if left_out else ""
    title = "code to look at, the most suspicious file first, with line numbers"
    return Part(title, source, priority=2, lasting=True, lacks=told, remade=remade)


def paths(briefing: Briefing) -> Part:
    """The files that a fault may be in, where nothing names the place."""
    return Part(
        "files that may be at fault, most suspicious first",
        "\n".join(briefing.paths),
        priority=1,
        share=0.12,
        lasting=True,
    )


def target(place: Place, source: str) -> Part:
    """The code that is to be changed. It always comes in."""
    title = f"code of {place.symbol or 'lines'} in {place.path}, to be changed"
    return Part(title, source, priority=0, share=0.6)


def file(path: str, source: str) -> Part:
    """What stands around the code that is to be changed."""
    return Part(f"the file {path}", source, priority=4, keep=True, lasting=True)


def hypothesis(briefing: Briefing) -> Part:
    """What the plan says is wrong."""
    said = briefing.plan.hypothesis if briefing.plan else ""
    return Part("the hypothesis of the plan", said, priority=1, share=0.1)


def history(briefing: Briefing) -> Part:
    """What was tried and what came of it, as facts: no code, and no opinion on it."""
    # The model's own conclusions go when a fresh start is forced: they are what it has to get away from.
    told = [_attempt(attempt, lessons=not briefing.rung) for attempt in briefing.attempts[-_ATTEMPTS:]]
    if (earlier := len(briefing.attempts) - _ATTEMPTS) > 0:
        told.append(f"({earlier} earlier attempts failed too)")
    return Part("already tried, and failed; not again", "\n".join(told), priority=1, share=0.2)


def _attempt(attempt: Attempt, *, lessons: bool) -> str:
    what = attempt.why or attempt.hypothesis
    if not what:
        return f"{attempt.number}. {shortened(attempt.result, _RESULT_LENGTH)}"
    changed = f" ({', '.join(_changes(attempt.diff))})" if attempt.diff else ""
    result = shortened(attempt.result, _RESULT_LENGTH)
    learnt = f" -> learnt: {shortened(attempt.lesson, _RESULT_LENGTH)}" if attempt.lesson and lessons else ""
    return f"{attempt.number}. tried: {shortened(what, 200)}{changed} -> failed because: {result}{learnt}"


def _changes(diff: str) -> Iterable[str]:
    """`shop/cart.py +2 -1` for each file of a diff."""
    path, counts = "", {"+": 0, "-": 0}
    for line in [*diff.splitlines(), "+++ "]:
        if line.startswith("+++ "):
            if path:
                yield f"{path} +{counts['+']} -{counts['-']}"
            path, counts = line[4:].removeprefix("b/"), {"+": 0, "-": 0}
        elif line[:1] in counts and not line.startswith("--- "):
            counts[line[0]] += 1


def last_change(briefing: Briefing) -> Part:
    """The code of the last attempt. Left out after the guard stepped in: who sees failed code writes it again."""
    diff = briefing.attempts[-1].diff if briefing.attempts and not briefing.rung else ""
    return Part("the last attempt as a diff", diff, priority=2, share=0.2)


def words(briefing: Briefing) -> Part:
    """What the user said while the run went on. It comes from the person at the keyboard, so it is no mere data."""
    said = "\n".join(f"- {word}" for word in briefing.words[-_WORDS:])
    return Part("words", f"The user adds:\n{said}" if said else "", priority=0, data=False, share=0.1)


def directive(briefing: Briefing) -> Part:
    """The guard's word."""
    said = f"IMPORTANT, a different approach is required now:\n{briefing.directive}" if briefing.directive else ""
    return Part("directive", said, priority=0, data=False, share=0.15)


def reminder(text: str) -> Part:
    """The last line, which small models heed most."""
    return Part("reminder", text, priority=0, data=False)
