"""Tests made of what an issue shows, and when a test that was written for a run is believed to show the bug.

An issue's code is believed more than a model's: a `>>>` example with what it should print, or a piece of code whose
trace stands below it. Either way a test counts only once it has failed, for the reason it states, in the code at work.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from loopcutter_host.chat.extraction import fences
from loopcutter_host.evidence import Evidence
from loopcutter_host.model import Draft, Failure
from loopcutter_host.stacktrace import Trace, traces

NAME = "test_loopcutter_reproduction.py"
_DRAFTS = 3
_LONGEST = 4_000
_EXPECTED = re.compile(
    r"(?:expected|should (?:be|print|return|give)|instead of)(?: to (?:be|print|return|give))?[ :\t]*"
    r"(?P<value>[^\n]{1,200})",
    re.IGNORECASE,
)
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.) ?")
_VALUE = re.compile(r"-?\d+(?:\.\d+)?|'[^']{1,80}'|\"[^\"]{1,80}\"|\b(?:None|True|False)\b")
_BROKEN = frozenset(("SyntaxError", "IndentationError", "ImportError", "ModuleNotFoundError", "NameError", "Failed"))
"""What a test that is itself wrong fails with, unless it says that this is the bug."""


def of_issue(issue: str) -> tuple[Draft, ...]:
    """The tests that the code of an issue is, likeliest first."""
    surfaced = traces(issue)
    blocks = [fence.code for fence in fences(issue) if fence.language in ("", "python", "py", "pycon", "python3")]
    found = [draft for code in blocks or [issue] for draft in _of_code(code, issue, surfaced[-1:], fenced=bool(blocks))]
    return tuple(found)[:_DRAFTS]


def _of_code(code: str, issue: str, surfaced: Sequence[Trace], *, fenced: bool) -> Iterator[Draft]:
    if len(code) > _LONGEST:
        return
    if ">>>" in code:
        yield from _of_session(code, issue, surfaced)
    elif fenced and surfaced and "Traceback" not in code and _is_code(code):
        yield _raising(code, surfaced[0])


def _of_session(code: str, issue: str, surfaced: Sequence[Trace]) -> Iterator[Draft]:
    """An interactive session: what it printed is the bug, so the test wants what the issue says it should be."""
    statements = [_PROMPT.sub("", line) for line in code.splitlines() if _PROMPT.match(line)]
    source = "\n".join(statements)
    if not _is_code(source):
        return
    if surfaced:
        yield _raising(source, surfaced[-1])
        return
    module = ast.parse(source)
    wanted = next(
        (value for match in _EXPECTED.finditer(issue) if (value := _literal(match["value"])) is not None), None
    )
    last = module.body[-1]
    if wanted is None or not isinstance(last, ast.Expr):
        return
    before = "\n".join(ast.unparse(node) for node in module.body[:-1])
    given = ast.Compare(last.value, [ast.Eq()], [ast.parse(wanted, mode="eval").body])
    body = f"{before}\nassert {ast.unparse(given)}".strip()
    yield Draft(_test(body), "AssertionError", "", "the issue shows this example and says what it should give")


def _literal(text: str) -> str | None:
    """The value that the words begin with; None when there is none."""
    quoted = re.match(r"`([^`]+)`", text.strip())
    words = quoted[1] if quoted else text.strip()
    for end in range(len(words), 0, -1):
        try:
            value = ast.literal_eval(words[:end].rstrip(" .,;"))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        return repr(value)
    return None


def _raising(code: str, trace: Trace) -> Draft:
    said = f"the issue shows this code and how it ends: {trace.exception}"
    return Draft(_test(code), trace.exception, "", said)


def _test(body: str) -> str:
    lines = "\n".join(f"    {line}" if line.strip() else "" for line in body.splitlines())
    return f"def test_reproduction():\n{lines}\n"


def _is_code(text: str) -> bool:
    try:
        return bool(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def path_for(tests: Sequence[str], taken: Sequence[str] = ()) -> str:
    """Where such a test is put: beside most other tests, so that it finds what they find."""
    folders = [str(PurePosixPath(test.split("::", 1)[0]).parent) for test in tests]
    folder = max(sorted(set(folders)), key=folders.count) if folders else "."
    return NAME if folder == "." else f"{folder}/{NAME}"


def doubt(draft: Draft, path: str, seen: Evidence, coverage: Mapping[str, Any] | None) -> str:
    """Why the test is not believed, in words for whoever wrote it; empty when it is."""
    failures = [failure for failure in seen.failures if failure.test.split("::", 1)[0] == path]
    if seen.status in ("no-tests", "crashed", "killed", "timeout", "out-of-memory"):
        return f"{seen.summary()}; write functions whose names begin with test_, and nothing that waits"
    if not failures:
        return "it passes, so it does not show the bug"
    for failure in failures:
        if reason := _doubt(draft, path, failure):
            return reason
    if draft.exception == "AssertionError" and _asserts_nothing(draft.source):
        return "what it asserts has nothing to do with the project; call the code that the issue is about"
    if coverage and not any(_is_other(ran, path) for files in coverage.values() for ran in files):
        return "it runs no code of the project; call the code that the issue is about"
    return ""


def _asserts_nothing(source: str) -> bool:
    """Whether all that is asserted are constants: `assert False` fails whatever the project does."""
    try:
        asserted = [node.test for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    speaking = (ast.Call, ast.Name)
    return bool(asserted) and not any(isinstance(part, speaking) for test in asserted for part in ast.walk(test))


def _is_other(ran: str, path: str) -> bool:
    return ran != path and not PurePosixPath(ran).name.startswith(("test_", "conftest"))


def _doubt(draft: Draft, path: str, failure: Failure) -> str:
    exception = failure.exception.rpartition(".")[2]
    wanted = draft.exception.rpartition(".")[2] or "AssertionError"
    said = f"{exception}: {failure.message[:200]}"
    if exception in _BROKEN and exception != wanted:
        return f"the test itself is broken ({said})"
    if exception != wanted:
        return f"it should fail with {wanted}, but fails with {said}"
    values = _VALUE.findall(draft.actual)
    if exception == "AssertionError" and values and not any(value.strip("'\"") in failure.message for value in values):
        return f"it should fail because the code gives {draft.actual[:120]}, but that is not what happens: {said}"
    return ""
