"""What a shell command is after: ten spellings of one pytest, grep, sed or ls are one intent."""

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache

from loopcutter_loopguard.edit import Edit, from_diff, plain_path
from loopcutter_loopguard.edit import Change as EditChange
from loopcutter_loopguard.shell import Command, commands


@dataclass(frozen=True)
class Span:
    """Lines of a file that a call shows. `last` 0 means: to the end."""

    path: str
    first: int = 1
    last: int = 0


@dataclass(frozen=True)
class Query:
    """A search: the words it looks for, in any order, and where."""

    words: frozenset[str]
    scopes: frozenset[str]


@dataclass(frozen=True)
class Intent:
    """What one command is after."""

    kind: str
    """`edit`, `test`, `run`, `read`, `search`, `list`, `wait` or `switch` (the workspace, by version control)."""
    key: str
    spans: tuple[Span, ...] = ()
    query: Query | None = None
    seconds: float = 0.0
    edit: Edit | None = None
    changes: bool = False
    """Whether it may change the workspace, or what programs find around it."""
    restores: bool = False
    """Whether it takes changes back."""


_TESTERS = {
    "pytest",
    "py.test",
    "nosetests",
    "nose2",
    "tox",
    "unittest",
    "jest",
    "vitest",
    "mocha",
    "rspec",
    "phpunit",
    "ctest",
}
_BUILD_TESTS = {
    "go": {"test"}, "cargo": {"test", "nextest"}, "npm": {"test", "t"}, "yarn": {"test"}, "pnpm": {"test"}, "make": {"test", "check"},
    "mvn": {"test", "verify"}, "mvnw": {"test", "verify"}, "gradle": {"test", "check"}, "gradlew": {"test", "check"},
    "dotnet": {"test"}, "rake": {"test"}, "swift": {"test"}, "bun": {"test"},
}  # fmt: skip
_SEARCHERS = {"grep", "rg", "egrep", "fgrep", "ag", "ack", "zgrep"}
_READERS = {"cat", "head", "tail", "nl", "less", "more", "bat", "sed", "awk", "view"}
_LISTERS = {"ls", "dir", "tree", "exa", "eza", "ll"}
_CHANGERS = {
    "rm",
    "mv",
    "cp",
    "mkdir",
    "touch",
    "ln",
    "chmod",
    "chown",
    "patch",
    "unzip",
    "tar",
    "dd",
    "truncate",
    "rsync",
    "install",
}
_SWITCHES = {
    "checkout",
    "switch",
    "reset",
    "stash",
    "restore",
    "revert",
    "bisect",
    "clean",
    "merge",
    "rebase",
    "pull",
    "cherry-pick",
}
_INSTALLERS = {"pip", "pip3", "apt", "apt-get", "npm", "conda", "uv", "yarn", "brew", "gem", "cargo", "dnf", "apk"}
_WRITES = re.compile(
    r"\.write\(|write_text|open\([^)]*,\s*['\"][wa]|writelines|\.to_csv|\.save\(|fs\.write|shutil\.|os\.(?:remove|rename)"
)
_BACKUP = re.compile(r"\.(?:bak|backup|orig|original|old|save|fixed)\b|[_-](?:backup|orig|original)\b", re.I)
_VALUED = {
    "-e",
    "-f",
    "-g",
    "--glob",
    "-t",
    "--type",
    "--include",
    "--exclude",
    "--exclude-dir",
    "-A",
    "-B",
    "-C",
    "-m",
    "--max-count",
}
_WORD = re.compile(r"\w+")
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?[smhd]?")


@lru_cache(maxsize=1024)
def intents(line: str) -> tuple[Intent, ...]:
    """The different things a command line is after, in order."""
    found: list[Intent] = []
    for command in commands(line):
        picked = _picked(found[-1], command) if found and command.piped else None
        if picked is not None:
            found[-1] = picked
        else:
            found.append(_intent(command))
    return tuple(dict.fromkeys(found))


