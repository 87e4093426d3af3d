"""What the redirections of a command read, write and hand over as text."""

import re
from collections.abc import Callable
from dataclasses import replace

from tree_sitter import Node

from loopcutter_sandbox.guard.scene import Scene, Values
from loopcutter_sandbox.guard.simple import Simple, Write
from loopcutter_sandbox.guard.word import evaluate, text

REDIRECTS = {"file_redirect", "heredoc_redirect", "herestring_redirect"}
_FOLLOWING = {"pipeline", "list", "command", "redirected_statement", "subshell", "compound_statement"}


def parts(statement: Node) -> tuple[list[Node], list[Node], list[Node]]:
    """What is redirected, the redirections, and what follows a here-document on its first line.

    The grammar hangs both further redirections and the rest of that line below the here-document.
    """
    body = [child for child in statement.named_children if child.type not in REDIRECTS]
    redirects = [child for child in statement.named_children if child.type in REDIRECTS]
    below = [child for one in redirects if one.type == "heredoc_redirect" for child in one.named_children]
    redirects += [child for child in below if child.type in REDIRECTS]
    return body, redirects, [child for child in below if child.type in _FOLLOWING]


def lost_dash(statement: Node, command: Node) -> bool:
    """Whether the grammar has passed over a `-` before a here-document: it stands in no node."""
    behind = (statement.text or b"")[command.end_byte - statement.start_byte :]
    return re.match(rb"\s+-\s*<<", behind) is not None


def with_redirects(
    simple: Simple,
    redirects: list[Node],
    scene: Scene,
    substitute: Callable[[Node], Values],
    read_all: Callable[[Node], object],
) -> Simple:
    """`simple` with its redirections; `read_all` is shown what a here-document itself starts."""
    for redirect in redirects:
        if redirect.type == "file_redirect":
            simple = _file(simple, redirect, scene, substitute)
        elif redirect.type == "herestring_redirect":
            values = [evaluate(child, scene, substitute, quoted=True) for child in redirect.named_children]
            simple = replace(simple, document="\n".join(value[0] for value in values if value))
        else:
            bodies = [child for child in redirect.named_children if child.type == "heredoc_body"]
            for body in bodies:
                read_all(body)
            simple = replace(simple, document="".join(map(text, bodies)))
    return simple


def _destinations(redirect: Node) -> list[Node]:
    return redirect.children_by_field_name("destination")


def words_behind(redirect: Node) -> list[Node]:
    """The words of the command that stand behind a redirection: the grammar takes them for more of its targets."""
    return _destinations(redirect)[1:] if redirect.type == "file_redirect" else []


def _file(simple: Simple, redirect: Node, scene: Scene, substitute: Callable[[Node], Values]) -> Simple:
    sign = next((child.type for child in redirect.children if not child.is_named), "")
    for target in _destinations(redirect)[:1]:
        for value in evaluate(target, scene, substitute, quoted=True):
            if sign.startswith("<") and sign != "<>":
                simple = replace(simple, reads=(*simple.reads, value))
            elif not (sign == ">&" and value.rstrip("-").isdigit()) and value != "-":
                simple = replace(simple, writes=(*simple.writes, Write(value)))
    return simple
