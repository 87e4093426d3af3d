"""Parses a command, and puts in another way what the grammar of the shell can't read."""

import re
from functools import cache

from tree_sitter import Language, Node, Parser

_BEHIND_DOCUMENT = re.compile(
    r"^([^\n]*<<-?[ \t]*(['\"]?)(\w+)\2[^\n;]*);[ \t]*([^\n]+)\n((?:[^\n]*\n)*?[ \t]*\3(?:\n|$))", re.MULTILINE
)
_CHOICE = r"(?:[^{},\s;|&()<>]|\{[^{}\s]*\})*"
_BRACED_COMMAND = re.compile(
    rf"(^|[;&|(\n]\s*|\b(?:then|do|else|exec|command|sudo)\s+)\{{({_CHOICE}(?:,{_CHOICE})+)\}}(\S*)"
)


@cache
def _parser() -> Parser:
    import tree_sitter_bash

    return Parser(Language(tree_sitter_bash.language()))


def parse(source: str) -> Node:
    """The syntax tree of a command."""
    return _parser().parse(source.encode("utf-8", "replace")).root_node


def straightened(source: str) -> str:
    """`source` with what the grammar can't read put in another way.

    What follows a here-document in its first line is moved behind it; braces in the place of a command are expanded.
    """
    return _BRACED_COMMAND.sub(_spread, _BEHIND_DOCUMENT.sub(r"\1\n\5\4", source))


def _spread(match: re.Match[str]) -> str:
    """`{rm,-f}` in the place of a command as the words it stands for."""
    choices = re.findall(r"(?:[^{},]|\{[^{}]*\})+|(?<=,)(?=,|$)|^(?=,)", match[2])
    return match[1] + " ".join(f"{choice}{match[3]}" for choice in choices)