def _picked(shown: Intent, command: Command) -> Intent | None:
    """`cat file | sed -n 10,20p` and `head -20 file | tail -5` read some lines of a file."""
    if shown.kind != "read" or len(shown.spans) != 1 or command.program not in _READERS:
        return None
    span = shown.spans[0]
    read = _read(command.program, command.words[1:], command, span.path)
    if read is None:
        return None
    first, last = read.spans[0].first, read.spans[0].last
    if first < 0:
        first, last = (max(1, span.last + first + 1), span.last) if span.last else (first, last)
    elif span.first > 1:
        first, last = first + span.first - 1, last + span.first - 1 if last else span.last
    return _reading((Span(span.path, first, last or span.last),))


def place(path: str, folder: str = "") -> str:
    """A path as it is compared, seen from the folder the session started in as far as that is known."""
    if not path.startswith("/") and folder not in ("", ".") and not folder.startswith(("/", "~", "$", "-")):
        path = posixpath.join(folder, path)
    plain = plain_path(posixpath.normpath(path)) if path else ""
    return "" if plain == "." else plain


def _intent(command: Command) -> Intent:
    words = _plain_python(command.words)
    program = words[0].rsplit("/", 1)[-1] if words else ""
    if command.writes and not (program in ("python", "python3") and not command.document):
        return _writing(command, words)
    program = {"mvnw": "mvn", "gradlew": "gradle"}.get(program, program)
    if program in ("curl", "wget", "http") and (address := _fetched(words)):
        return Intent("read", f"fetch {address}")
    if program == "sleep":
        return Intent("wait", "wait", seconds=_seconds(words[1:]))
    if _runs_tests(program, words):
        return Intent("test", f"test {' '.join(_test_targets(program, words, command.folder))}{_where(command)}")
    if program in _SEARCHERS or (program == "git" and words[1:2] == ("grep",)):
        return _search(words[1:] if program != "git" else words[2:], command)
    if program in _LISTERS:
        targets = [place(word, command.folder) for word in words[1:] if not word.startswith("-")]
        return Intent("list", f"list {' '.join(sorted(targets)) or place('', command.folder)}".rstrip())
    if program == "find" and "-exec" not in words and "-delete" not in words:
        return _find(words[1:], command)
    if program in _READERS and (read := _read(program, words[1:], command)):
        return read
    return _running(command, program, words)


def _fetched(words: tuple[str, ...]) -> str:
    """The address a plain download is about; empty when something is sent, or kept in a file."""
    if any(re.match(r"-(?:X|d|F|T|o|O|H|r|u)$|--(?:data|request|form|upload|output|header|range|post|user)", word) for word in words):
        return ""
    addresses = [word.strip("'\"").rstrip("/") for word in words[1:] if re.match(r"https?://|localhost|\d+\.\d+\.\d+\.\d+", word)]
    return addresses[0] if len(addresses) == 1 else ""


def _plain_python(words: tuple[str, ...]) -> tuple[str, ...]:
    """`python -m pytest` is `pytest`; every python is `python`."""
    if not words:
        return words
    program = words[0].rsplit("/", 1)[-1]
    if re.fullmatch(r"(?:python|py|pypy)[\d.]*", program):
        rest = tuple(word for word in words[1:] if word not in ("-u", "-B", "-I", "-E", "-s"))
        if rest[:1] == ("-m",) and len(rest) > 1:
            return rest[1:]
        return ("python", *rest)
    return (program, *words[1:])


def _runs_tests(program: str, words: tuple[str, ...]) -> bool:
    if program in _TESTERS:
        return True
    if program in _BUILD_TESTS:
        return any(word in _BUILD_TESTS[program] or word.endswith(":test") for word in words[1:])
    return any(word.rsplit("/", 1)[-1] in ("runtests.py", "manage.py") for word in words[:2]) and (
        "test" in words[1:] or any("runtests" in word for word in words[:2])
    )


