"""Finds what an expression of a Python program stands for, where its text alone tells."""

import ast
import base64
import binascii
import codecs
import posixpath
from collections.abc import Callable, Mapping

from loopcutter_sandbox.guard.simple import UNKNOWN

Values = tuple[object, ...]
"""What an expression may be: strings (`UNKNOWN` in them for what can't be told), bytes, numbers, tuples of these."""

_MOST = 8
_LONGEST_LIST = 4_000
_LONGEST = 20_000


class Location(str):
    """A path made by `pathlib`, which has methods of its own."""

    __slots__ = ()


def dotted(node: ast.AST, modules: Mapping[str, str]) -> str:
    """The full name of what is called: ``from os import remove as r; r`` is ``os.remove``; empty if it has none."""
    match node:
        case ast.Name(id=name):
            return modules.get(name, name)
        case ast.Attribute(value=value, attr=name):
            inner = dotted(value, modules)
            return f"{inner}.{name}" if inner else ""
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(name)), *_]):
            inner = dotted(value, modules)
            return f"{inner}.{name}" if inner else ""
        case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
            return name if dotted(function, modules) in ("__import__", "importlib.import_module") else ""
    return ""


def bound(values: Values) -> Values:
    """What the variable of a loop over `values` may be."""
    found: list[object] = []
    for value in values:
        found += list(value) if isinstance(value, tuple) else [value]
    return tuple(found[:_LONGEST_LIST]) or (UNKNOWN,)


def valued(node: ast.AST, names: Mapping[str, Values], modules: Mapping[str, str]) -> Values:
    """What `node` may be; a name that was never set is unknown."""

    def of(inner: ast.AST) -> Values:
        return valued(inner, names, modules)

    match node:
        case ast.Constant(value=str() | bytes() | int() as value):
            return (value,)
        case ast.Name(id=name):
            return names.get(name, (UNKNOWN,))
        case ast.JoinedStr(values=parts):
            return _each(_joined, *map(of, parts))
        case ast.FormattedValue(value=value):
            return of(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return (tuple(one for part in parts[:_LONGEST_LIST] for one in of(part)[:_MOST]),)
        case ast.BinOp(left=left, op=operator, right=right):
            return _each(lambda one, two: _combined(one, two, operator), of(left), of(right))
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp())):
            return tuple(one[::-1] if isinstance(one, str | bytes) else UNKNOWN for one in of(value))
        case ast.Subscript(value=value, slice=ast.Constant(value="HOME")) if dotted(value, modules) == "os.environ":
            return ("~",)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return tuple(-one if isinstance(one, int) else UNKNOWN for one in of(operand))
        case ast.Call():
            return _called(node, of, modules)
    return (UNKNOWN,)


def _called(node: ast.Call, of: Callable[[ast.AST], Values], modules: Mapping[str, str]) -> Values:
    name, arguments = dotted(node.func, modules), [of(one) for one in node.args]
    if name in ("os.path.join", "posixpath.join"):
        return _each(lambda *parts: posixpath.join(*map(spelled, parts)), *arguments)
    if name in ("pathlib.Path", "pathlib.PosixPath", "Path"):
        return tuple(
            Location(one) for one in map(spelled, _each(lambda *p: posixpath.join("", *map(spelled, p)), *arguments))
        )
    if name in ("pathlib.Path.home", "Path.home"):
        return (Location("~"),)
    if name == "map" and len(node.args) == 2 and dotted(node.args[0], modules) in _PLAIN:
        return (tuple(_each(_PLAIN[dotted(node.args[0], modules)], one)[0] for one in zip(bound(arguments[1]))),)
    if name in _PLAIN and arguments:
        return _each(_PLAIN[name], *arguments[:1])
    if name in ("os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob") and arguments:
        return tuple(f"{spelled(one)}/{UNKNOWN}" if "glob" not in name else spelled(one) for one in arguments[0])
    if isinstance(node.func, ast.Attribute):
        return _method(node.func.attr, of(node.func.value), arguments)
    return (UNKNOWN,)


def _method(name: str, receivers: Values, arguments: list[Values]) -> Values:
    match name:
        case "decode" | "encode" | "strip" | "expanduser" | "resolve" | "absolute" | "as_posix" | "read" | "copy":
            return receivers
        case "joinpath":
            return _each(lambda *parts: Location(posixpath.join(*map(spelled, parts))), receivers, *arguments)
        case "glob" | "rglob" | "iterdir":
            return tuple(Location(f"{spelled(one)}/{UNKNOWN}") for one in receivers)
        case "join" if arguments:
            return _each(lambda sign, parts: spelled(sign).join(map(spelled, parts)), receivers, _lists(arguments[0]))
        case "format" if arguments:
            return _each(lambda text, one: spelled(text).replace("{}", spelled(one)), receivers, arguments[0])
        case "replace" if len(arguments) > 1:
            return _each(
                lambda text, old, new: spelled(text).replace(spelled(old), spelled(new)), receivers, *arguments[:2]
            )
    return (UNKNOWN,)


def _lists(values: Values) -> Values:
    return tuple(one if isinstance(one, tuple) else (UNKNOWN,) for one in values)


def _each(action: Callable[..., object], *parts: Values) -> Values:
    """`action` on the values side by side; what can't be computed is unknown."""
    found: list[object] = []
    for number in range(min(_MOST, max(map(len, parts), default=0))):
        try:
            value = action(*(part[number % len(part)] for part in parts))
        except (TypeError, ValueError, OverflowError, binascii.Error, LookupError):
            value = UNKNOWN
        found.append(value if not isinstance(value, str | bytes) or len(value) < _LONGEST else UNKNOWN)
    return tuple(found) or (UNKNOWN,)


def _joined(*parts: object) -> str:
    return "".join(map(spelled, parts))


def _combined(left: object, right: object, operator: ast.operator) -> object:
    if isinstance(operator, ast.Div):
        return Location(posixpath.join(spelled(left), spelled(right)))
    if isinstance(operator, ast.Add):
        if isinstance(left, tuple) and isinstance(right, tuple):
            return left + right
        return left + right if isinstance(left, int) and isinstance(right, int) else spelled(left) + spelled(right)
    if isinstance(operator, ast.Mod) and isinstance(left, str):
        return left.replace("%s", spelled(right), 1)
    return UNKNOWN


def spelled(value: object) -> str:
    """A value as a word of a command."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if isinstance(value, str | int) else UNKNOWN


_PLAIN: Mapping[str, Callable[[object], object]] = {
    "str": spelled,
    "os.path.expanduser": spelled,
    "os.path.abspath": spelled,
    "os.path.realpath": spelled,
    "os.fspath": spelled,
    "chr": lambda number: chr(number) if isinstance(number, int) else UNKNOWN,
    "bytes": lambda value: bytes(value) if isinstance(value, tuple) else value,
    "list": lambda value: value,
    "sorted": lambda value: value,
    "base64.b64decode": lambda value: base64.b64decode(spelled(value)),
    "bytes.fromhex": lambda value: bytes.fromhex(spelled(value)),
    "binascii.unhexlify": lambda value: binascii.unhexlify(spelled(value)),
    "codecs.decode": lambda value: codecs.decode(spelled(value), "rot13"),
    "shlex.split": lambda value: tuple(spelled(value).split()),
    "os.getenv": lambda value: "~" if value == "HOME" else UNKNOWN,
}
"""Functions of one argument whose result can be told from it."""
