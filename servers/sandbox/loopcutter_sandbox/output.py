"""What a run prints, bounded: the beginning and the end are kept, the middle is counted."""

from collections import deque
from dataclasses import dataclass, field

HEAD = 16 << 10
TAIL = 48 << 10


@dataclass
class Output:
    """Collects one stream."""

    head_bytes: int = HEAD
    tail_bytes: int = TAIL
    total: int = 0
    _head: bytearray = field(default_factory=bytearray)
    _tail: deque[bytes] = field(default_factory=deque)
    _kept: int = 0

    def add(self, data: bytes) -> None:
        """Take in what was printed."""
        self.total += len(data)
        room = self.head_bytes - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        if data:
            self._tail.append(data)
            self._kept += len(data)
        while self._tail and self._kept - len(self._tail[0]) >= self.tail_bytes:
            self._kept -= len(self._tail.popleft())

    @property
    def truncated(self) -> bool:
        """Whether the middle was left out."""
        return self.total > self.head_bytes + self.tail_bytes

    def text(self) -> str:
        """As text; bytes that are not UTF-8, and control characters that move a terminal, come out escaped."""
        tail = b"".join(self._tail)[-self.tail_bytes :]
        if not self.truncated:
            return readable(bytes(self._head) + tail)
        left_out = self.total - len(self._head) - len(tail)
        return f"{readable(bytes(self._head))}\n… {left_out} bytes left out …\n{readable(tail)}"


def readable(data: bytes) -> str:
    """`data` as text that is safe to show."""
    text = data.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return "".join(mark if mark.isprintable() or mark in "\n\t" else _escaped(mark) for mark in text)


def _escaped(mark: str) -> str:
    return mark.encode("unicode_escape").decode("ascii")


def shown(path: str) -> str:
    """A path as text that is safe to show."""
    return readable(path.encode("utf-8", "surrogateescape"))
