"""Says in a shell's words what a Python program would do, so that the rules for commands can judge it.

``shutil.rmtree("/srv")`` is ``rm -rf /srv``. Only what is plain from the text is followed: constants, what is put
together from them, names that stand for them. What can't be told is `UNKNOWN` within a word.
"""

import ast
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from loopcutter_sandbox.guard.python_value import Location, Values, bound, dotted, spelled, valued
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple, Write
from loopcutter_sandbox.guard.wire import python_speaks_to

_MOST = 200
"""Deeds of one program."""
_REMOVE = {"os.remove", "os.unlink", "os.rmdir", "os.removedirs", "shutil.rmtree", "path.unlink", "path.rmdir"}
_WRITE = {"path.write_text", "path.write_bytes", "path.touch", "os.truncate", "os.mknod", "os.mkfifo"}
_READ = {"path.read_text", "path.read_bytes"}
_TWO_PATHS = {
    "os.rename": ("mv",), "os.replace": ("mv",), "path.rename": ("mv",), "path.replace": ("mv",),
    "shutil.move": ("mv",), "shutil.copy": ("cp",), "shutil.copy2": ("cp",), "shutil.copyfile": ("cp",),
    "shutil.copytree": ("cp", "-r"),
    "os.link": ("ln",), "os.symlink": ("ln", "-s"),
}  # fmt: skip
_SHELL = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput"}
_PROGRAM = {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")} | {"pty.spawn"}
_CODE = {"exec", "eval", "compile"}
_URL = {"urllib.request.urlopen", "urllib.request.urlretrieve", "urllib.request.Request", "urllib2.urlopen"} | {
    f"{library}.{verb}"
    for library in ("requests", "httpx", "urllib3")
    for verb in ("get", "post", "put", "patch", "delete", "head", "request", "stream")
}
_HOST = {
    "http.client.HTTPConnection", "http.client.HTTPSConnection", "ftplib.FTP", "ftplib.FTP_TLS", "smtplib.SMTP",
    "smtplib.SMTP_SSL", "telnetlib.Telnet", "socket.create_connection", "asyncio.open_connection",
}  # fmt: skip
_IDENTITY = {"os.setuid", "os.seteuid", "os.setgid", "os.setegid", "os.setreuid", "os.setresuid"}
_WRITING = set("wax+")
_FILES_OF_DATA = {"sqlite3.connect", "duckdb.connect", "apsw.connect", "aiosqlite.connect", "sqlite3.dbapi2.connect"}
"""They open a file."""


def python_deeds(text: str, simple: Simple) -> list[Simple] | None:
    """What the program would do, as commands in the place of `simple`; None when it can't be read as Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reading = _Reading(replace(simple, upstream=(), document=None, reads=(), writes=()))
    try:
        reading.visit(tree)
    except RecursionError:
        return None
    return [*reading.deeds, *python_speaks_to(tree, text, simple)]


@dataclass
class _Reading:
    simple: Simple
    names: dict[str, Values] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    """What imported names stand for."""
    deeds: list[Simple] = field(default_factory=list)

    def visit(self, node: ast.AST) -> None:
        """Follow `node` in about the order in which it runs."""
        match node:
            case ast.Import(names=names):
                self.modules |= {one.asname: one.name for one in names if one.asname}
            case ast.ImportFrom(module=str(module), names=names):
                self.modules |= {one.asname or one.name: f"{module}.{one.name}" for one in names}
            case ast.Assign(targets=targets, value=value):
                self.visit(value)
                called = dotted(value, self.modules)
                for target in targets:
                    if isinstance(target, ast.Name):
                        self.names[target.id] = self.value(value)
                        if called and "." in called:  # r = shutil.rmtree
                            self.modules[target.id] = called
            case ast.For(target=target, iter=values) | ast.comprehension(target=target, iter=values):
                self._loop(node, target, values)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                for generator in node.generators:
                    self._loop(generator, generator.target, generator.iter)
                self.visit(node.elt)
            case _:
                for child in ast.iter_child_nodes(node):
                    self.visit(child)
                if isinstance(node, ast.Call) and len(self.deeds) < _MOST:
                    self._call(node)

    def value(self, node: ast.expr) -> Values:
        """What an expression may be."""
        return valued(node, self.names, self.modules)

    def _loop(self, node: ast.AST, target: ast.expr, values: ast.expr) -> None:
        self.visit(values)
        if isinstance(target, ast.Tuple):
            walked = dotted(values.func, self.modules) == "os.walk" if isinstance(values, ast.Call) else False
            for name in target.elts:
                if isinstance(name, ast.Name):
                    self.names[name.id] = self.value(values) if walked and name is target.elts[0] else (UNKNOWN,)
        elif isinstance(target, ast.Name):
            self.names[target.id] = bound(self.value(values))
        body: Sequence[ast.AST] = node.body if isinstance(node, ast.For) else getattr(node, "ifs", ())
        for child in body:
            self.visit(child)

    def _call(self, node: ast.Call) -> None:
        name = dotted(node.func, self.modules)
        arguments = [self.value(one) for one in node.args if not isinstance(one, ast.Starred)]
        if name in ("map", "filter") and len(node.args) == 2:
            name, arguments = dotted(node.args[0], self.modules), [bound(arguments[1])]
        elif isinstance(node.func, ast.Attribute):
            receiver = self.value(node.func.value)
            if any(isinstance(one, Location) for one in receiver):
                name, arguments = f"path.{node.func.attr}", [receiver, *arguments]
            elif node.func.attr in ("connect", "connect_ex") and arguments and name not in _FILES_OF_DATA:
                name, arguments = "socket.create_connection", arguments
        options = {one.arg: self.value(one.value) for one in node.keywords if one.arg}
        for number in range(max((len(one) for one in arguments), default=0)):
            chosen = [one[number % len(one)] for one in arguments if one]
            self._deed(name, chosen, {key: value[0] for key, value in options.items() if value})

    def _deed(self, name: str, arguments: list[object], options: dict[str, object]) -> None:
        first = arguments[0] if arguments else None
        path = spelled(first)
        if name in _REMOVE:
            self._do("rm", "-rf", path)
        elif name in _WRITE or (name in ("open", "io.open", "os.open", "path.open") and _writes(arguments, options)):
            self.deeds.append(replace(self.simple, words=(self.simple.program,), writes=(Write(path),)))
        elif name in _READ or name in ("open", "io.open", "os.open", "path.open"):
            self._do("cat", path)
        elif name in _TWO_PATHS and len(arguments) > 1:
            self._do(*_TWO_PATHS[name], path, spelled(arguments[1]))
        elif name in ("os.chmod", "path.chmod", "os.chown", "shutil.chown"):
            mode = arguments[1] if len(arguments) > 1 else 0
            self._do(name[-5:], f"{mode:o}" if isinstance(mode, int) else "root", path)
        elif name in _SHELL or (name in _PROGRAM and isinstance(first, str) and options.get("shell")):
            self._do("sh", "-c", path)
        elif name in _PROGRAM:
            self._do(*(map(spelled, first) if isinstance(first, tuple) else path.split() or [UNKNOWN]))
        elif name.startswith(("os.exec", "os.spawn", "os.posix_spawn")):
            self._start(arguments[1:] if name.startswith("os.spawn") else arguments)
        elif name in _CODE:
            self._do("python3", "-c", path)
        elif name in _URL:
            self._do("curl", spelled(next((one for one in arguments if "://" in spelled(one)), first)))
        elif name in _HOST:
            self._do("nc", spelled(first[0] if isinstance(first, tuple) and first else first))
        elif name in ("os.kill", "os.killpg"):
            self._do("kill", "-9", path)
        elif name in _IDENTITY and first == 0:
            self._do("setpriv", "--reuid", "0")
        elif name == "os.chroot":
            self._do("chroot", path)

    def _start(self, arguments: list[object]) -> None:
        """``os.execv(path, [words])`` and ``os.execl(path, word, word)``."""
        words = arguments[1:]
        if len(words) == 1 and isinstance(words[0], tuple):
            words = list(words[0])
        if words:
            self._do(posixpath.basename(spelled(arguments[0])), *map(spelled, words[1:]))

    def _do(self, *words: str) -> None:
        self.deeds.append(replace(self.simple, words=words))


def _writes(arguments: list[object], options: dict[str, object]) -> bool:
    mode = options.get("mode", arguments[1] if len(arguments) > 1 else "r")
    return isinstance(mode, int) or (isinstance(mode, str) and bool(_WRITING & set(mode)))
