"""Stack traces are read from every form they are printed in; what lies outside the workspace is named and dropped."""

import subprocess
import sys
from pathlib import Path

import pytest

from loopcutter_host.stacktrace import Frame, Trace, inside_path, placed, traces

CART = """import json


def total(prices):
    return add(prices)


def add(prices):
    if not prices:
        raise KeyError("empty")
    return sum(prices)


def load(text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise RuntimeError("no cart") from error
"""
TESTS = """from shop.cart import load, total


def test_total():
    assert total([1]) == 2


def test_empty():
    total([])


def test_load():
    load("{")


def test_group():
    raise ExceptionGroup("two", [ValueError("one"), TypeError("other")])
"""
PATHS = ("shop/cart.py", "tests/test_cart.py", "shop/money.py")


def workspace(folder: Path) -> Path:
    for path, text in {"shop/__init__.py": "", "shop/cart.py": CART, "tests/test_cart.py": TESTS}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def said_by_pytest(folder: Path, style: str) -> str:
    options = ["-q", "-p", "no:cacheprovider", "--rootdir", ".", "-c", "/dev/null", f"--tb={style}", "tests"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options], cwd=workspace(folder), capture_output=True, text=True, check=False
    )
    return ran.stdout


def lines(trace: Trace) -> list[tuple[str, int]]:
    return [(frame.path, frame.line) for frame in placed(trace, PATHS).trace.frames]


@pytest.mark.parametrize("style", ["long", "short", "native"])
def test_every_style_of_pytest_leads_to_the_same_lines(tmp_path: Path, style: str) -> None:
    found = traces(said_by_pytest(tmp_path, style))
    assert [(trace.exception, lines(trace)) for trace in found] == [
        ("AssertionError", [("tests/test_cart.py", 5)]),
        ("KeyError", [("tests/test_cart.py", 9), ("shop/cart.py", 5), ("shop/cart.py", 10)]),
        ("JSONDecodeError", [("shop/cart.py", 16)]),
        ("RuntimeError", [("tests/test_cart.py", 13), ("shop/cart.py", 18)]),
        ("ExceptionGroup", [("tests/test_cart.py", 17)]),
        ("ValueError", []),
        ("TypeError", []),
    ]
    assert [trace.relation for trace in found] == ["", "", "", "cause", "", "member", "member"]
    assert (found[0].message.startswith("assert 1 == 2"), found[1].message, found[5].message) == (
        True,
        "'empty'",
        "one",
    )
    assert [frame.function for frame in found[3].frames[-2:]] == ["test_load", "load"]


def test_line_style_of_pytest_names_where_it_broke(tmp_path: Path) -> None:
    found = traces(said_by_pytest(tmp_path, "line"))
    assert [(trace.exception, lines(trace)) for trace in found[:3]] == [
        ("AssertionError", [("tests/test_cart.py", 5)]),
        ("KeyError", [("shop/cart.py", 10)]),
        ("RuntimeError", [("shop/cart.py", 18)]),
    ]


def test_frames_outside_of_the_workspace_are_dropped_and_named(tmp_path: Path) -> None:
    decoding = next(t for t in traces(said_by_pytest(tmp_path, "short")) if t.exception == "JSONDecodeError")
    seen = placed(decoding, PATHS)
    assert [frame.path for frame in seen.trace.frames] == ["shop/cart.py"]
    assert [name.partition(":")[0] for name in seen.outside] == [
        "json/__init__.py",
        "json/decoder.py",
        "json/decoder.py",
    ]
    assert seen.outside[0].endswith("in loads")


def test_syntax_error_has_its_file_and_line_with_and_without_a_head() -> None:
    bare = "  File \"/app/shop/cart.py\", line 3\n    x = (\n        ^\nSyntaxError: '(' was never closed\n"
    headed = f'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n{bare}'
    for text in (bare, headed):
        (trace,) = traces(text)
        assert (trace.exception, lines(trace)) == ("SyntaxError", [("shop/cart.py", 3)])
    assert placed(traces(headed)[0], PATHS).outside == ("<string>:1 in <module>",)


def test_members_of_a_group_are_traces_of_their_own() -> None:
    text = """  + Exception Group Traceback (most recent call last):
  |   File "/app/shop/cart.py", line 9, in main
  |     raise ExceptionGroup("both", errors)
  | ExceptionGroup: both (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/shop/cart.py", line 7, in one
    |     total([])
    | KeyError: 'empty'
    +---------------- 2 ----------------
    | Traceback (most recent call last):
    |   File "/app/shop/money.py", line 2, in two
    |     1 / 0
    |     ~~^~~
    | ZeroDivisionError: division by zero
    +------------------------------------
"""
    assert [(trace.exception, trace.relation, lines(trace)) for trace in traces(text)] == [
        ("ExceptionGroup", "", [("shop/cart.py", 9)]),
        ("KeyError", "member", [("shop/cart.py", 7)]),
        ("ZeroDivisionError", "member", [("shop/money.py", 2)]),
    ]


def test_chain_says_how_its_links_belong_together() -> None:
    text = (
        'Traceback (most recent call last):\n  File "shop/cart.py", line 1, in a\nKeyError: 1\n\n'
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "shop/money.py", line 2, in b\nValueError: two\nlines\n'
    )
    assert [(trace.exception, trace.relation, trace.message) for trace in traces(text)] == [
        ("KeyError", "", "1"),
        ("ValueError", "context", "two\nlines"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'Traceback (most recent call last):\r\n  File "C:\\proj\\shop\\cart.py", line 5, in f\r\nKeyError: 1\r\n',
        "C:\\Users\\me\\proj\\shop\\cart.py:5: KeyError\n",
        "C:/proj/shop/cart.py:5: in total\n    return add(prices)\nE   KeyError: 1\n",
    ],
)
def test_windows_paths_are_understood(text: str) -> None:
    (trace,) = traces(text)
    assert (trace.exception, lines(trace)) == ("KeyError", [("shop/cart.py", 5)])


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/home/me/proj/shop/cart.py", "shop/cart.py"),
        ("cart.py", "shop/cart.py"),
        ("/usr/lib/python3.11/shop/cart.py", ""),
        ("/venv/lib/python3.11/site-packages/shop/cart.py", ""),
        ("<frozen importlib._bootstrap>", ""),
        ("other/cart.py", ""),
        ("/x/y.py", ""),
    ],
)
def test_path_means_the_file_with_the_longest_common_end(path: str, meant: str) -> None:
    assert inside_path(path, PATHS) == meant


def test_one_name_in_two_folders_means_neither() -> None:
    assert inside_path("cart.py", ("shop/cart.py", "old/cart.py")) == ""
    assert inside_path("/a/old/cart.py", ("shop/cart.py", "old/cart.py")) == "old/cart.py"


def test_prose_and_warnings_are_no_traces() -> None:
    prose = "It is wrong.\nNote: this is important\nshop/cart.py:3: DeprecationWarning: old\n"
    assert traces(prose) == ()


def test_ten_megabytes_and_control_characters_are_read_in_no_time() -> None:
    text = (
        "x" * 10_000_000
        + '\n\x1b[31mTraceback (most recent call last):\n  File "a.py", line 1, in f\x00\nKeyError: 1\n'
    )
    assert traces(text) == (Trace("KeyError", "1", (Frame("a.py", 1, "f"),)),)
