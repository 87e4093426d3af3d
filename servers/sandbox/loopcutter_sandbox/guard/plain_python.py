"""Proves that a short Python program does nothing that a command may not do, or says that it can't.

Every value that such a program can get hold of is plain data, an opened file, or one of the functions that are harmless
whatever they are given, because everything it names is on a list and nothing leads from one of these to another: no
attribute that isn't listed, no names with underscores in front, no class, no decorator. Functions that take a path are
only ever called, never passed on, and the path must be written out: a constant, what is joined of constants, or a name
that is bound once. What is not understood is not harmless.
"""

import ast
import sys
from dataclasses import dataclass, field

from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.plain_names import BUILTINS, FIELDS, METHODS, MODULES, harmless
from loopcutter_sandbox.guard.plain_paths import Names
from loopcutter_sandbox.guard.simple import UNKNOWN

_LONGEST = 4_000
_MOST = 10
"""Commands of one program that are judged."""
_STATEMENTS = (
    ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.If, ast.For, ast.With, ast.Try, ast.Return,
    ast.Assert, ast.Pass,
    ast.Break, ast.Continue, ast.Raise, ast.FunctionDef, ast.Import, ast.ImportFrom, ast.While, ast.ExceptHandler,
    ast.withitem, ast.alias,
)  # fmt: skip
_EXPRESSIONS = (
    ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.JoinedStr,
    ast.FormattedValue, ast.Subscript,
    ast.Slice, ast.Starred, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.Lambda,
    ast.Call, ast.Attribute, ast.NamedExpr, ast.comprehension, ast.keyword, ast.arguments, ast.arg, ast.operator,
    ast.unaryop, ast.boolop,
    ast.cmpop, ast.expr_context, ast.Yield,
)  # fmt: skip
_TAKES_PATHS = {
    "os.remove": 1, "os.unlink": 1, "os.rmdir": 1, "os.makedirs": 1, "os.mkdir": 1, "os.removedirs": 1,
    "shutil.rmtree": 1, "os.rename": 2,
    "os.replace": 2, "shutil.move": 2, "shutil.copy": 2, "shutil.copy2": 2, "shutil.copyfile": 2, "shutil.copytree": 2,
    "os.utime": 1,
}  # fmt: skip
"""Functions that change what lies at their first arguments."""
_PATH_CHANGES = {
    "unlink": 0,
    "write_text": 0,
    "write_bytes": 0,
    "touch": 0,
    "rmdir": 0,
    "mkdir": 0,
    "rename": 1,
    "replace": 1,
}
"""Methods of a path that change what lies there, and how many paths they take."""
_PATH_READS = {"read_text", "read_bytes"}
_STARTS = {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output")} | {"os.system"}
_OF_STARTING = {
    "capture_output",
    "text",
    "check",
    "stdout",
    "stderr",
    "timeout",
    "encoding",
    "universal_newlines",
    "shell",
}
_SHOWN = {"print", "repr", "str", "len"}
_OF_MODULES = {"__version__", "__file__", "__doc__", "__name__", "__all__", "__path__", "__author__"}


def only_starts(text: str, places: Places, folder: str) -> list[tuple[str, ...]] | None:
    """The commands that the program starts in `folder`, if it can be shown to do no harm but by them; else None."""
    if len(text) > _LONGEST or UNKNOWN in folder:
        return None
    proof = _Proof(places, folder)
    try:
        holds = proof.holds(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return proof.started if holds and len(proof.started) < _MOST else None


@dataclass
class _Proof:
    places: Places
    folder: str
    names: Names = field(default_factory=Names)
    started: list[tuple[str, ...]] = field(default_factory=list)

    def holds(self, tree: ast.Module) -> bool:
        """Whether nothing in the program does harm."""
        nodes = list(ast.walk(tree))
        if not all(isinstance(node, (*_STATEMENTS, *_EXPRESSIONS)) for node in nodes):
            return False
        if not all(self._bind(node) for node in nodes):
            return False
        brought = self.names.imported.keys() | self.names.foreign
        if (
            self.names.bound.keys() & brought
            or self.names.imported.keys() & self.names.foreign
            or brought & (BUILTINS | {"open"})
        ):
            return False  # what a name stands for would depend on when it is looked up
        return all(self._fine(statement) for statement in tree.body)

    def _bind(self, node: ast.AST) -> bool:
        """Note what is bound in `node`; False for what isn't allowed."""
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                self.names.bound[name] += 1
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                self.names.bound[name] += 2  # whatever it is called with
            case ast.FunctionDef(name=name, decorator_list=decorators):
                self.names.bound[name] += 2
                return not decorators
            case ast.Name(ctx=ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Del()):
                return False
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.names.values[name] = value
            case (
                ast.For(target=ast.Name(id=name), iter=values)
                | ast.comprehension(target=ast.Name(id=name), iter=values)
            ):
                self.names.elements[name] = values
            case ast.While(test=ast.Constant()):
                return any(isinstance(one, ast.Break | ast.Return) for one in ast.walk(node))
            case ast.Import(names=names):
                return all(self._import(one.name, one.asname) for one in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                return all(self._import_from(module, one.name, one.asname or one.name) for one in names)
            case ast.ImportFrom():
                return False
        return True

    def _import(self, module: str, alias: str | None) -> bool:
        if module in MODULES:
            first = module.partition(".")[0]
            return self.names.imported.setdefault(alias or first, module if alias else first) == (
                module if alias else first
            )
        if _is_standard(module):
            return False
        self.names.foreign.add(alias or module.partition(".")[0])
        return True

    def _import_from(self, module: str, name: str, alias: str) -> bool:
        dotted = f"{module}.{name}"
        if harmless(dotted) or dotted in _TAKES_PATHS or dotted in _STARTS or dotted in MODULES:
            return self.names.imported.setdefault(alias, dotted) == dotted
        if _is_standard(module) or name == "*":
            return False
        self.names.foreign.add(alias)
        return True

    def _fine(self, node: ast.AST) -> bool:
        """Whether `node` and all in it does no harm."""
        match node:
            case ast.Import() | ast.ImportFrom():
                return True
            case ast.Name(id=name, ctx=ast.Load()):
                return (
                    name in self.names.bound
                    or (name in BUILTINS and name != "type")
                    or self._passed_on(self.names.imported.get(name, ""))
                )
            case ast.Attribute(value=ast.Call(func=ast.Name(id="type"), args=[value]), attr="__name__"):
                return self._fine(value)
            case ast.Attribute():
                dotted = self.names.dotted(node)
                return self._passed_on(dotted) if dotted else node.attr in FIELDS and self._fine(node.value)
            case ast.Subscript(value=ast.Attribute() as container, slice=key, ctx=ast.Load()) if (
                self.names.dotted(container) == "os.environ"
            ):
                return self._fine(key)
            case ast.Subscript(ctx=ast.Store(), value=value, slice=key):
                return isinstance(value, ast.Name | ast.Subscript) and self._fine(value) and self._fine(key)
            case ast.FormattedValue(value=value) if self._looked_at(value):
                return True
            case ast.Expr(value=value) | ast.Assert(test=value) if self._looked_at(value):
                return True
            case ast.Call():
                return self._call(node)
        return all(map(self._fine, ast.iter_child_nodes(node)))

    def _passed_on(self, dotted: str) -> bool:
        """Whether it may be a value; the class of paths may not, for its methods take the path as an argument."""
        return harmless(dotted) and not dotted.startswith("pathlib.")

    def _looked_at(self, node: ast.expr) -> bool:
        """Whether it is a foreign module, or something of it."""
        while isinstance(node, ast.Attribute):
            if node.attr.startswith("_") and node.attr not in _OF_MODULES:
                return False
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.names.foreign and node.id not in self.names.bound

    def _call(self, node: ast.Call) -> bool:
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        shows = isinstance(node.func, ast.Name) and node.func.id in _SHOWN and node.func.id not in self.names.bound
        if not all((shows and self._looked_at(one)) or self._fine(one) for one in given):
            return False
        match node.func:
            case ast.Name(id="open") if "open" not in self.names.bound:
                return self._opens(node, node.args[0] if node.args else None, node.args[1:2])
            case ast.Name(id=name) if name in self.names.bound or name not in self.names.imported:
                return self._fine(node.func)
        dotted = self.names.dotted(node.func)
        if dotted in _TAKES_PATHS:
            count = _TAKES_PATHS[dotted]
            return len(node.args) >= count and all(self._inside(one) for one in node.args[:count])
        if dotted in _STARTS:
            return self._starts(dotted, node)
        if dotted:
            return harmless(dotted)
        return (
            self._method(node)
            if isinstance(node.func, ast.Attribute)
            else isinstance(node.func, ast.Lambda) and self._fine(node.func)
        )

    def _method(self, node: ast.Call) -> bool:
        assert isinstance(node.func, ast.Attribute)
        name, receiver = node.func.attr, node.func.value
        if not self._fine(receiver):
            return False
        if name == "copy":
            return not node.args and not node.keywords
        if name == "replace" and len(node.args) > 1:  # of a text; a path takes one
            return True
        if name in _PATH_READS:
            return self._readable(receiver)
        if name == "open":
            return self._opens(node, receiver, node.args[:1])
        if name in _PATH_CHANGES:
            count = _PATH_CHANGES[name]
            return self._inside(receiver) and len(node.args) >= count and all(map(self._inside, node.args[:count]))
        return name in METHODS

    def _opens(self, node: ast.Call, path: ast.expr | None, modes: list[ast.expr]) -> bool:
        given = modes + [keyword.value for keyword in node.keywords if keyword.arg == "mode"]
        if path is None or any(keyword.arg in (None, "opener", "file") for keyword in node.keywords):
            return False
        mode = given[0] if given else ast.Constant("r")
        if not isinstance(mode, ast.Constant) or not isinstance(mode.value, str):
            return False
        if isinstance(path, ast.Constant) and path.value == 0:  # standard input
            return True
        return self._inside(path) if set("wax+") & set(mode.value) else self._readable(path)

    def _starts(self, dotted: str, node: ast.Call) -> bool:
        """Whether it starts a program whose words are all written out; those are judged as a command of their own."""
        if len(node.args) != 1 or any(keyword.arg not in _OF_STARTING for keyword in node.keywords):
            return False
        shell = dotted == "os.system"
        for keyword in node.keywords:
            if keyword.arg == "shell":
                if not isinstance(keyword.value, ast.Constant):
                    return False
                shell = bool(keyword.value.value)
        match node.args[0]:
            case ast.Constant(value=str(text)) if shell:
                self.started.append(("sh", "-c", text))
                return True
            case ast.List(elts=words) if words and not shell:
                said = [word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)]
                self.started.append(tuple(said))
                return len(said) == len(words)
        return False

    def _inside(self, node: ast.expr) -> bool:
        """Whether `node` is a path that may be changed."""
        paths = self.names.paths(node)
        return bool(paths) and all(self.places.kind(path, self.folder) in ("inside", "scratch") for path in paths)

    def _readable(self, node: ast.expr) -> bool:
        paths = self.names.paths(node)
        return bool(paths) and not any(
            self.places.secret(path, self.folder)
            or self.places.kind(path, self.folder) in ("device", "network", "unknown")
            for path in paths
        )


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names
