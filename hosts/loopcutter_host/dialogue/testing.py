"""Reading and writing tests: what a failing one shows, as a decision; a small new one, as a decision and code.

What a model reads is checked against what is known: the line it names has to be one of the failure's own.
"""

import ast
from collections.abc import Awaitable, Callable

from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.errors import Unusable
from loopcutter_host.chat.extraction import decision, fences, without_thoughts
from loopcutter_host.dialogue.decisions import TestDecision, TestReading
from loopcutter_host.dialogue.quoting import straight
from loopcutter_host.model import Briefing, Draft, Reading

_LONGEST = 8_000
"""Characters of a test; what is longer is no small one."""


def reading_failure(briefing: Briefing) -> Callable[[Answer], Awaitable[Reading]]:
    """How a reading of the first failure is taken from an answer."""
    failure = briefing.failures[0]
    known = {(path, line) for path, line, _ in failure.frames}
    if failure.file:
        known.add((failure.file, failure.line))

    async def read(answer: Answer) -> Reading:
        decided = decision(answer.text, TestReading)
        path, line = decided.place()
        meant = [place for place in known if place[1] == line and _means(place[0], path)]
        if known and not meant and decided.line.strip():
            listed = ", ".join(f"{path}:{line}" for path, line in sorted(known))
            raise Unusable(f"line {decided.line!r} is not one where the test went through: {listed}", "unknown-place")
        path, line = meant[0] if meant else ("", 0)
        return Reading(failure.test, decided.expected, decided.actual, path, line, decided.hypothesis)

    return read


def _means(known: str, said: str) -> bool:
    return not said or known == said or known.endswith(f"/{said}") or said.endswith(f"/{known}")


async def read_draft(answer: Answer) -> Draft:
    """The test that an answer holds. Raises `Unusable`."""
    said = without_thoughts(answer.text)
    blocks = [fence for fence in fences(said) if fence.language != "json" and "def test" in fence.code]
    if not blocks:
        raise Unusable("there is no fenced block with a test in it", "empty" if not said else "no-code")
    if not blocks[-1].closed and answer.done_reason != "stop":
        raise Unusable("the code block never ended, so the test may be cut; write less", "cut-code")
    source = straight(blocks[-1].code).replace("\r\n", "\n").rstrip("\n") + "\n"
    if len(source) > _LONGEST:
        raise Unusable(f"the test has {len(source)} characters; write a small one", "left-out")
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        problem = (
            f"the test is not valid Python: {getattr(error, 'msg', error)} in line {getattr(error, 'lineno', '?')}"
        )
        raise Unusable(problem, "not-python") from error
    if not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in module.body):
        raise Unusable("the block must define a function whose name begins with test_", "other-code")
    decided = decision(said.replace(blocks[-1].code, "\n"), TestDecision)
    return Draft(source, decided.exception, decided.actual, decided.why)
