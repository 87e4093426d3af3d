"""Reads a shell command line: the simple commands in it, without quotes, wrappers, folders and trimming of output."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tree_sitter import Language, Node, Parser

LIMIT = 8_000
"""Characters of a command line that are parsed."""


@dataclass(frozen=True)
class Command:
    """One program that the shell starts."""

    words: tuple[str, ...]
    """The program and its arguments, quotes removed."""
    folder: str = ""
    """The folder it runs in, as far as `cd` before it says."""
    document: str = ""
    """What is fed to it: a here-document."""
    writes: tuple[str, ...] = ()
    """Files its output goes to."""
    reads: str = ""
    """File its input comes from."""
    piped: bool = False
    """Whether its input is another command's output."""
    settings: tuple[str, ...] = ()
    """Environment variables set for it."""

    @property
    def program(self) -> str:
        """Its name without folders."""
        return self.words[0].rsplit("/", 1)[-1] if self.words else ""


_TRIMMERS = {"head", "tail", "cat", "less", "more", "tee", "sort", "uniq", "nl", "column"}
_SHOWERS = {"cat", "nl", "head", "tail"}
_FILLERS = {
    "true",
    "set",
    "export",
    "source",
    ".",
    "clear",
    "pwd",
    ":",
    "unset",
    "shopt",
    "ulimit",
    "umask",
    "test",
    "[",
}
_PREFIXES = {"sudo", "nohup", "time", "command", "exec", "env", "nice", "stdbuf", "xvfb-run", "unbuffer", "builtin"}
_RUNNERS = {
    ("uv", "run"), ("poetry", "run"), ("pipenv", "run"), ("pdm", "run"), ("hatch", "run"), ("conda", "run"),
    ("rye", "run"), ("bundle", "exec"), ("npx", ""),
}  # fmt: skip
_SHELLS = {"bash", "sh", "zsh", "dash"}


@cache
def _parser() -> Parser:
    import tree_sitter_bash

    return Parser(Language(tree_sitter_bash.language()))


@lru_cache(maxsize=1024)
def commands(line: str) -> tuple[Command, ...]:
    """The commands of a line that do something: no `cd`, no `echo` beside others, no `| tail`, each only once."""
    tree = _parser().parse(line[:LIMIT].encode("utf-8", "replace"))
    found: list[Command] = []
    folder = ""
    settings: tuple[str, ...] = ()
    for command in _walk(tree.root_node, depth=0):
        command = _unwrapped(command)
        if not command.words and not command.document and not command.writes:
            settings = (*settings, *command.settings)
            continue
        if command.program == "cd":
            folder = command.words[1] if len(command.words) > 1 else ""
            continue
        if command.program in _SHELLS and len(command.words) > 2 and command.words[1] in ("-c", "-lc", "-ic"):
            found.extend(commands(command.words[2]))
            continue
        found.append(replace(command, folder=folder, settings=(*settings, *command.settings)))
    if tree.root_node.has_error:
        # Not all of it was understood: it is only the same as what is the same to the letter.
        found.append(Command(("unclear", hashlib.blake2b(line.encode("utf-8", "replace"), digest_size=8).hexdigest())))
    telling = [one for one, before in zip(found, [None, *found], strict=False) if not _says_nothing(one, before)]
    return tuple(dict.fromkeys(telling or found))


def _says_nothing(command: Command, before: Command | None) -> bool:
    if command.writes or command.document:
        return False
    program = command.program
    if command.piped and program in ("head", "tail") and before is not None and before.program in _SHOWERS:
        return False  # it picks the lines of a file that are read
    return program in _FILLERS or program in ("echo", "printf") or (command.piped and program in _TRIMMERS)


