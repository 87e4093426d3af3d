"""Edits are read out of what models send, and what can't be meant is refused with a reason."""

from dataclasses import replace
from textwrap import dedent

import pytest

from loopcutter_host.chat import Answer
from loopcutter_host.chat.errors import Unusable
from loopcutter_host.dialogue.blocks import blocks
from loopcutter_host.dialogue.edits import whole_file, whole_function
from loopcutter_host.model import Place

TARGET = Place("shop/cart.py", "Cart.total", (1, 2), 1.0, "")
GOOD = "def total(self):\n    return 1\n"


def source(text: str, present: str = "", target: Place = TARGET) -> str:
    (edit,) = whole_function(Answer(text), target, present)
    assert (edit["kind"], edit["path"], edit["symbol"]) == ("symbol", target.path, target.symbol)
    return dedent(str(edit["source"]))


@pytest.mark.parametrize(
    "text",
    [
        f"```python\n{GOOD}```",
        f"```\n{GOOD}```\nThis returns one.",
        f"<think>\n```python\ndef total(self): ...\n```\n</think>\n```py\n{GOOD}```",
        "```python\n    def total(self):\n        return 1\n```",
        "```python\nclass Cart:\n    def add(self):\n        pass\n\n    def total(self):\n        return 1\n```",
        f"```python\nimport os\n\ndef helper():\n    pass\n\n{GOOD}\nprint(1)\n```",
        f"A draft:\n```python\ndef total(self):\n    return 0\n```\nBetter:\n```python\n{GOOD}```",
        f"```python\n{GOOD}```\nUse it so:\n```python\ncart.total()\n```",
        GOOD,
        f"Here it is:\n{GOOD}",
        '{"code": "def total(self):\\n    return 1\\n"}',
        f"```python\n{GOOD}",
    ],
)
def test_function_is_found_in(text: str) -> None:
    assert source(text) == GOOD


def test_decorators_and_async_belong_to_it() -> None:
    text = "```python\n@property\n@cached\nasync def total(self):\n    return 1\n```"
    assert source(text) == "@property\n@cached\nasync def total(self):\n    return 1\n"


def test_function_of_the_right_class_is_taken() -> None:
    classes = [
        f"class {name}:\n    def total(self):\n        return {value}\n" for name, value in [("Order", 0), ("Cart", 1)]
    ]
    text = "```python\n" + "\n\n".join(classes) + "```"
    assert source(text) == GOOD


def test_texts_over_several_lines_are_not_moved() -> None:
    method = '    def total(self):\n        return """a\nb\n        c\\d"""\n'
    (edit,) = whole_function(Answer(f"```python\n{method}```"), TARGET, "")
    assert edit["source"] == method


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Change the sum.", "no fenced block"),
        ("```python\ndef total(self):\n  return (\n```", "not valid Python"),
        ("```python\ndef sum_up(self):\n    pass\n```", "must define `total`, but it defines sum_up"),
        ("```python\nreturn 1\n```", "must define `total`, but it defines nothing"),
        ("```python\ndef total(self):\n    # ... rest of the code unchanged\n    pass\n```", "write out every line"),
        ("```python\ndef total(self):\n    a = 1\n    # ... existing code\n```", "write out every line"),
        ("```python\ndef total(self):\n    ...\n```", "write out every line"),
    ],
)
def test_what_can_not_be_meant_is_refused(text: str, problem: str) -> None:
    with pytest.raises(Unusable, match=problem):
        source(text, present="def total(self):\n    return 0\n")


def test_block_that_was_cut_is_refused_even_if_it_parses() -> None:
    with pytest.raises(Unusable, match="never ended"):
        whole_function(Answer(f"```python\n{GOOD}", done_reason="length"), TARGET, "")


def test_marks_that_were_bent_for_the_prompt_are_bent_back() -> None:
    assert (
        source('```python\ndef total(self):\n    return "<|·im_end·|>"\n```')
        == 'def total(self):\n    return "<|im_end|>"\n'
    )


BLOCK = "<<<<<<< SEARCH\n    a\n=======\n    b\n>>>>>>> REPLACE\n"
EDIT = {"kind": "replace", "path": "shop/cart.py", "search": "    a\n", "replace": "    b\n"}


