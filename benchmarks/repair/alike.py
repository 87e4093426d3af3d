"""What is written where something alike was meant: operators as they are spelled, relations and methods by kind."""

import ast
from collections.abc import Mapping

ARITHMETIC: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}
RELATIONS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
LIKE = (("is", "is not"), ("in", "not in"), ("<", "<=", ">", ">=", "==", "!="))
METHODS = (
    "lower upper",
    "lstrip rstrip",
    "find rfind",
    "index rindex",
    "ljust rjust",
    "split rsplit",
    "partition rpartition",
    "removeprefix removesuffix",
    "startswith endswith",
)
