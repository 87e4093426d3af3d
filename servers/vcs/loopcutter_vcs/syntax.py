"""Whether Python still parses, as the Python this server runs on sees it."""

import ast
import threading
import warnings

_ONE_AT_A_TIME = threading.Lock()


def error_in(source: bytes) -> str | None:
    """What keeps `source` from parsing, with its line; None when it parses or nobody can tell."""
    try:
        _parse(source)
    except SyntaxError as error:
        line = (error.text or "").strip()
        return f"line {error.lineno}: {error.msg}" + (f": `{line}`" if line else "")
    except ValueError as error:  # null bytes
        return str(error)
    except (RecursionError, MemoryError):  # nested deeper than the parser goes: no fault of the edit
        return None
    return None


def parsed(source: bytes) -> ast.Module | None:
    """The syntax of `source`; None when it does not parse."""
    try:
        return _parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parse(source: bytes) -> ast.Module:
    # The filters of warnings are global, and to swap them is not safe between threads.
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)
