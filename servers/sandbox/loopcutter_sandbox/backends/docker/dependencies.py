"""What a project says it needs to be tested: a version of Python and distributions.

Everything is read, nothing is run: a ``setup.py`` that computes what it needs says nothing here. What would lead pip
elsewhere than to its index (URLs, version control, other indexes) is refused by name, for these files are a stranger's.
"""

import ast
import configparser
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from loopcutter_sandbox.errors import ImageFailed

_EXTRAS = ("test", "tests", "testing", "dev")
_SETTINGS = ("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", ".python-version")
_LISTS = re.compile(
    r"(requirements([-_.](test|tests|testing|dev))?|(test|tests|testing|dev)[-_.]requirements"
    r"|requirements/(base|main|test|tests|testing|dev|requirements))\.(txt|in)"
)
_DEPTH = 5
_LONGEST = 200_000


@dataclass(frozen=True)
class Needs:
    """What a project says about itself."""

    python: str = ""
    """A version specifier, or nothing."""
    requirements: tuple[str, ...] = ()
    """As PEP 508 spells them, each with the hashes that were given for it."""

    def __bool__(self) -> bool:
        return bool(self.python or self.requirements)


def relevant(paths: Iterable[str]) -> list[str]:
    """Those of the paths of a tree that can say something; where they are unchanged, so are the needs."""
    return sorted(
        path for path in paths if path in _SETTINGS or (path.endswith((".txt", ".in")) and path.count("/") < 2)
    )


def find(files: Mapping[str, bytes]) -> Needs:
    """The needs that `files` (the relevant ones, by path) tell of."""
    gathered = _Gathered({path: data[:_LONGEST].decode("utf-8", "replace") for path, data in files.items()})
    for path, read in _READERS.items():
        if path in gathered.texts:
            read(gathered, gathered.texts[path])
    compiled = {path.removesuffix(".txt") for path in gathered.texts if path.endswith(".txt")}
    for path in gathered.texts:
        is_source = path.endswith(".in") and path.removesuffix(".in") in compiled
        if _LISTS.fullmatch(path) and not is_source:
            _requirements(gathered, path)
    return Needs(gathered.python, tuple(dict.fromkeys(gathered.lines)))


@dataclass
class _Gathered:
    texts: Mapping[str, str]
    python: str = ""
    lines: list[str] = field(default_factory=list)

    def add(self, requirements: object, where: str) -> None:
        """Take in some requirements, however the format spells them."""
        if isinstance(requirements, str):
            requirements = [line.split(" #")[0] for line in requirements.splitlines()]
        for each in requirements if isinstance(requirements, list | tuple) else ():
            if isinstance(each, str) and each.strip() and not each.lstrip().startswith("#"):
                self._one(each.strip(), where)

    def _one(self, text: str, where: str) -> None:
        bare, _, hashes = text.partition(" --hash")
        try:
            requirement = Requirement(bare.strip())
        except InvalidRequirement:
            raise ImageFailed(
                f"{where} asks for {bare[:200]!r}, which is no plain requirement; prepare an image that holds it and "
                "name that with --image"
            ) from None
        if requirement.url:
            raise ImageFailed(
                f"{where} asks for {requirement.name} from an address of its own, which is not followed; prepare an "
                "image that holds it and name that with --image"
            )
        self.lines.append(f"{requirement}{f' --hash{hashes}' if hashes else ''}")


def _pyproject(gathered: _Gathered, text: str) -> None:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # the project's own tools can't read it either
    project = _table(found, "project")
    gathered.python = str(project.get("requires-python") or "")
    gathered.add(project.get("dependencies"), "pyproject.toml")
    for name in _EXTRAS:
        gathered.add(_table(project, "optional-dependencies").get(name), "pyproject.toml")
        gathered.add(_group(_table(found, "dependency-groups"), name), "pyproject.toml")
    poetry = _table(_table(found, "tool"), "poetry")
    groups = [_table(group, "dependencies") for name, group in _table(poetry, "group").items() if name in _EXTRAS]
    for table in (_table(poetry, "dependencies"), _table(poetry, "dev-dependencies"), *groups):
        for name, wanted in table.items():
            version = wanted.get("version", "*") if isinstance(wanted, dict) else wanted
            if isinstance(version, str) and not (isinstance(wanted, dict) and wanted.get("optional")):
                if name == "python":
                    gathered.python = gathered.python or _caret(version)
                else:
                    gathered.add([f"{name}{_caret(version)}"], "pyproject.toml")