def _test_targets(program: str, words: tuple[str, ...], folder: str) -> list[str]:
    """What is tested; how it is shown doesn't count, which tests are picked does."""
    targets, picked = [], ""
    for word in words[1:]:
        if word == "run" and program in ("npm", "yarn", "pnpm", "bun"):
            continue
        if picked:
            targets.append(f"{picked} {word}")
            picked = ""
        elif word in ("-k", "-m", "-run", "--run", "-Dtest", "--tests", "-t"):
            picked = word
        elif word.startswith(("-Dtest=", "-k", "--tests=", "--filter", "-run=", "--deselect", "--lf", "--ff")):
            targets.append(word)
        elif not word.startswith("-"):
            targets.append(place(word, folder))
    plain = [target for target in targets if target not in ("", "test", "tests")]
    return [*([program] if program not in ("pytest", "py.test") else []), *sorted(set(plain))]


def _search(arguments: tuple[str, ...], command: Command) -> Intent:
    pattern, scopes, skip = "", [], False
    for position, word in enumerate(arguments):
        if skip:
            skip = False
        elif word == "-e" and position + 1 < len(arguments):
            pattern, skip = f"{pattern} {arguments[position + 1]}", True
        elif word in _VALUED:
            skip = True
        elif word.startswith("-"):
            continue
        elif not pattern:
            pattern = word
        else:
            scopes.append(place(word, command.folder))
    if command.piped and not scopes:
        return Intent("run", f"filter {' '.join(sorted(search_words(pattern)))}")
    query = Query(search_words(pattern), frozenset(scopes or [place("", command.folder)]))
    return Intent(
        "search", f"search {' '.join(sorted(query.words))} in {' '.join(sorted(query.scopes))}".rstrip(), query=query
    )


def search_words(pattern: str) -> frozenset[str]:
    """The words of a pattern: their order, quotes and escapes don't count."""
    words = frozenset(_WORD.findall(re.sub(r"\\[bwsdWSDB]", " ", pattern)))
    return words or frozenset({pattern.strip()})


def _find(arguments: tuple[str, ...], command: Command) -> Intent:
    scopes, names, named = [], [], False
    for word in arguments:
        if named:
            names.append(word)
            named = False
        elif word in ("-name", "-iname", "-path", "-wholename", "-regex"):
            named = True
        elif (
            not word.startswith("-")
            and not names
            and not _PLAIN_NUMBER.fullmatch(word)
            and len(word) > 1
            or word == "."
        ):
            scopes.append(place(word, command.folder))
    if not names:
        return Intent("list", f"list {' '.join(sorted(scopes)) or place('', command.folder)}".rstrip())
    query = Query(frozenset({"-name", *names}), frozenset(scopes or [""]))
    return Intent("search", f"find {' '.join(sorted(names))} in {' '.join(sorted(query.scopes))}".rstrip(), query=query)


def _read(program: str, arguments: tuple[str, ...], command: Command, path: str = "") -> Intent | None:
    if program == "sed" and any(word.startswith("-i") or word == "--in-place" for word in arguments):
        return None
    first, last = 1, 0
    paths: list[str] = [path] if path else []
    number_next = False
    for word in arguments:
        if number_next:
            first, last, number_next = *_ends(program, word), False
        elif word in ("-n", "-c") and program in ("head", "tail"):
            number_next = True
        elif program in ("head", "tail") and re.fullmatch(r"-n?\d+", word):
            first, last = _ends(program, word.lstrip("-n"))
        elif word.startswith("-"):
            continue
        elif program == "sed" and (found := re.fullmatch(r"(\d+)(?:,(\d+|\$))?p(?:;\d+q)?;?", word)):
            first = int(found.group(1))
            last = int(found.group(2)) if (found.group(2) or "").isdigit() else 0 if found.group(2) else first
        elif program == "awk" and (numbers := re.findall(r"NR *[<>=]+ *(\d+)", word)):
            first, last = int(numbers[0]), int(numbers[-1])
        elif program in ("sed", "awk") and not paths and not re.fullmatch(r"[\w./~-]+", word):
            return None
        else:
            paths.append(place(word, command.folder))
    if not paths:
        return None
    return _reading(tuple(Span(path, first, last) for path in paths))


