"""Reads stack traces out of text: of an issue, or of what a test run printed.

Understood are Python's own form (chained exceptions, syntax errors and exception groups included) and pytest's long,
short and line forms, with the paths of any system. What lies outside the
workspace is named, and dropped from the frames.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from loopcutter_host.chat.cleaning import clean

LONGEST = 200_000
"""Characters that are looked at; the end of a text, where the last trace is."""
_MESSAGE_LINES = 20
_FRAMES = 60

Relation = Literal["", "cause", "context", "member"]
"""Why a trace follows the one before: raised from it, raised while it was handled, or a member of its group."""


@dataclass(frozen=True)
class Frame:
    """One level of a stack."""

    path: str
    line: int
    function: str = ""
    """Empty where the text doesn't say."""
    code: str = ""


@dataclass(frozen=True)
class Trace:
    """One exception and the way to it, as it was printed."""

    exception: str
    """The type's last name: `KeyError`."""
    message: str
    frames: tuple[Frame, ...]
    """Outermost first."""
    relation: Relation = ""


@dataclass(frozen=True)
class Placed:
    """A trace in terms of a workspace."""

    trace: Trace
    """Its frames are those inside, with the workspace's own paths."""
    outside: tuple[str, ...]
    """What lies elsewhere, in words: `requests/sessions.py:587 in send`."""


_OURS = r"(?:[A-Za-z]:[\\/])?[^:\n\"<>|*?]{1,400}?\.pyx?"
_FILE = re.compile(r'\s*File "(?P<path>[^"\n]{1,400})", line (?P<line>\d{1,7})(?:, in (?P<function>.{1,200}))?\s*')
_SHORT = re.compile(rf"(?P<path>{_OURS}):(?P<line>\d{{1,7}}): in (?P<function>\S{{1,200}})\s*")
_LONG = re.compile(
    rf"(?P<path>{_OURS}):(?P<line>\d{{1,7}}):"
    r"(?: (?P<asserted>assert .*)| ?(?P<exception>[A-Za-z_][\w.]*)?(?:: (?P<message>.*))?)"
)
_RULE = re.compile(r"[_=]{8,}.*|[_ ]{20,}")
_END = re.compile(r"(?P<exception>[A-Za-z_][\w.]*)(?:: ?(?P<message>.*))?")
_DEFINITION = re.compile(r"\s*(?:async\s+)?def\s+(?P<name>\w+)")
_HEAD = re.compile(r"\s*(?:\+ )?(?:Exception Group )?Traceback \(most recent call last\):\s*")
_IN_GROUP = re.compile(r"\s*\| ?(?P<rest>.*)")
_NEXT_MEMBER = re.compile(r"\s*\+(?:-\+)?-{8,}(?: (?P<number>\d+|\.\.\.) -+)?\s*")
_RELATIONS: tuple[tuple[str, Relation], ...] = (
    ("The above exception was the direct cause of the following exception:", "cause"),
    ("During handling of the above exception, another exception occurred:", "context"),
)
_ELSEWHERE = re.compile(r"(?:^|/)(?:site-packages|dist-packages|lib/python\d[\d.]*|lib64/python\d[\d.]*|Lib)/|^<")


def traces(text: str) -> tuple[Trace, ...]:
    """All stack traces of a text, in its order; of a chain the last one is what surfaced."""
    reader = _Reader()
    for line in clean(text[-LONGEST:]).replace("\r\n", "\n").split("\n"):
        reader.read(line)
    reader.close()
    return tuple(reader.found)


def placed(trace: Trace, paths: Collection[str]) -> Placed:
    """`trace` with the frames that lie in the workspace, whose files are `paths`."""
    inside: list[Frame] = []
    outside: list[str] = []
    for frame in trace.frames:
        path = inside_path(frame.path, paths)
        if path:
            inside.append(replace(frame, path=path))
        else:
            outside.append(_named(frame))
    return Placed(replace(trace, frames=tuple(inside)), tuple(dict.fromkeys(outside)))