def _group(groups: Mapping[str, Any], name: str, depth: int = _DEPTH) -> list[str]:
    """A dependency group with those it includes."""
    found: list[str] = []
    entries = groups.get(name)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, str):
            found.append(entry)
        elif isinstance(entry, dict) and depth:
            found += _group(groups, str(entry.get("include-group", "")), depth - 1)
    return found


def _caret(version: str) -> str:
    """Poetry's spelling of a range as everybody else's."""
    parts = []
    for part in version.replace("||", ",").split(","):
        part = part.strip()
        numbers = part.lstrip("^~ ")
        if part.startswith(("^", "~")) and re.fullmatch(r"\d+(\.\d+)*", numbers):
            fields = [int(number) for number in numbers.split(".")]
            keep = (
                next((at for at, number in enumerate(fields) if number), 0)
                if part[0] == "^"
                else min(1, len(fields) - 1)
            )
            upper = [*fields[:keep], fields[keep] + 1]
            parts.append(f">={numbers},<{'.'.join(map(str, upper))}")
        elif part and part != "*":
            parts.append(part if part[0] in "<>=!~" else f"=={part}")
    return ",".join(parts)


def _setup_cfg(gathered: _Gathered, text: str) -> None:
    found = _ini(text)
    gathered.python = gathered.python or found.get("options", {}).get("python_requires", "")
    gathered.add(found.get("options", {}).get("install_requires"), "setup.cfg")
    gathered.add(found.get("options", {}).get("tests_require"), "setup.cfg")
    for name in _EXTRAS:
        gathered.add(found.get("options.extras_require", {}).get(name), "setup.cfg")


def _tox(gathered: _Gathered, text: str) -> None:
    lines = _ini(text).get("testenv", {}).get("deps", "").splitlines()
    for line in lines:
        line = re.sub(r"^[\w{},!.-]+\s*:\s+", "", line.strip())  # a factor: it is for some environments only
        if line.startswith("-r"):
            _requirements(gathered, line[2:].strip().replace("{toxinidir}/", ""))
        elif line and "{" not in line and not line.startswith(("-", ".")):
            gathered.add([line], "tox.ini")


def _ini(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {section: dict(parser.items(section)) for section in parser.sections()}


def _setup_py(gathered: _Gathered, text: str) -> None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    known = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name == "setup":
            said = {keyword.arg: _literal(keyword.value, known) for keyword in node.keywords if keyword.arg}
            gathered.python = gathered.python or str(said.get("python_requires") or "")
            gathered.add(said.get("install_requires"), "setup.py")
            gathered.add(said.get("tests_require"), "setup.py")
            for extra in _EXTRAS:
                gathered.add(_value(said.get("extras_require"), extra), "setup.py")


def _literal(node: ast.expr, known: Mapping[str, ast.expr]) -> Any:
    node = known.get(node.id, node) if isinstance(node, ast.Name) else node
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _requirements(gathered: _Gathered, path: str, depth: int = _DEPTH) -> None:
    """A list for pip, with those it includes; constraints are requirements only of what is required anyway."""
    text = gathered.texts.get(path)
    if text is None or not depth:
        return
    folder = path.rpartition("/")[0]
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        include = re.fullmatch(r"(?:-r|--requirement)[ =]?\s*(\S+)", line)
        if include:
            _requirements(gathered, f"{folder}/{include[1]}".lstrip("/").removeprefix("./"), depth - 1)
        elif re.match(r"(-e\s*)?\.(\[|$|/)|-e |--editable", line) or line.startswith(("-c", "--constraint")):
            continue  # the project itself lies in the workspace; constraints only narrow
        elif line.startswith("-"):
            continue  # options: other indexes above all, which a stranger does not get to choose
        else:
            gathered.add([re.sub(r"\s+", " ", line)] if line else [], path)


def _python_version(gathered: _Gathered, text: str) -> None:
    found = re.match(r"\s*(?:python-|cpython-)?(\d+\.\d+)", text)
    if found and not gathered.python:
        gathered.python = f"=={found[1]}.*"


def _value(table: object, name: str) -> Any:
    return table.get(name) if isinstance(table, dict) else None


def _table(table: object, name: str) -> dict[str, Any]:
    found = _value(table, name)
    return found if isinstance(found, dict) else {}


_READERS: Mapping[str, Callable[[_Gathered, str], None]] = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
    "tox.ini": _tox,
    ".python-version": _python_version,
}
