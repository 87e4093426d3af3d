"""Judges a command: reads it as a shell would, asks the rules about every program it starts, and names the worst."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from loopcutter_sandbox.guard.container import ELSEWHERE, container_rules, done_inside
from loopcutter_sandbox.guard.decoding import undoes
from loopcutter_sandbox.guard.disk import disk_rules
from loopcutter_sandbox.guard.files import file_rules
from loopcutter_sandbox.guard.flood import flood_rules
from loopcutter_sandbox.guard.grammar import parse, straightened
from loopcutter_sandbox.guard.hidden import hidden_rules
from loopcutter_sandbox.guard.listening import listening_rules
from loopcutter_sandbox.guard.machine import machine_rules
from loopcutter_sandbox.guard.network import network_rules
from loopcutter_sandbox.guard.option import commands_in_options
from loopcutter_sandbox.guard.output import printed
from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.plain_python import only_starts
from loopcutter_sandbox.guard.program import deeds_of, program_rules
from loopcutter_sandbox.guard.publishing import publishing_rules
from loopcutter_sandbox.guard.reader import Commands, Reader
from loopcutter_sandbox.guard.recipes import recipes, scripts_set
from loopcutter_sandbox.guard.remote import remote_rules
from loopcutter_sandbox.guard.scene import Scene
from loopcutter_sandbox.guard.script import SHELLS, Script, is_interpreter, is_python, script_of
from loopcutter_sandbox.guard.service import service_rules
from loopcutter_sandbox.guard.shell_state import changes
from loopcutter_sandbox.guard.simple import AWKS, UNKNOWN, Simple
from loopcutter_sandbox.guard.system import system_rules
from loopcutter_sandbox.guard.verdict import Finding, Verdict, block, opaque
from loopcutter_sandbox.guard.windows import windows_deeds, windows_script
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
    lambda simple, places: system_rules(simple),
    hidden_rules,
    service_rules,
    lambda simple, places: remote_rules(simple),
    machine_rules,
    disk_rules,
    lambda simple, places: flood_rules(simple),
    container_rules,
    lambda simple, places: listening_rules(simple),
    lambda simple, places: publishing_rules(simple),
)
_TELLING = {
    "pipe-to-shell": 0,
    "fork-bomb": 0,
    "delete-outside": 1,
    "secret": 2,
    "privilege": 10,
    "program-in-option": 11,
}
"""When several rules say block, the one that tells most is named."""


def judge(command: str, workspace: str) -> Verdict:
    """The verdict on `command`, started in the folder `workspace`."""
    if len(command) > LONGEST:
        return Verdict(
            "opaque", "too-long", "the command is too long to be read; put it into a script in the workspace"
        )
    reading = _Reading(Places(workspace.rstrip("/") or "/"), command)
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
    source: str = ""
    """The whole command."""
    found: list[tuple[Finding, tuple[int, int]]] = field(default_factory=list)
    traps: list[tuple[str, Simple, Scene]] = field(default_factory=list)
    """Scripts to be run at the end, and the scene that goes on changing till then."""
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
        if root.has_error and (straight := straightened(text)) != text:
            root, span = parse(straight), span or (0, len(text.encode("utf-8", "replace")))
        whole = span or (root.start_byte, root.end_byte)
        reader = Reader(scene, self.meet, span)
        before = len(self.traps)
        reader.read(root)
        for trap, simple, at_last in self.traps[before:]:  # they run when all else has
            self._inner(trap, simple, at_last.copy())
        del self.traps[before:]
        reader.finish()
        for bomb in reader.bombs:
            self.add(block("fork-bomb", "this starts itself over and over; start a fixed number of processes"), bomb)
        for flood in reader.floods:
            self.add(block("flood", "this fills the disk without end; count the rounds of the loop"), flood)
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
        if simple.program in scene.aliases:
            self._expand(simple, scene.copy())
        chain = unwrapped(simple)
        for one in chain:
            self._one(one, scene)
        for text in changes(chain[-1], scene, self.places):
            self._inner(text, chain[-1], scene.copy())
        return (chain[-1],)

    def _one(self, simple: Simple, scene: Scene) -> None:
        if simple.program in ("xargs", "parallel") and any(map(undoes, simple.upstream)):
            scene.disguised.update(
                text for text in printed(simple.upstream, "") if UNKNOWN not in text and text.strip()
            )
        for rule in _RULES:
            for finding in rule(simple, self.places):
                self.add(finding, simple.span)
        script = script_of(simple)
        if script is not None:
            if script.text and any(text in script.text for text in scene.disguised):
                script = replace(script, encoded=True, how=f"{script.how} of a payload that is decoded first")
            self._run(script, simple, scene)
        if script is None or script.text is None:
            self._run_written(simple, scene)
        for command in (*commands_in_options(simple), *scripts_set(simple)):
            self._inner(command, simple, scene.copy())
        inside = done_inside(simple)
        if inside is not None and self.scripts < _MOST_SCRIPTS:
            elsewhere = replace(self, places=Places(ELSEWHERE), scripts=self.scripts + 1)
            elsewhere.meet(inside, Scene(ELSEWHERE, "/"))
            self.programs = elsewhere.programs
        text = windows_script(simple)
        if text is not None:
            for deed in windows_deeds(text, simple):
                self._deed(deed, scene)
        if _starts_many(simple):
            self.add(block("fork-bomb", "this starts thousands of processes at once; bound them: -P 4"), simple.span)
        if simple.program in AWKS:
            self._program(" ".join(simple.arguments), simple, scene)

    def _expand(self, simple: Simple, scene: Scene) -> None:
        """An alias with the words after it. A script expands none, but whoever writes one means it."""
        self._inner(f"{scene.aliases.pop(simple.program)} {shlex.join(simple.arguments)}", simple, scene)

    def _run_written(self, simple: Simple, scene: Scene) -> None:
        """The script that an earlier part of the same command has written, if `simple` runs it."""
        sourced = simple.program in SHELLS or simple.program in ("source", ".")
        given = (*simple.operands, *reversed(simple.reads))
        file = next(iter(given), "") if sourced or is_interpreter(simple) else "".join(simple.words[:1])
        place = self.places.resolve(file, simple.folder) if file else ""
        written = scene.written.get(place)
        if place in scene.disguised:
            why = "it runs a file that was decoded just before; write the command in plain words"
            self.add(opaque("encoded", why), simple.span)
        made = recipes(simple, scene, self.places)
        text = written if made is None else made
        if text is None or UNKNOWN in text:
            return
        itself = file == simple.words[0] and not re.match(r"#!.*(python|perl|ruby|node)", text)
        if sourced or made is not None or itself:
            self._inner(text, simple, scene.copy())
        else:
            self._program(text, simple, scene)

    def _program(self, text: str, simple: Simple, scene: Scene) -> None:
        """What a program in another language does, as far as that is plain to see."""
        for finding in program_rules(text):
            self.add(finding, simple.span)
        self._deeds(text, simple, scene)

    def _deeds(self, text: str, simple: Simple, scene: Scene) -> None:
        if self.scripts < _MOST_SCRIPTS:
            self.scripts += 1
            for deed in deeds_of(text, simple):
                self._deed(deed, scene)
            self.scripts -= 1

    def _proven(self, script: Script, simple: Simple) -> list[tuple[str, ...]] | None:
        """What a program in Python starts that is shown to be harmless else, and is what will be run to the letter."""
        text = script.text or ""
        if (
            script.encoded
            or not is_python(simple)
            or self.scripts + 2 >= _MOST_SCRIPTS
            or self.programs * 2 >= _MOST_PROGRAMS
        ):
            return None
        part = self.source.encode("utf-8", "replace")[slice(*simple.span)].decode("utf-8", "replace")
        if simple.document is not None:
            exact = text == simple.document and text in self.source and not re.search(r"[$`]|\\\n", text)
        else:
            rest = part.replace(f"'{text}'", "")
            exact = (rest != part or text in part.replace('\\"', '"')) and not re.search(r"[$`]", rest)
        return only_starts(text, self.places, simple.folder) if exact else None

    def _deed(self, deed: Simple, scene: Scene) -> None:
        if self.programs < _MOST_PROGRAMS and self.scripts < _MOST_SCRIPTS:
            self.scripts += 1
            self.meet(deed, scene.copy())
            self.scripts -= 1

    def _inner(self, text: str, simple: Simple, scene: Scene) -> None:
        """A script within the command."""
        if self.scripts < _MOST_SCRIPTS:
            self.scripts += 1
            scene.upstream = ()
            self.script(text, scene, simple.span)
            self.scripts -= 1

    def _run(self, script: Script, simple: Simple, scene: Scene) -> None:
        if script.how == "trap" and script.text is not None:
            self.traps.append((script.text, simple, scene))
        elif script.text is not None and script.shell:
            inner = scene if script.how == "eval" else scene.copy()
            if script.arguments:
                inner.call(script.arguments)
            self._inner(script.text, simple, inner)
        elif script.text is not None:
            started = self._proven(script, simple)
            if started is not None:
                bare = replace(simple, upstream=(), document=None, reads=(), writes=(), settings=())
                for words in started:
                    self._deed(replace(bare, words=words), scene)
                return
            self._program(script.text, simple, scene)
        if script.encoded:
            self.add(opaque("encoded", f"it runs {script.how}; write the command in plain words"), simple.span)
        elif script.text is None or not script.shell or self.scripts >= _MOST_SCRIPTS:
            why = f"what {script.how} runs can't be told from the command; put it into a file and run that"
            self.add(opaque("hidden-program", why), simple.span)
