"""Walks a parsed command the way a shell would run it, and hands out every simple command it meets."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from loopcutter_sandbox.guard.decoding import undoes
from loopcutter_sandbox.guard.output import printed
from loopcutter_sandbox.guard.redirect import REDIRECTS, with_redirects, words_behind
from loopcutter_sandbox.guard.scene import MOST, SPLIT, Scene, Values
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.word import evaluate, text

DEEPEST = 120
"""Levels of nesting that are followed; Python's own stack sets the bound."""

_MOST_CALLS = 200
"""Calls of functions that are followed: one that calls two that call two more grows without bound."""
_NO_WORDS = {"variable_assignment", *REDIRECTS}
_FOLLOWING = {"pipeline", "list", "command", "redirected_statement", "subshell", "compound_statement"}
_ENDLESS = re.compile(
    r"(while\s+(true|:|\[\s*1\s*\]|\(\(\s*1\s*\)\)|test\s+1)|until\s+false)\s*[;\n]|for\s*\(\(\s*;\s*;"
)
_GROWS = re.compile(r">>\s*(?!/dev/)|\bmkdir\b.*\bcd\b|\bmktemp\b", re.DOTALL)
_PAUSES = re.compile(r"\b(sleep|break|exit|return|read|wait|inotifywait|timeout|curl|nc|tail)\b")
_EXPANDED = re.compile(r"[$`]")
_MANY = re.compile(r"(seq\s+(\d+\s+)*|\.\.)\d{4,}")


Commands = tuple[Simple, ...]


def _lost_dash(statement: Node, command: Node) -> bool:
    """Whether the grammar has passed over a `-` before a here-document: it stands in no node."""
    behind = (statement.text or b"")[command.end_byte - statement.start_byte :]
    return re.match(rb"\s+-\s*<<", behind) is not None


