"""Tool calls written as text are understood in every dialect; other text is not taken for one."""

import pytest

from loopcutter_host.chat import ToolCall
from loopcutter_host.chat.tool_calls import written_calls

NAMES = frozenset(("search", "read"))
CALL = '{"name": "search", "arguments": {"query": "total"}}'
SEARCH = ToolCall("search", {"query": "total"})


@pytest.mark.parametrize(
    "text",
    [
        CALL,
        f"I look first.\n```json\n{CALL}\n```",
        f"<tool_call>\n{CALL}\n</tool_call>",
        f"{CALL}\n</tool_call>",
        f"<tools>{CALL}</tools>",
        "<tool_call><function=search><parameter=query>\ntotal\n</parameter></function></tool_call>",
        "<function=search>{'query': 'total'}</function>",
        '{"tool": "search", "parameters": {"query": "total"}}',
        '{"function": {"name": "search", "arguments": "{\\"query\\": \\"total\\"}"}}',
        '{"name": "search", "query": "total"}',
        f"[{CALL}]",
        f'<think>maybe {{"name": "read", "arguments": {{}}}}</think>{CALL}',
    ],
)
def test_call_is_understood_in(text: str) -> None:
    assert written_calls(text, NAMES) == (SEARCH,)


def test_several_calls_keep_their_order_and_types() -> None:
    text = "<function=read><parameter=path>a.py</parameter><parameter=start>3</parameter></function><function=search>"
    assert written_calls(text, NAMES) == (ToolCall("read", {"path": "a.py", "start": 3}), ToolCall("search", {}))


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "delete_everything", "arguments": {}}',
        "<function=shell><parameter=command>ls</parameter></function>",
        '{"hypothesis": "search is broken"}',
        "search(query='total')",
        "",
    ],
)
def test_only_known_tools_count(text: str) -> None:
    assert written_calls(text, NAMES) == ()
