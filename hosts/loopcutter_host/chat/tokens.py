"""Estimates how many tokens a prompt has, without the model's own tokenizer."""

import json
from collections.abc import Sequence

from loopcutter_host.chat.protocol import Message, ToolSpec

BYTES_PER_TOKEN = 3.2
"""Low on purpose: code has 3 to 4 in common vocabularies. Bytes, since a letter of other scripts is a token or two."""
_PER_MESSAGE = 8
"""The chat template's own marks around a message."""


def tokens(text: str) -> int:
    """About how many tokens `text` has."""
    return round(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN)


def prompt_tokens(messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> int:
    """About how many tokens the whole prompt has."""
    turns = sum(tokens(message.text) + _PER_MESSAGE for message in messages)
    calls = sum(
        tokens(json.dumps(dict(call.arguments))) + _PER_MESSAGE for message in messages for call in message.calls
    )
    offered = sum(
        tokens(tool.name + tool.description + json.dumps(dict(tool.parameters))) + _PER_MESSAGE for tool in tools
    )
    return turns + calls + offered
