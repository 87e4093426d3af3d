"""A tool call as the judge sees it: what kind of thing it does, to what, and which calls are the same to it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from loopcutter_loopguard.canonical import LONG, VOLATILE, canonical, letters, strings
from loopcutter_loopguard.command_line import intents
from loopcutter_loopguard.edit import Edit, from_arguments, pick
from loopcutter_loopguard.events import Call
from loopcutter_loopguard.intent import Intent, Query, Span, place, search_words


@dataclass(frozen=True)
class Action:
    """One call, normalised. Two calls with the same `key` ask for the same thing."""

    name: str
    """`server.tool`."""
    kind: str
    """`edit`, `test`, `run`, `read`, `search`, `list`, `wait`, `switch` (by version control), `trial` (of
    many candidates), `prose`, `user`, `condense` or `other`."""
    key: str
    raw: str = ""
    """The call to the letter."""
    topic: str = ""
    """What it is about whatever its details: the tool, or the program that a shell starts."""
    edit: Edit | None = None
    spans: tuple[Span, ...] = ()
    query: Query | None = None
    seconds: float = 0.0
    """How long it waits."""
    changes: bool = False
    """Whether it may change the workspace."""
    restores: bool = False
    """Whether it takes changes back."""
    said: str = ""
    """Prose that came as an argument."""
    echoes: tuple[str, ...] = ()
    """What of its arguments an answer may repeat."""


_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_COMMAND = ("command", "cmd", "script", "shell_command", "bash_command", "commands", "keystrokes")
_SHELLS = {"shell", "bash", "sh", "terminal", "exec", "execute", "run", "cmd", "command", "console", "powershell"}
_SPEAKING = {"", "none", "think", "message", "finish", "thought", "respond", "say"}
_EDITS = {
    "edit",
    "write",
    "create",
    "replace",
    "insert",
    "patch",
    "str",
    "delete",
    "rm",
    "rename",
    "move",
    "undo",
    "modify",
    "fix",
    "apply",
}
_READS = {"read", "open", "view", "cat", "scroll", "goto", "get", "show", "fetch"}
_SEARCHES = {"search", "grep", "find", "glob", "query", "lookup", "rg"}
_LISTS = {"ls", "list", "dir", "tree"}
_WAITS = {"sleep", "wait", "delay"}
_TESTS = {"test", "tests"}
_CONTENT = ("progress", "explanation", "justification", "rationale", "reasoning", "why")
_THINKING = {"think", "thinking", "thought", "reflect", "reason"}
_OFFSETS = (("start_line", "end_line"), ("startline", "endline"), ("start", "end"), ("offset", "limit"), ("from", "to"))


def action(call: Call) -> Action:
    """The call as the judge sees it."""
    return replace(_action(call), raw=letters(call.arguments))


def _action(call: Call) -> Action:
    name = f"{call.server}.{call.tool}" if call.server else call.tool
    tool = call.tool.rsplit(".", 1)[-1].strip()
    if tool.startswith("@"):
        return Action(name, "user" if tool == "@user" else "condense", name, topic=name)
    arguments: Mapping[str, Any] = call.arguments if isinstance(call.arguments, Mapping) else {"": call.arguments}
    words = _words(tool)
    command = pick(arguments, _COMMAND)
    if isinstance(command, list):
        command = " ".join(str(part) for part in command)
    if isinstance(command, str) and command.strip() and (words & _SHELLS or not words & (_EDITS | _READS)):
        return _of_shell(name, command)
    if tool.lower() in _SPEAKING and not arguments:
        return Action(name, "prose", "prose", topic="prose")
    if words & _THINKING:
        return Action(name, "prose", "prose", topic="prose", said=" ".join(strings(arguments, longest=LONG)))
    return _of_tool(name, words, arguments, command if isinstance(command, str) else "")


@lru_cache(maxsize=512)
def _words(tool: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", tool))


_STRONGEST = ("edit", "switch", "test", "run", "search", "read", "list", "wait")


def _of_shell(name: str, command: str) -> Action:
    found = intents(command)
    if not found:
        # Nothing is started: variables are set, a folder is entered. That may change what the next program finds.
        return Action(name, "run", f"shell {' '.join(command.split())}", topic=name, changes=bool(command.strip()))
    kinds = {intent.kind for intent in found}
    kind = next(kind for kind in _STRONGEST if kind in kinds)
    edits = [intent.edit for intent in found if intent.edit]
    main = next(intent for intent in found if intent.kind == kind)
    return Action(
        name,
        kind,
        "shell " + " && ".join(intent.key for intent in found),
        topic=f"shell {' '.join(main.key.split()[:2])}",
        edit=Edit(tuple(change for edit in edits for change in edit.changes)) if edits else None,
        spans=tuple(span for intent in found for span in intent.spans),
        query=main.query,
        seconds=sum(intent.seconds for intent in found),
        changes=any(intent.changes for intent in found),
        restores=any(intent.restores for intent in found),
        echoes=tuple(_pieces(main)),
    )


def _pieces(intent: Intent) -> Iterator[str]:
    yield from (word for word in re.findall(r"[\w./-]{3,}", intent.key[:LONG]))


def _of_tool(name: str, words: frozenset[str], arguments: Mapping[str, Any], command: str) -> Action:
    kind = _kind(words | _words(command), arguments)
    kept = {str(key): value for key, value in arguments.items() if not VOLATILE.match(str(key))}
    if _HASH.fullmatch(str(kept.get("tree"))):
        del kept["tree"]  # names the state that the call is made in, and the history knows that by itself
    if not kept:  # then what looked like chatter beside the call is the call
        kept = {f"the {key}": value for key, value in arguments.items() if str(key) in _CONTENT}
    edit = from_arguments(arguments) if kind == "edit" else None
    spans = _spans(arguments, kept) if kind == "read" else ()
    query = _query(words, arguments) if kind == "search" else None
    if query:
        kept = {key: value for key, value in kept.items() if key not in _QUERY and key not in ("path", "dir")}
        kept["words"] = sorted(query.words)
        kept["scopes"] = sorted(query.scopes)
    elif spans:
        kept = {key: value for key, value in kept.items() if not _is_position(key)}
        kept["spans"] = [[span.path, span.first, span.last] for span in spans]
    key = f"{name} {canonical(kept)}"
    return Action(
        name,
        kind,
        key,
        topic=f"{name} {command}".rstrip() + _target(arguments, kind),
        edit=edit,
        spans=spans,
        query=query,
        seconds=_waits(words, arguments),
        changes=kind == "edit" or bool(words & {"commit", "install"}) or bool(_words(command) & {"undo"}),
        restores=bool((words | _words(command)) & {"undo", "rollback", "restore", "revert"}),
        echoes=tuple(strings(kept))[:20],
    )


def _kind(words: frozenset[str], arguments: Mapping[str, Any]) -> str:
    if isinstance(arguments.get("candidates"), list):
        return "trial"
    if words & _WAITS:
        return "wait"
    if words & _TESTS:
        return "test"
    if words & _EDITS and not (words & _READS and not words & {"edit", "replace", "str"}):
        return (
            "read"
            if words & {"view"} and not words & {"create", "insert", "undo"} and "old_str" not in arguments
            else "edit"
        )
    if words & _SEARCHES:
        return "search"
    if words & _LISTS:
        return "list"
    if words & _READS:
        return "read"
    if words & _SHELLS or "code" in arguments:
        return "run"
    return "other"


_QUERY = ("query", "pattern", "regex", "q", "keywords", "key_words", "search_term", "text", "name", "needle")
_SCOPE = ("path", "dir", "directory", "folder", "scope", "file", "include")
_PATHS = ("path", "file_path", "filepath", "filename", "file", "target_file", "absolute_path", "uri")


def _query(words: frozenset[str], arguments: Mapping[str, Any]) -> Query | None:
    wanted = pick(arguments, _QUERY)
    if isinstance(wanted, list):
        wanted = " ".join(str(part) for part in wanted)
    if not isinstance(wanted, str):
        return None
    scope = pick(arguments, _SCOPE)
    if scope is None and "file" in words and "find" not in words:
        return None  # it searches the file that happens to be open
    return Query(search_words(wanted[:LONG]), frozenset({place(scope[:LONG]) if isinstance(scope, str) else ""}))


def _is_position(key: str) -> bool:
    return key in _PATHS or any(key in pair for pair in _OFFSETS) or key in ("view_range", "line")


def _spans(arguments: Mapping[str, Any], kept: Mapping[str, Any]) -> tuple[Span, ...]:
    path = pick(arguments, _PATHS)
    if not isinstance(path, str):
        return ()
    path = place(path[:LONG])
    ranged = arguments.get("view_range")
    if isinstance(ranged, list) and len(ranged) == 2 and all(_whole(end) for end in ranged):
        return (Span(path, ranged[0], max(ranged[1], 0)),)
    for first_name, last_name in _OFFSETS:
        first, last = arguments.get(first_name), arguments.get(last_name)
        if isinstance(first, int) and (isinstance(last, int) or last is None):
            if last_name == "limit" and last is not None:
                last = first + last - 1
            return (Span(path, first, last or 0),)
    return (Span(path),) if "line" not in kept else ()


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _target(arguments: Mapping[str, Any], kind: str) -> str:
    path = pick(arguments, _PATHS)
    return f" {place(path[:LONG])}" if kind == "edit" and isinstance(path, str) else ""


def _waits(words: frozenset[str], arguments: Mapping[str, Any]) -> float:
    wait = pick(arguments, ("seconds", "sleep", "wait", "delay", "duration", "wait_seconds", "wait_s", "poll_interval"))
    if isinstance(wait, (int, float)) and not isinstance(wait, bool):
        return max(0.0, float(wait))
    return 1.0 if words & _WAITS else 0.0