@pytest.mark.parametrize(
    "text",
    [
        BLOCK,
        f"```\n{BLOCK}```",
        f"```python\nshop/cart.py\n{BLOCK}```",
        f"shop/cart.py\n```python\n{BLOCK}```",
        f"**File: `shop/cart.py`**\n```\n{BLOCK}```",
        "<<<<< SEARCH\n    a\n=====\n    b\n>>>>> REPLACE",
        "<<<<<<< SEARCH\n    a\n=======\n    b\n>>>>>>>",
    ],
)
def test_block_is_found_in(text: str) -> None:
    assert blocks(Answer(text), TARGET, "") == (EDIT,)


def test_blocks_may_name_other_files_and_delete() -> None:
    text = f"{BLOCK}\nshop/tax.py\n<<<<<<< SEARCH\nx\n=======\n>>>>>>> REPLACE\n"
    tax = {"kind": "replace", "path": "shop/tax.py", "search": "x\n", "replace": ""}
    assert blocks(Answer(text), TARGET, "") == (EDIT, tax)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nothing", "there is no block"),
        ("<<<<<<< SEARCH\na\n", "no line ======="),
        ("<<<<<<< SEARCH\na\n=======\nb\n", "no line >>>>>>> REPLACE"),
        ("<<<<<<< SEARCH\n=======\nb\n>>>>>>> REPLACE", "SEARCH part is empty"),
    ],
)
def test_broken_block_is_refused(text: str, problem: str) -> None:
    with pytest.raises(Unusable, match=problem):
        blocks(Answer(text), TARGET, "")


def test_diff_is_read_as_blocks() -> None:
    text = "```diff\n--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -1,3 +1,3 @@\n x\n-    a\n+    b\n y\n```"
    edit = {"kind": "replace", "path": "shop/cart.py", "search": "x\n    a\ny\n", "replace": "x\n    b\ny\n"}
    assert blocks(Answer(text), TARGET, "") == (edit,)


def test_block_that_stands_once_in_what_was_shown_is_meant_there() -> None:
    (edit,) = blocks(Answer(BLOCK), replace(TARGET, lines=(40, 44)), "def total():\n    x\n    a\n")
    assert edit["near_line"] == 42


FILE = "import os\n\n\ndef tax():\n    pass\n\n\nclass Cart:\n    def total(self):\n        return 0\n"


def test_file_is_taken_whole() -> None:
    new = FILE.replace("return 0", "return 1")
    (edit,) = whole_file(Answer(f"```python\n{new}```"), TARGET, FILE)
    assert edit == {"kind": "file", "path": "shop/cart.py", "content": new}


def test_function_alone_is_understood_where_a_file_was_asked_for() -> None:
    (edit,) = whole_file(Answer(f"```python\n{GOOD}```"), TARGET, FILE)
    assert (edit["kind"], edit["symbol"]) == ("symbol", "Cart.total")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("```python\nclass Cart:\n    def sum(self):\n        pass\n```", "other-code"),
        ("```python\ndef tax():\n  pass\n\nclass Cart:\n  # ... rest of the code\n  x = 1\n```", "left-out"),
        ("```python\nclass (:\n```", "not-python"),
        ("No code.", "no-code"),
        ("", "empty"),
    ],
)
def test_file_in_part_is_refused_with_its_kind(text: str, kind: str) -> None:
    with pytest.raises(Unusable) as raised:
        whole_file(Answer(text), TARGET, FILE)
    assert raised.value.kind == kind


def test_file_outside_any_function_must_stay_whole() -> None:
    top = replace(TARGET, symbol="")
    with pytest.raises(Unusable, match="tax is missing"):
        whole_file(Answer("```python\nclass Cart:\n    pass\n```"), top, FILE)


def test_fence_in_a_docstring_does_not_end_the_code() -> None:
    code = 'def total(self):\n    """Like this:\n\n    ```\n    total()\n    ```\n    """\n    return 1\n'
    assert source(f"Here:\n```python\n{code}```") == code


def test_import_above_the_function_goes_inside_when_the_file_lacks_it() -> None:
    above = "import math\nimport os\nfrom json import loads as read\n\n"
    code = 'def total(self):\n    """The sum."""\n    return math.ceil(read("1")) or os.sep\n'
    (edit,) = whole_function(Answer(f"```python\n{above}{code}```"), TARGET, "", file=FILE)
    inside = "    import math\n    from json import loads as read\n"
    assert edit["source"] == code.replace("    return", f"{inside}    return")