@dataclass
class Reader:
    """Reads one command in one scene."""

    scene: Scene
    meet: Callable[[Simple, Scene], Commands]
    """Told of every simple command, in order; answers with what is left of it without wrappers."""
    span: tuple[int, int] | None = None
    """Where this command stands in the outermost one, if it is a part of it."""
    too_deep: bool = False
    bombs: list[tuple[int, int]] = field(default_factory=list)
    """Functions that start themselves twice, and endless loops that start things in the background."""
    floods: list[tuple[int, int]] = field(default_factory=list)
    """Endless loops that write more and more."""
    _depth: int = 0
    _piped: bool = False
    _background: bool = False
    _calls: list[str] = field(default_factory=list)
    _made: int = 0
    _defined: list[tuple[str, Node, Scene]] = field(default_factory=list)

    def read(self, node: Node) -> Commands:
        """All commands in `node`."""
        if self._depth >= DEEPEST:
            self.too_deep = True
            return ()
        self._depth += 1
        try:
            return self._read(node)
        finally:
            self._depth -= 1

    def _read(self, node: Node) -> Commands:
        match node.type:
            case "command":
                return self._command(node)
            case "variable_assignment":
                self._assign(node)
                return ()
            case "declaration_command":
                return self._declared(node)
            case "pipeline":
                return self._pipeline(node)
            case "redirected_statement":
                return self._redirected(node)
            case "subshell":
                return self._apart(node)
            case "command_substitution" | "process_substitution":
                self._substituted(node)
                return ()
            case "function_definition":
                return self._function(node)
            case "for_statement":
                return self._for(node)
            case "while_statement" | "c_style_for_statement":
                return self._endless(node, self._children(node))
            case _:
                return self._children(node)

    def _children(self, node: Node) -> Commands:
        found: list[Simple] = []
        children = node.children
        for position, child in enumerate(children):
            if not child.is_named:
                continue
            behind = position + 1 < len(children) and children[position + 1].type == "&"
            outer, self._background = self._background, self._background or behind
            found += self.read(child)
            self._background = outer
        return tuple(found)

    def _words_of(self, nodes: list[Node]) -> list[tuple[str, ...]]:
        """The words, once for every value that one of them may have."""
        values = [evaluate(node, self.scene, self._substituted) for node in nodes]
        most = max((len(value) for value in values), default=0)
        lines = []
        for number in range(min(most, MOST)):
            chosen = [value[number % len(value)] for value in values if value]
            lines.append(tuple(part for word in chosen for part in (word.split(SPLIT) if SPLIT in word else (word,))))
        return lines

    def _command(
        self, node: Node, inherited: Simple | None = None, more: tuple[str, ...] = (), behind: Sequence[Node] = ()
    ) -> Commands:
        surroundings = inherited or Simple((), self.scene.folder)
        settings, words, redirects = [], [], []
        for child in node.named_children:
            if child.type == "variable_assignment":
                settings += [(self._name(child), value) for value in self._value(child)]
            elif child.type in _NO_WORDS:
                redirects.append(child)
                words += words_behind(child)
            else:
                words.append(child)
        words += behind
        surroundings = self._with_redirects(surroundings, redirects)
        found: list[Simple] = []
        lines = self._words_of(words)
        expanded = bool(words) and _EXPANDED.search(text(words[0])) is not None
        disguised = {said.split()[0] for said in self.scene.disguised} if expanded else set()
        for written in lines:
            line = (*written, *more)
            simple = replace(
                surroundings,
                words=tuple(word for word in line if word) if line and line[0] == "" else line,
                folder=self.scene.folder,
                span=self.span or (node.start_byte, node.end_byte),
                settings=tuple(settings),
                upstream=surroundings.upstream or self.scene.upstream,
                piped=self._piped,
                background=self._background,
                disguised=bool(line) and line[0] in disguised,
            )
            if line and line[0] in self.scene.functions and line[0] not in self._calls:
                found += self._call(line)
            found += self.meet(simple, self.scene)
        if words and text(words[0]).strip('"') in ("$0", "${0}") and (self._piped or self._background):
            self.bombs.append(self.span or (node.start_byte, node.end_byte))
        return tuple(found)

    def _declared(self, node: Node) -> Commands:
        """`export NAME=value` and its like: what is exported reaches every program that follows."""
        self._children(node)
        if node.children[0].type == "export":
            names = [self._name(child) for child in node.named_children if child.type == "variable_assignment"]
            settings = tuple((name, value) for name in names for value in self.scene.look_up(name))
            span = self.span or (node.start_byte, node.end_byte)
            self.meet(Simple(("export",), self.scene.folder, span, settings), self.scene)
        return ()

    def _call(self, line: tuple[str, ...]) -> Commands:
        """A function with its arguments; what it calls of itself is not followed again."""
        kept = dict(self.scene.variables)
        self.scene.call(line[1:])
        self.scene.called.add(line[0])
        self._made += 1
        if self._made > _MOST_CALLS:
            self.too_deep = True
            return ()
        self._calls.append(line[0])
        body = self.scene.functions[line[0]]
        try:
            found = self.read(body)
            self._bomb(line[0], body, found)
            return found
        finally:
            self._calls.pop()
            self.scene.variables = kept

    def _bomb(self, name: str, body: Node, commands: Commands) -> None:
        """Note a function that starts itself and goes on."""
        if any(simple.program == name and (simple.background or simple.piped) for simple in commands):
            self.bombs.append(self.span or (body.start_byte, body.end_byte))

    def _name(self, assignment: Node) -> str:
        first = assignment.named_children[0] if assignment.named_children else None
        return text(first) if first is not None and first.type == "variable_name" else ""

    def _value(self, assignment: Node) -> Values:
        values = assignment.named_children[1:]
        if not values:
            return ("",)
        found = evaluate(values[0], self.scene, self._substituted, quoted=True)
        return found if values[0].type == "array" else tuple(value.replace(SPLIT, " ") for value in found)

    def _assign(self, node: Node) -> None:
        value = self._value(node)
        name = self._name(node)
        if name:
            self.scene.variables[name] = (UNKNOWN,) if "+=" in text(node) else value

    def _pipeline(self, node: Node) -> Commands:
        outer, self._piped = self._piped, True
        kept, upstream = self.scene, self.scene.upstream
        for child in node.named_children:
            # Every part of a pipeline is a subshell.
            self.scene = kept.copy()
            self.scene.upstream = upstream
            upstream = self.read(child)
        self.scene, self._piped = kept, outer
        return upstream

    def _apart(self, node: Node) -> Commands:
        kept, self.scene = self.scene, self.scene.copy()
        try:
            return self._children(node)
        finally:
            self.scene = kept

    def _substituted(self, node: Node) -> Values:
        if self._depth >= DEEPEST:
            self.too_deep = True
            return (UNKNOWN,)
        self._depth += 1
        kept, self.scene = self.scene, self.scene.copy()
        outer, self._background, self._piped = (self._background, self._piped), False, False
        try:
            commands = self._children(node)
        finally:
            self.scene = kept
            self._background, self._piped = outer
            self._depth -= 1
        if not commands and node.named_child_count == 1 and text(node).startswith("$(<"):
            return (UNKNOWN,)
        values = printed(commands, self.scene.workspace)
        if any(map(undoes, commands)):
            self.scene.disguised.update(value.strip() for value in values if UNKNOWN not in value and value.strip())
        return values

    def _function(self, node: Node) -> Commands:
        name = text(node.named_children[0]) if node.named_children else ""
        body = next((child for child in node.named_children[1:]), None)
        if body is not None:
            self.scene.functions[name] = body
            self._defined.append((name, body, self.scene.copy()))
        return ()

    def finish(self) -> None:
        """Read the functions that nothing has called so far: somebody may, with whatever arguments."""
        while self._defined:
            name, body, scene = self._defined.pop()
            if name in self.scene.called:
                continue
            kept, self.scene = self.scene, scene
            scene.variables.clear()
            self._calls.append(name)
            try:
                self._bomb(name, body, self.read(body))
            finally:
                self.scene = kept
                self._calls.pop()

    def _for(self, node: Node) -> Commands:
        variable, values, body = "", [], []
        for child in node.named_children:
            if child.type == "variable_name" and not variable:
                variable = text(child)
            elif child.type in ("do_group", "compound_statement"):
                body.append(child)
            else:
                values.append(child)
        found = [part for value in values for one in self._words_of([value]) for part in one]
        self.scene.variables[variable] = tuple(found) if 0 < len(found) <= MOST else (UNKNOWN,)
        commands = tuple(simple for child in body for simple in self.read(child))
        if any(simple.background for simple in commands) and _MANY.search(" ".join(map(text, values))):
            self.bombs.append(self.span or (node.start_byte, node.end_byte))
        return commands

    def _endless(self, node: Node, commands: Commands) -> Commands:
        said = text(node)[:2_000]
        if _ENDLESS.match(said):
            span = self.span or (node.start_byte, node.end_byte)
            if any(simple.background for simple in commands):
                self.bombs.append(span)
            if _GROWS.search(said) and not _PAUSES.search(said):
                self.floods.append(span)
        return commands

    def _redirected(self, node: Node) -> Commands:
        """What is redirected is the last command before the sign."""
        body = [child for child in node.named_children if child.type not in _NO_WORDS]
        redirects = [child for child in node.named_children if child.type in _NO_WORDS]
        following: list[Node] = []
        for document in [child for child in redirects if child.type == "heredoc_redirect"]:
            redirects += [child for child in document.named_children if child.type in _NO_WORDS]
            following += [child for child in document.named_children if child.type in _FOLLOWING]
        if len(body) == 1 and body[0].type == "command":
            surroundings = self._with_redirects(Simple((), self.scene.folder), redirects)
            behind = [word for redirect in redirects for word in words_behind(redirect)]
            found = self._command(body[0], surroundings, ("-",) if _lost_dash(node, body[0]) else (), behind)
        else:
            found = self._group(node, body, redirects)
        for after in following:
            outer, self.scene.upstream = self.scene.upstream, found if after.type == "pipeline" else ()
            found = self.read(after)
            self.scene.upstream = outer
        return found

    def _group(self, node: Node, body: list[Node], redirects: list[Node]) -> Commands:
        """A loop, a group or a list with redirections; they are judged apart from what is inside."""
        empty = Simple((), self.scene.folder, self.span or (node.start_byte, node.end_byte))
        simple = self._with_redirects(empty, redirects)
        self.meet(simple, self.scene)
        outer = self.scene.upstream
        if simple.document is not None or simple.reads:
            self.scene.upstream = (replace(simple, words=("cat", *simple.reads)),)
        try:
            found = tuple(one for child in body for one in self.read(child))
        finally:
            self.scene.upstream = outer
        if found and simple.writes:  # once more, for what is written
            self.meet(replace(simple, words=("cat",), upstream=found, document=None, reads=()), self.scene)
        return found

    def _with_redirects(self, simple: Simple, redirects: list[Node]) -> Simple:
        return with_redirects(simple, redirects, self.scene, self._substituted, self._children)