def inside_path(path: str, paths: Collection[str]) -> str:
    """The workspace's file that a path means: the one with the longest common end. Empty when there is none."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or _ELSEWHERE.search(path.replace("\\", "/")):
        return ""
    lengths = {known: _common_end(parts, known.split("/")) for known in paths}
    longest = max(lengths.values(), default=0)
    best = [known for known, length in lengths.items() if length == longest]
    sure = len(best) == 1 and (longest == len(best[0].split("/")) or longest == len(parts))
    return best[0] if longest and sure else ""


def _common_end(one: list[str], other: list[str]) -> int:
    common = 0
    while common < min(len(one), len(other)) and one[-1 - common] == other[-1 - common]:
        common += 1
    return common


def _named(frame: Frame) -> str:
    path = frame.path.replace("\\", "/")
    short = re.split(r"(?:site-packages|dist-packages|lib/python\d[\d.]*)/", path)[-1]
    return f"{short}:{frame.line}" + (f" in {frame.function}" if frame.function else "")


class _Reader:
    """Takes in a text line by line."""

    def __init__(self) -> None:
        self.found: list[Trace] = []
        self._frames: list[Frame] = []
        self._complaint: list[str] = []
        """pytest's lines that begin with E."""
        self._relation: Relation = ""
        self._message_left = 0
        self._wants_code = False
        self._shown: list[str] = []
        """Source lines since the last frame: pytest's long form shows the code before its place."""

    def read(self, line: str) -> None:
        if member := _NEXT_MEMBER.fullmatch(line):
            self.close()
            self._relation = "member" if member["number"] else ""
            return
        if grouped := _IN_GROUP.fullmatch(line):
            line = grouped["rest"]
        if _RULE.fullmatch(line):
            self._message_left = 0
            return
        for words, relation in _RELATIONS:
            if line.strip() == words:
                self.close()
                self._relation = relation
                return
        if _HEAD.fullmatch(line):
            self.close()
        elif file := _FILE.fullmatch(line):
            self._place(file)
        elif line.startswith(("E  ", "E\t")):
            self._complain(line[1:].strip())
        elif not self._of_pytest(line):
            self._other(line)

    def _place(self, match: "re.Match[str]", function: str = "") -> None:
        if self._message_left or self._complaint:
            self.close()  # a frame after a message begins another trace
        self._message_left = 0
        name = function or match.groupdict().get("function") or ""
        self._frames = [*self._frames[-_FRAMES:], Frame(match["path"], int(match["line"]), name)]
        self._wants_code = True

    def _of_pytest(self, line: str) -> bool:
        if short := _SHORT.fullmatch(line):
            self._place(short)
            return True
        long = _LONG.fullmatch(line.rstrip())
        if long is None or (long["exception"] or "").endswith("Warning"):
            return False
        complaint, code = self._complaint, next((each[1:].strip() for each in self._shown if each[:1] == ">"), "")
        function = next((found["name"] for each in self._shown if (found := _DEFINITION.match(each))), "")
        self._complaint = []
        self._place(long, function)
        self._frames[-1] = replace(self._frames[-1], code=code)
        self._wants_code = False
        self._shown = []
        if name := "AssertionError" if long["asserted"] else long["exception"]:
            self._end(name, complaint or [long["asserted"] or long["message"] or ""])
        return True

    def _complain(self, words: str) -> None:
        self._wants_code = False
        self._complaint = [*self._complaint, words][:_MESSAGE_LINES]

    def _other(self, line: str) -> None:
        if self._wants_code and line.startswith("    ") and line.strip():
            self._frames[-1] = replace(self._frames[-1], code=line.strip())
            self._wants_code = False
        elif self._message_left and line.strip():
            self._message_left -= 1
            self.found[-1] = replace(self.found[-1], message=f"{self.found[-1].message}\n{line.rstrip()}".strip())
        elif line[:1] == ">" or _DEFINITION.match(line):
            self._shown = [*self._shown, line][-40:]
        elif (
            (self._frames or self._relation == "member")
            and not self._complaint
            and (end := _END.fullmatch(line.rstrip()))
        ):
            self._end(end["exception"], [end["message"] or ""])
            self._message_left = _MESSAGE_LINES
        elif not line.strip():
            self._message_left = 0

    def _end(self, exception: str, said: list[str]) -> None:
        if said and (named := _END.match(said[0])) and named["exception"].rpartition(".")[2] == _last(exception):
            said = [named["message"] or "", *said[1:]]
        message = "\n".join(said).strip()
        self.found.append(Trace(_last(exception), message, tuple(self._frames), self._relation))
        self._frames, self._complaint, self._relation, self._wants_code = [], [], "", False

    def close(self) -> None:
        """What was begun is all there is of it."""
        self._message_left = 0
        if self._complaint and self._frames:
            first = _END.fullmatch(self._complaint[0])
            bare = first is None or " " in first["exception"]
            self._end("AssertionError" if bare or first is None else first["exception"], self._complaint)
        self._frames, self._complaint, self._shown = [], [], []


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def in_words(trace: Trace, outside: Collection[str] = ()) -> Iterator[str]:
    """The lines by which a trace is told: deepest frame first, then what lies elsewhere."""
    for frame in reversed(trace.frames):
        yield f"  at {frame.path}:{frame.line}" + (f" in {frame.function}" if frame.function else "")
    if outside:
        yield f"  (outside the workspace: {', '.join(list(outside)[-4:])})"
    yield f"{trace.exception}: {trace.message}".rstrip(": ")
