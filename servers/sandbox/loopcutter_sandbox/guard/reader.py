"""Walks a parsed command the way a shell would run it, and hands out every simple command it meets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from loopcutter_sandbox.guard.decoding import undoes
from loopcutter_sandbox.guard.loops import counts_far, fills_the_disk, never_ends
from loopcutter_sandbox.guard.output import printed
from loopcutter_sandbox.guard.redirect import REDIRECTS, lost_dash, parts, with_redirects, words_behind
from loopcutter_sandbox.guard.scene import MOST, Scene, Values
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.word import assigned, every_line, name_of, text

DEEPEST = 120
"""Levels of nesting that are followed; Python's own stack sets the bound."""

_MOST_CALLS = 200
"""Calls of functions that are followed: one that calls two that call two more grows without bound."""

Commands = tuple[Simple, ...]


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

    def _place(self, node: Node) -> tuple[int, int]:
        """Where it stands in the outermost command."""
        return self.span or (node.start_byte, node.end_byte)

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

    def _command(
        self, node: Node, inherited: Simple | None = None, more: tuple[str, ...] = (), behind: Sequence[Node] = ()
    ) -> Commands:
        surroundings = inherited or Simple((), self.scene.folder)
        settings, words, redirects = [], [], []
        for child in node.named_children:
            if child.type == "variable_assignment":
                name, values = assigned(child, self.scene, self._substituted)
                settings += [(name, value) for value in values]
            elif child.type in REDIRECTS:
                redirects.append(child)
                words += words_behind(child)
            else:
                words.append(child)
        words += behind
        surroundings = self._with_redirects(surroundings, redirects)
        found: list[Simple] = []
        lines = every_line(words, self.scene, self._substituted)
        disguised = self._disguised(words[0]) if words else set()
        for written in lines:
            line = (*written, *more)
            simple = replace(
                surroundings,
                words=tuple(word for word in line if word) if line and line[0] == "" else line,
                folder=self.scene.folder,
                span=self._place(node),
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
            self.bombs.append(self._place(node))
        return tuple(found)

    def _disguised(self, name: Node) -> set[str]:
        """Programs that this name may stand for without anybody having written them in plain words."""
        expanded = "$" in text(name) or "`" in text(name)
        return {said.split()[0] for said in self.scene.disguised} if expanded else set()

    def _declared(self, node: Node) -> Commands:
        """`export NAME=value` and its like: what is exported reaches every program that follows."""
        self._children(node)
        if node.children[0].type == "export":
            names = [name_of(child) for child in node.named_children if child.type == "variable_assignment"]
            settings = tuple((name, value) for name in names for value in self.scene.look_up(name))
            span = self._place(node)
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
            self.bombs.append(self._place(body))

    def _assign(self, node: Node) -> None:
        name, values = assigned(node, self.scene, self._substituted)
        if name:
            self.scene.variables[name] = (UNKNOWN,) if "+=" in text(node) else values

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
        lines = [line for value in values for line in every_line([value], self.scene, self._substituted)]
        found = [part for line in lines for part in line]
        self.scene.variables[variable] = tuple(found) if 0 < len(found) <= MOST else (UNKNOWN,)
        commands = tuple(simple for child in body for simple in self.read(child))
        if any(simple.background for simple in commands) and counts_far(" ".join(map(text, values))):
            self.bombs.append(self._place(node))
        return commands

    def _endless(self, node: Node, commands: Commands) -> Commands:
        said = text(node)
        if never_ends(said):
            span = self._place(node)
            if any(simple.background for simple in commands):
                self.bombs.append(span)
            if fills_the_disk(said):
                self.floods.append(span)
        return commands

    def _redirected(self, node: Node) -> Commands:
        """What is redirected is the last command before the sign."""
        body, redirects, following = parts(node)
        if len(body) == 1 and body[0].type == "command":
            surroundings = self._with_redirects(Simple((), self.scene.folder), redirects)
            behind = [word for redirect in redirects for word in words_behind(redirect)]
            found = self._command(body[0], surroundings, ("-",) if lost_dash(node, body[0]) else (), behind)
        else:
            found = self._group(node, body, redirects)
        for after in following:
            outer, self.scene.upstream = self.scene.upstream, found if after.type == "pipeline" else ()
            found = self.read(after)
            self.scene.upstream = outer
        return found

    def _group(self, node: Node, body: list[Node], redirects: list[Node]) -> Commands:
        """A loop, a group or a list with redirections; they are judged apart from what is inside."""
        empty = Simple((), self.scene.folder, self._place(node))
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
