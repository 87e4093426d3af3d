"""What a push wants done with refs: the lines before the pack, looked at before git sees them.

Git has no setting that refuses to delete every kind of ref, so it is done here. Which refs may be written is git's
own business.
"""

import re
from collections.abc import AsyncIterator

from loopcutter_serving.errors import BodyRefused

_LONGEST = 64 << 10
"""Bytes of all commands of a push: some four hundred refs."""

_COMMAND = re.compile(rb"[0-9a-f]{40} (?P<new>[0-9a-f]{40}) [^\0\n]+(?:\0[^\n]*)?\n?|shallow [0-9a-f]{40}\n?")
_NOTHING = b"0" * 40


async def without_deletes(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces of a push as they come. Raises `BodyRefused` before the first one if a ref would be deleted."""
    head = b""
    async for piece in pieces:
        head += piece
        if _complete(head):
            break
    yield head
    async for piece in pieces:
        yield piece


def _complete(head: bytes) -> bool:
    """Whether `head` holds all commands of the push, none of which deletes."""
    position = 0
    while len(digits := head[position : position + 4]) == 4:
        if digits == b"0000":
            return True
        if not re.fullmatch(rb"[0-9a-fA-F]{4}", digits) or (length := int(digits, 16)) < 4:
            raise BodyRefused(400, "this is no push: use `git push`")
        if position + length > len(head):
            break
        command = _COMMAND.fullmatch(head, position + 4, position + length)
        if command is None:
            raise BodyRefused(400, "this is no push: use `git push`")
        if command["new"] == _NOTHING:
            raise BodyRefused(403, "this server keeps what it has received: push without deleting")
        position += length
    if len(head) > _LONGEST:
        raise BodyRefused(413, "the push names too many refs at once: push fewer")
    return False