def _walk(node: Node, depth: int, piped: bool = False) -> Iterator[Command]:
    if depth > 100:
        return
    kind = node.type
    if kind == "redirected_statement":
        yield from _redirected(node, depth, piped)
    elif kind == "command":
        yield Command(_words(node), piped=piped, settings=_settings(node))
    elif kind in ("declaration_command", "variable_assignment", "variable_assignments"):
        yield Command((), settings=_settings(node))
    elif kind == "test_command" or kind == "comment":
        return
    elif kind == "pipeline":
        for position, child in enumerate(node.named_children):
            yield from _walk(child, depth + 1, piped or position > 0)
    elif kind == "ERROR" and not any(child.type in ("command", "list", "pipeline") for child in node.children):
        yield Command(tuple(_text(node).split())[:50], piped=piped)
    else:
        for child in node.named_children:
            yield from _walk(child, depth + 1, piped)


def _redirected(node: Node, depth: int, piped: bool) -> Iterator[Command]:
    """`a && b > file <<END`: what is redirected is the last command before the sign."""
    document, source, targets = "", "", []
    before: list[Command] = []
    after: list[Command] = []
    for child in node.named_children:
        if child.type in ("heredoc_redirect", "herestring_redirect"):
            document += _document(child)
            targets += [target for inner in child.named_children for target in _target(inner)]
            for inner in child.named_children:
                if inner.type in ("pipeline", "command", "list"):
                    after.extend(_walk(inner, depth + 1, inner.type == "pipeline"))
        elif child.type == "file_redirect":
            if _text(child).lstrip("0123456789").startswith("<"):
                source = _word(child.named_children[-1]) if child.named_children else ""
            targets += _target(child)
        else:
            before.extend(_walk(child, depth + 1, piped))
    *others, last = before or [Command(())]
    yield from others
    yield replace(last, document=document or last.document, writes=tuple(targets) or last.writes, reads=source)
    yield from after


def _target(redirect: Node) -> list[str]:
    if redirect.type != "file_redirect" or not redirect.named_children:
        return []
    sign = _text(redirect).lstrip("0123456789&")
    name = _word(redirect.named_children[-1])
    if not sign.startswith(">") or sign.startswith(">&") or name.startswith("/dev/"):
        return []
    return [name]


def _document(redirect: Node) -> str:
    return "\n".join(
        _text(child) for child in redirect.named_children if child.type in ("heredoc_body", "string", "word")
    )


def _words(node: Node) -> tuple[str, ...]:
    words = [
        _word(child) for child in node.named_children if child.type not in ("variable_assignment", "file_redirect")
    ]
    return tuple(word for word in words if word != "")


_IDLE = re.compile(r"(?:PYTHON\w*|CI|TERM|LC_\w+|LANG|PAGER|GIT_PAGER|NO_COLOR|FORCE_COLOR|COLUMNS)=")


def _settings(node: Node) -> tuple[str, ...]:
    """The variables that may matter to the program; those that don't are left out."""
    assignments = (
        [node] if node.type == "variable_assignment" else [c for c in node.children if c.type == "variable_assignment"]
    )
    return tuple(text for one in assignments if not _IDLE.match(text := _text(one)))


def _word(node: Node) -> str:
    text = _text(node)
    if node.type == "command_name" and node.named_children:
        return _word(node.named_children[0])
    if node.type == "string" or (len(text) > 1 and text[0] == text[-1] == '"'):
        return re.sub(r'\\(["$`\\])', r"\1", text[1:-1])
    if node.type == "raw_string":
        return text[1:-1]
    if node.type == "ansi_c_string":
        return text[2:-1]
    if node.type == "concatenation":
        return "".join(_word(child) for child in node.children)
    return text.replace("\\", "") if node.type == "word" else text


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _unwrapped(command: Command) -> Command:
    words = list(command.words)
    while words:
        program = words[0].rsplit("/", 1)[-1]
        if program in _PREFIXES:
            del words[0]
            while words and (words[0].startswith("-") or "=" in words[0]):
                del words[0]
        elif program == "timeout":
            del words[0]
            while words and (words[0].startswith("-") or words[0][:1].isdigit()):
                del words[0]
        elif (program, words[1] if len(words) > 1 else "") in _RUNNERS:
            del words[:2]
        elif program == "npx":
            del words[0]
        else:
            break
    return replace(command, words=tuple(words))
