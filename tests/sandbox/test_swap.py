"""Edits that are put into living functions must do what importing the edited file would do."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import loopcutter_sandbox

RUNNER = Path(loopcutter_sandbox.__file__).parent / "runner"
MODULE = '''\
import asyncio
import contextlib
import functools


def plain(x):
    """Adds one."""
    return x + 1  # plain


def keeping(function):
    @functools.wraps(function)
    def kept(x):
        return function(x) * 2  # wrapper
    return kept


class Base:
    factor = 2

    def scale(self, x):
        return x * self.factor


class Derived(Base):
    __secret = 5

    def scale(self, x):
        return super().scale(x) + self.__secret  # super

    @classmethod
    def make(cls, x):
        return cls().scale(x) - 1  # classmethod

    @staticmethod
    def half(x):
        return x // 2  # staticmethod

    @property
    def seven(self):
        return 7  # property

    class Inner:
        def deep(self, x):
            return [y * 3 for y in range(x)]  # nested class


@keeping
def decorated(x):
    return x + 10  # decorated


@functools.lru_cache
def cached(x):
    return x * 100  # cached


def generator(x):
    for y in range(x):
        yield y * y  # generator


async def coroutine(x):
    await asyncio.sleep(0)
    return x - 3  # coroutine


@contextlib.contextmanager
def context(x):
    yield x + 5  # context


if True:
    try:
        def conditional(x):
            return -x  # conditional
    finally:
        pass


def closure(x):
    def inner(y):
        return x + y  # inner
    return inner(4)


def early(x):
    return x + 0.5  # early


TABLE = [early(1)]


def results():
    with context(3) as given:
        return [
            plain(3), decorated(3), Derived().scale(3), Derived.make(3), Derived.half(9), Derived().seven,
            Derived.Inner().deep(3), cached(3), list(generator(3)), asyncio.run(coroutine(3)), given, conditional(3),
            closure(3), early(3), TABLE,
        ]
'''
MARKS = (
    "plain",
    "wrapper",
    "super",
    "classmethod",
    "staticmethod",
    "property",
    "nested class",
    "decorated",
    "cached",
    "generator",
    "coroutine",
    "context",
    "conditional",
    "inner",
)


@pytest.fixture(scope="module")
def runner() -> Any:
    """The runner's package under a name of its own, as `start.py` loads it."""
    name = "loopcutter_runner_under_test"
    spec = importlib.util.spec_from_file_location(
        name, RUNNER / "__init__.py", submodule_search_locations=[str(RUNNER)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)
    return lambda module: importlib.import_module(f"{name}.{module}")


def load(path: Path, source: str) -> ModuleType:
    path.write_text(source)
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def swapped(runner: Any, folder: Path, old: str, new: str) -> tuple[ModuleType, Any, Any]:
    """The module, its living functions, and the plan for replacing `old` by `new`."""
    path = folder / "module.py"
    executed = runner("swap").Executed(str(folder))
    executed.start()
    module = load(path, MODULE)
    executed.stop()
    start = MODULE.encode().index(old.encode())
    candidate = runner("candidate").Candidate("module.py", start, start + len(old.encode()), new.encode())
    unit = runner("candidate").Source(MODULE.encode()).unit(candidate)
    live = runner("swap").Live(str(folder), executed.keys)
    return module, unit, live.plan(str(path), unit) if unit is not None else None


@pytest.mark.parametrize("mark", MARKS)
def test_swapping_does_what_importing_does(runner: Any, tmp_path: Path, mark: str) -> None:
    line = next(line for line in MODULE.splitlines() if line.endswith(f"# {mark}"))
    new = line.replace("return ", "return 1000 if True else ").replace("yield ", "yield 1000 if True else ")
    module, _, plan = swapped(runner, tmp_path, line, new)
    assert plan
    runner("swap").carry_out(plan)
    expected = load(tmp_path / "other.py", MODULE.replace(line, new))
    assert module.results() == expected.results()
    assert module.results() != load(tmp_path / "first.py", MODULE).results()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return x + 0.5", "return x + 0.25"),
        ("def plain(x)", "def plain(x, y=1)"),
        ("factor = 2", "factor = 3"),
        ("@functools.lru_cache", "@functools.cache"),
        ("TABLE = [early(1)]", "TABLE = []"),
        ("    return x + 1  # plain\n", "    return x + 1\n\nOTHER = 1\n"),
        ("    return x + 1  # plain\n", "    return x + 1\nTABLE = "),
        ("        return x + y  # inner", "        nonlocal x\n        x = 1\n        return x + y + z"),
        ("    return kept", "    kept.twice = True\n    return kept"),
    ],
    ids=["ran at import", "signature", "class", "decorator", "module", "leaves", "swallows", "name", "outer"],
)
def test_what_can_not_be_swapped_soundly_is_refused_or_equal(runner: Any, tmp_path: Path, old: str, new: str) -> None:
    module, _, plan = swapped(runner, tmp_path, old, new)
    if plan:  # a change within `closure` alone: nothing of it is alive but the outer function
        assert old.strip() == "return x + y  # inner"
        runner("swap").carry_out(plan)
        with pytest.raises(NameError):
            module.closure(3)


def test_broken_code_is_never_swapped(runner: Any, tmp_path: Path) -> None:
    with pytest.raises(SyntaxError):
        swapped(runner, tmp_path, "return x + 1  # plain", "return x + ")


@pytest.mark.parametrize(
    "head", ["# -*- coding: utf-8 -*-\n", "#!/usr/bin/python\n# vim: set fileencoding=utf-8 :\n", ""]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_offsets_are_trusted_in_files_that_say_they_are_utf_8_and_in_those_of_windows(
    runner: Any, head: str, newline: str
) -> None:
    source = f"{head}def double(x):\n    return x * 2\n".replace("\n", newline).encode()
    start = source.index(b"x * 2")
    unit = runner("candidate").Source(source).unit(runner("candidate").Candidate("it.py", start, start + 1, b"y"))
    assert "return y * 2" in unit.after


@pytest.mark.parametrize("source", [b"# coding: latin-1\ndef f(x):\n    return x\n", b"def f(x):\r    return x\r"])
def test_offsets_are_not_trusted_in_other_encodings_and_line_ends(runner: Any, source: bytes) -> None:
    start = source.index(b"return x")
    assert (
        runner("candidate").Source(source).unit(runner("candidate").Candidate("it.py", start, start, b"1 and ")) is None
    )