def _reading(spans: tuple[Span, ...]) -> Intent:
    return Intent("read", " ".join(f"read {span.path}:{span.first}-{span.last or ''}" for span in spans), spans=spans)


def _ends(program: str, count: str) -> tuple[int, int]:
    lines = int(count.lstrip("+-")) if count.lstrip("+-").isdigit() else 10
    if program == "head":
        return 1, lines
    return (lines, 0) if count.startswith("+") else (-lines, 0)


def _writing(command: Command, words: tuple[str, ...]) -> Intent:
    """`cat > file <<EOF` and its like write a whole file; any other output sent to a file is a run."""
    target = place(command.writes[-1], command.folder)
    if command.document and command.program in ("cat", "tee", ""):
        edit = Edit((EditChange(target, "", command.document),))
        return Intent("edit", f"write {target} {_digest(command.document)}", edit=edit, changes=True)
    if command.program in ("echo", "printf"):
        edit = Edit((EditChange(target, "", " ".join(words[1:])),))
        return Intent("edit", f"write {target} {' '.join(words[1:])}", edit=edit, changes=True)
    return Intent("run", f"run {_joined(command, words)} > {target}", changes=True)


def _running(command: Command, program: str, words: tuple[str, ...]) -> Intent:
    subject = words[1] if len(words) > 1 else ""
    key = _joined(command, words)
    if program == "git":
        if subject in _SWITCHES:
            back = subject in ("checkout", "restore", "reset", "stash", "revert", "clean")
            return Intent("switch", f"run {key}", changes=True, restores=back)
        if subject == "apply" and command.document and (edit := from_diff(command.document)):
            return Intent("edit", f"run {key}", edit=edit, changes=True)
        return Intent("read" if subject in ("diff", "show", "log", "status", "blame") else "run", f"run {key}")
    if program == "patch" and command.document and (edit := from_diff(command.document)):
        return Intent("edit", f"run {key}", edit=edit, changes=True)
    if program in ("sed", "perl") and any(word.startswith(("-i", "-pi")) or word == "--in-place" for word in words):
        return _in_place(command, words, key)
    code = command.document or key
    changes = program in _CHANGERS or program in _INSTALLERS or "-delete" in words or bool(_WRITES.search(code))
    return Intent(
        "run",
        f"run {key}",
        changes=changes,
        restores=program in ("cp", "mv") and bool(_BACKUP.search(" ".join(words[1:-1]))),
    )


def _in_place(command: Command, words: tuple[str, ...], key: str) -> Intent:
    rest = [word for word in words[1:] if not word.startswith("-")]
    if len(rest) < 2:
        return Intent("edit", f"run {key}", changes=True)
    *scripts, path = rest
    edit = Edit((EditChange(place(path, command.folder), "", "\n".join(scripts), symbol=_address("\n".join(scripts))),))
    return Intent("edit", f"run {key}", edit=edit, changes=True)


def _address(script: str) -> str:
    """The lines or the pattern that a sed script is about: the place of its edit."""
    found = re.match(r"\s*(?:(\d+(?:,(?:\d+|\$))?)|s(.)(.+?)(?<!\\)\2|/(.+?)(?<!\\)/)", script)
    return " ".join(part for part in found.groups() if part) if found else script


def _joined(command: Command, words: tuple[str, ...]) -> str:
    document = f" << {_digest(command.document)}" if command.document else ""
    said = " ".join(words).replace("'", '"')
    return said + document + (f" < {command.reads}" if command.reads else "") + _where(command)


def _where(command: Command) -> str:
    """The folder and the variables that make it another run. `cd /repository` is where every session begins."""
    folder = (
        "" if command.folder.startswith("/") and command.folder.strip("/").count("/") < 2 else place(command.folder)
    )
    return "".join(f" [{one}]" for one in (folder, *command.settings) if one)


def _digest(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _seconds(words: tuple[str, ...]) -> float:
    scale = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    total = 0.0
    for word in words:
        if _PLAIN_NUMBER.fullmatch(word):
            total += float(word.rstrip("smhd")) * scale.get(word[-1], 1)
    return total
