"""Judges a command: reads it as a shell would, asks the rules about every program it starts, and names the worst."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from loopcutter_sandbox.guard.files import file_rules
from loopcutter_sandbox.guard.hidden import hidden_rules
from loopcutter_sandbox.guard.network import network_rules
from loopcutter_sandbox.guard.output import printed
from loopcutter_sandbox.guard.place import HOME, Places
from loopcutter_sandbox.guard.program import commands_in, program_rules
from loopcutter_sandbox.guard.reader import Commands, Reader, parse
from loopcutter_sandbox.guard.scene import Scene
from loopcutter_sandbox.guard.script import SHELLS, Script, script_of
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.system import system_rules
from loopcutter_sandbox.guard.verdict import Finding, Verdict, block, opaque
from loopcutter_sandbox.guard.wrapper import unwrapped

LONGEST = 20_000
"""Characters of a command that are read; a longer one is opaque, so that judging takes a bounded time."""

_INSIDE_A_WORD = re.compile(r"(?<=\S)\\\n(?=\S)")
"""A line that is continued in the middle of a word, which the grammar takes for two words."""
_TOO_DEEP = "it is nested too deeply to be read; write it in plain steps"
_MOST_PROGRAMS = 500
_MOST_SCRIPTS = 6
_RULES: tuple[Callable[[Simple, Places], Iterator[Finding]], ...] = (
    network_rules,
    file_rules,
    system_rules,
    hidden_rules,
)
_TELLING = {"pipe-to-shell": 0, "fork-bomb": 0, "delete-outside": 1, "secret": 2, "privilege": 10}
"""When several rules say block, the one that tells most is named."""


def judge(command: str, workspace: str) -> Verdict:
    """The verdict on `command`, started in the folder `workspace`."""
    if len(command) > LONGEST:
        return Verdict(
            "opaque", "too-long", "the command is too long to be read; put it into a script in the workspace"
        )
    reading = _Reading(Places(workspace.rstrip("/") or "/"))
    if UNKNOWN in command:
        reading.add(opaque("unreadable", "a NUL byte is in it; leave it out"), (0, len(command)))
    try:
        reading.script(_INSIDE_A_WORD.sub("", command.replace(UNKNOWN, "")), Scene(workspace, workspace), None)
    except RecursionError:  # quotes in expansions in quotes, thousands deep: nobody means that
        reading.add(opaque("too-deep", _TOO_DEEP), (0, len(command)))
    return reading.verdict()


def _starts_many(simple: Simple) -> bool:
    """Whether `xargs` is told to start as many as it can, and is fed numbers by the thousand or without end."""
    if simple.program != "xargs" or simple.value("-P", "--max-procs") != "0":
        return False
    return any(
        one.program == "yes" or (one.program == "seq" and any(re.fullmatch(r"\d{4,}", word) for word in one.words))
        for one in simple.upstream
    )


@dataclass
class _Reading:
    """What was found so far."""

    places: Places
    found: list[tuple[Finding, tuple[int, int]]] = field(default_factory=list)
    programs: int = 0
    scripts: int = 0

    def add(self, finding: Finding, span: tuple[int, int]) -> None:
        self.found.append((finding, span))

    def verdict(self) -> Verdict:
        """The worst of it; the first, among equals."""
        if not self.found:
            return Verdict("allow")
        order = sorted(self.found, key=lambda one: (one[0].verdict != "block", _TELLING.get(one[0].rule, 9)))
        worst, span = order[0]
        return Verdict(worst.verdict, worst.rule, worst.why, span)

    def script(self, text: str, scene: Scene, span: tuple[int, int] | None) -> None:
        """Read a whole script."""
        root = parse(text)
        whole = span or (root.start_byte, root.end_byte)
        reader = Reader(scene, self.meet, span)
        reader.read(root)
        for bomb in reader.bombs:
            self.add(block("fork-bomb", "this starts itself over and over; start a fixed number of processes"), bomb)
        if reader.too_deep:
            self.add(opaque("too-deep", _TOO_DEEP), whole)
        if root.has_error:
            self.add(opaque("unreadable", "not all of it can be read as shell; check quotes and brackets"), whole)

    def meet(self, simple: Simple, scene: Scene) -> Commands:
        """Judge one simple command and all that it starts; follow what it does to the scene."""
        self.programs += 1
        if self.programs > _MOST_PROGRAMS:
            self.add(opaque("too-long", "it starts too many programs to be read; put it into a script"), simple.span)
            return ()
        chain = unwrapped(simple)
        for one in chain:
            for rule in _RULES:
                for finding in rule(one, self.places):
                    self.add(finding, one.span)
            script = script_of(one) or self._written(one, scene)
            if script is not None:
                self._run(script, one, scene)
            if _starts_many(one):
                self.add(block("fork-bomb", "this starts thousands of processes at once; bound them: -P 4"), one.span)
            if one.program in ("awk", "gawk", "mawk"):
                self._within(" ".join(one.arguments), one, scene)
        self._follow(chain[-1], scene)
        return (chain[-1],)

    def _written(self, simple: Simple, scene: Scene) -> Script | None:
        """The shell script that an earlier part of the same command has written, if `simple` runs it."""
        started = simple.program in SHELLS or simple.program in ("source", ".")
        file = next(iter(simple.operands), "") if started else "".join(simple.words[:1])
        text = scene.written.get(self.places.resolve(file, simple.folder)) if file else None
        return None if text is None or UNKNOWN in text else Script(text, True, file)

    def _within(self, text: str, simple: Simple, scene: Scene) -> None:
        """The shell commands in a program in another language."""
        for command in commands_in(text):
            if self.scripts < _MOST_SCRIPTS:
                self.scripts += 1
                self.script(command, scene.copy(), simple.span)
                self.scripts -= 1

    def _run(self, script: Script, simple: Simple, scene: Scene) -> None:
        if script.text is not None and script.shell and self.scripts < _MOST_SCRIPTS:
            self.scripts += 1
            inner = scene if script.how == "eval" else scene.copy()
            inner.upstream = ()
            self.script(script.text, inner, simple.span)
            self.scripts -= 1
        elif script.text is not None and not script.shell:
            for finding in program_rules(script.text, simple, self.places):
                self.add(finding, simple.span)
            self._within(script.text, simple, scene)
        if script.encoded:
            self.add(opaque("encoded", f"it runs {script.how}; write the command in plain words"), simple.span)
        elif script.text is None or not script.shell or self.scripts >= _MOST_SCRIPTS:
            why = f"what {script.how} runs can't be told from the command; put it into a file and run that"
            self.add(opaque("hidden-program", why), simple.span)

    def _follow(self, simple: Simple, scene: Scene) -> None:
        """What `cd`, `read` and their like change in the shell itself, and what is written to files."""
        if simple.writes and simple.program in ("echo", "printf", "cat"):
            text = "\n".join(printed((replace(simple, upstream=()),), scene.workspace))
            for write in simple.writes:
                scene.written[self.places.resolve(write.path, simple.folder)] = text
        match simple.program:
            case "cd" | "pushd" | "chdir":
                target = simple.operands[0] if simple.operands else HOME
                if target == "-":
                    target = scene.look_up("OLDPWD")[0]
                scene.enter(UNKNOWN if UNKNOWN in target else self.places.resolve(target, scene.folder))
            case "popd":
                scene.folder = scene.before.pop() if scene.before else scene.folder
            case "read" | "mapfile" | "readarray":
                source = replace(simple, words=("cat",)) if simple.document is not None else None
                values = printed((source,) if source else simple.upstream, scene.workspace)
                for name in simple.operands or ("REPLY",):
                    scene.variables[name] = values
            case "set" if "--" in simple.arguments:
                scene.call(simple.arguments[simple.arguments.index("--") + 1 :])
            case _:
                return
