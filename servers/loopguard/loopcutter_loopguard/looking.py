"""Commands that only look: at the lines of a file, for words, for names, at a folder, at an address."""

import re
from dataclasses import replace

from loopcutter_loopguard.intent import Intent, Query, Span, place, search_words
from loopcutter_loopguard.shell import Command

_SEARCHERS = {"grep", "rg", "egrep", "fgrep", "ag", "ack", "zgrep"}
_READERS = {"cat", "head", "tail", "nl", "less", "more", "bat", "sed", "awk", "view"}
_LISTERS = {"ls", "dir", "tree", "exa", "eza", "ll"}
_VALUED = {
    "-e", "-f", "-g", "--glob", "-t", "--type", "--include", "--exclude", "--exclude-dir", "-A", "-B", "-C", "-m",
    "--max-count",
}  # fmt: skip
_BY_NAME = "-name"
"""Among the words of a query: it is about the names of files, not about what they hold."""
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?[smhd]?")
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?[smhd]?")


def looking(program: str, words: tuple[str, ...], command: Command) -> Intent | None:
    """What the command looks at or for; None when it does more than look."""
    if program in ("curl", "wget", "http") and (address := _fetched(words)):
        return Intent("read", f"fetch {address}")
    if program in _SEARCHERS or (program == "git" and words[1:2] == ("grep",)):
        return _search(words[1:] if program != "git" else words[2:], command)
    if program in _LISTERS:
        targets = [place(word, command.folder) for word in words[1:] if not word.startswith("-")]
        return Intent("list", f"list {' '.join(sorted(targets)) or place('', command.folder)}".rstrip())
    if program == "find" and "-exec" not in words and "-delete" not in words:
        return _find(words[1:], command)
    return _read(program, words[1:], command) if program in _READERS else None


def narrowed(shown: Intent, command: Command) -> Intent | None:
    """What is looked at when the output of `shown` is piped into `command`; None when that makes no difference."""
    return _picked(shown, command) or _sought(shown, command)


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


def _sought(shown: Intent, command: Command) -> Intent | None:
    """`ls -R | grep setup` looks for a name."""
    if shown.kind != "list" or command.program not in _SEARCHERS:
        return None
    folder = shown.key.removeprefix("list").strip()
    found = _search((*command.words[1:], folder or "."), replace(command, piped=False, folder=""))
    if found.query is None:
        return found
    query = Query(found.query.words | {_BY_NAME}, found.query.scopes)
    return replace(found, key=f"find {' '.join(sorted(query.words))} in {folder}".rstrip(), query=query)


def _fetched(words: tuple[str, ...]) -> str:
    """The address a plain download is about; empty when something is sent, or kept in a file."""
    if any(
        re.match(r"-(?:X|d|F|T|o|O|H|r|u)$|--(?:data|request|form|upload|output|header|range|post|user)", word)
        for word in words
    ):
        return ""
    addresses = [
        word.strip("'\"").rstrip("/") for word in words[1:] if re.match(r"https?://|localhost|\d+\.\d+\.\d+\.\d+", word)
    ]
    return addresses[0] if len(addresses) == 1 else ""


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


def _find(arguments: tuple[str, ...], command: Command) -> Intent:
    scopes, names, named = [], [], False
    for word in arguments:
        if named:
            names.append(word)
            named = False
        elif word in ("-name", "-iname", "-path", "-wholename", "-regex"):
            named = True
        elif (
            not word.startswith("-") and not names and not _PLAIN_NUMBER.fullmatch(word) and len(word) > 1
        ) or word == ".":
            scopes.append(place(word, command.folder))
    if not names:
        return Intent("list", f"list {' '.join(sorted(scopes)) or place('', command.folder)}".rstrip())
    query = Query(frozenset({_BY_NAME, *names}), frozenset(scopes or [""]))
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
