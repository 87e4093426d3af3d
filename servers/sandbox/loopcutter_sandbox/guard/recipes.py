"""Command lines that a command puts where a runner or git will find them: recipes, scripts of a package, hooks."""

import json
import re
from collections.abc import Mapping

from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.scene import Scene
from loopcutter_sandbox.guard.simple import Simple

_MAKE = ("GNUmakefile", "makefile", "Makefile")
_FILES: Mapping[str, tuple[str, ...]] = {
    "make": _MAKE, "gmake": _MAKE, "just": ("justfile", "Justfile", ".justfile"),
    "npm": ("package.json",), "pnpm": ("package.json",), "yarn": ("package.json",), "bun": ("package.json",),
    "rake": ("Rakefile",), "invoke": ("tasks.py",), "inv": ("tasks.py",), "composer": ("composer.json",),
}  # fmt: skip
"""Where a runner looks, in the folder it is started in."""
_RECIPE = re.compile(r"(?:^\t| {2,}|;)[@+-]*(.*)", re.MULTILINE)
_HOOKS = re.compile(r"(.*/)?(\.git/hooks|\.husky|\.githooks)/[\w.-]+")
_SCRIPT = re.compile(r"scripts\.[\w:.-]+=(.*)", re.DOTALL)


def recipes(simple: Simple, scene: Scene, places: Places) -> str | None:
    """What a runner runs from a file that this command itself has written or hands over; None when there is none."""
    files = _FILES.get(simple.program)
    if files is None:
        return None
    named = simple.value("-f", "--file", "--justfile") if files[0] != "package.json" else None
    text = simple.document if named in ("-", "/dev/stdin") else None
    for file in (named,) if named else files:
        text = text or scene.written.get(places.resolve(file, simple.folder))
    if not text:
        return None
    return _scripts(text) if files[0].endswith(".json") else "\n".join(_RECIPE.findall(text))


def _scripts(text: str) -> str:
    try:
        found = json.loads(text)["scripts"].values()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return "\n".join(script for script in found if isinstance(script, str))


def scripts_set(simple: Simple) -> list[str]:
    """The scripts of a package that `npm pkg set scripts.NAME=SCRIPT` makes."""
    if simple.program not in ("npm", "pnpm", "bun") or simple.operands[:2] != ("pkg", "set"):
        return []
    return [match[1] for match in map(_SCRIPT.fullmatch, simple.operands[2:]) if match]


def is_hook(place: str) -> bool:
    """Whether git would run the file at this path."""
    return _HOOKS.fullmatch(place) is not None
