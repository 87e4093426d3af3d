"""What the names in a short Python program stand for, and the paths that are certain in it."""

import ast
import posixpath
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from loopcutter_sandbox.guard.output import FOUND
from loopcutter_sandbox.guard.simple import UNKNOWN


@dataclass
class Names:
    """Filled while a program is read through; asked when all of it has been seen."""

    imported: dict[str, str] = field(default_factory=dict)
    """What imported names stand for."""
    foreign: set[str] = field(default_factory=set)
    """Modules of the project and of packages: their text is not here, so they may be looked at and nothing more."""
    bound: Counter[str] = field(default_factory=Counter)
    """How often a name is bound."""
    values: dict[str, ast.expr] = field(default_factory=dict)
    """What a name is bound to by a plain assignment."""
    elements: dict[str, ast.expr] = field(default_factory=dict)
    """What a loop variable runs over."""

    def dotted(self, node: ast.expr) -> str:
        """The full name of what an attribute of an imported module is; empty for other attributes."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self.bound or node.id not in self.imported:
            return ""
        return ".".join((self.imported[node.id], *reversed(parts)))

    def paths(self, node: ast.expr) -> tuple[str, ...]:
        """All that a path may be; empty if that can't be told for certain."""
        match node:
            case ast.Constant(value=str(text)):
                return (text,) if text and UNKNOWN not in text else ()
            case ast.Name(id=name) if self.bound[name] == 1 and name in self.values:
                return self.paths(self.values[name])
            case ast.Name(id=name) if self.bound[name] == 1 and name in self.elements:
                return self._members(self.elements[name])
            case ast.JoinedStr(values=parts):
                return self._together(parts, "".join)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self.paths(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._together([left, right], "".join)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._together([left, right], lambda parts: posixpath.join(*parts))
            case ast.Call(func=function, args=[_, *_] as arguments, keywords=[]):
                dotted = self.imported.get(function.id, "") if isinstance(function, ast.Name) else self.dotted(function)
                if dotted in ("pathlib.Path", "pathlib.PosixPath", "os.path.join", "os.fspath") or (
                    isinstance(function, ast.Name)
                    and function.id == "str"
                    and "str" not in self.bound
                    and len(arguments) == 1
                ):
                    return self._together(arguments, lambda parts: posixpath.join(*parts))
        return ()

    def _together(self, parts: list[ast.expr], join: Callable[[list[str]], str]) -> tuple[str, ...]:
        found = [""]
        texts: list[tuple[str, ...]] = []
        for part in parts:
            texts.append(self.paths(part))
        for count, values in enumerate(texts):
            if not values or len(found) * len(values) > 16:
                return ()
            found = [join([one, value]) if count else value for one in found for value in values]
        return tuple(found)

    def _members(self, node: ast.expr) -> tuple[str, ...]:
        """What a loop may meet: the constants of a list, or what is found in a folder."""
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) if len(parts) <= 16:
                found = tuple(path for part in parts for path in self.paths(part))
                return found if len(found) >= len(parts) else ()
            case ast.Call(
                func=ast.Attribute(attr="glob" | "rglob", value=start), args=[ast.Constant(value=str(pattern))]
            ) if self.paths(start):
                return (
                    tuple(f"{path}/{_stand_in(pattern)}" for path in self.paths(start)) if ".." not in pattern else ()
                )
            case ast.Call(func=ast.Attribute(attr="iterdir", value=start), args=[]) if self.paths(start):
                return tuple(f"{path}/*" for path in self.paths(start))
            case ast.Call(func=ast.Attribute() as function, args=[ast.Constant(value=str(pattern)), *_]):
                if self.dotted(function) in ("glob.glob", "glob.iglob"):
                    fixed = re.split(r"[*?\[]", pattern)[0].rpartition("/")
                    folder = fixed[0] + fixed[1]
                    return (folder + _stand_in(pattern),) if ".." not in pattern[len(folder) :] else ()
        return ()


def _stand_in(pattern: str) -> str:
    """A name for what a pattern finds; a pattern that takes all of a folder stands for all of it."""
    return "*" if re.fullmatch(r"(\*\*/)*\*{1,2}(\.\*)?", pattern) else FOUND
