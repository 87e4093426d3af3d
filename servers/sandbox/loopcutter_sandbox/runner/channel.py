"""The runner's only way to say what it found: lines of JSON on an inherited descriptor."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import signal
else:
    try:
        import _signal as signal  # the same without enumerations, of which each call would make a hundred
    except ImportError:  # another Python than CPython
        import signal

_ALL = signal.valid_signals()

MESSAGE = 4_000
"""How much of a message or of an id is passed on, in characters."""


def readable(text: object, limit: int = MESSAGE) -> str:
    """`text` as a string that survives JSON and UTF-8, the middle cut out when it is long."""
    try:
        string = str(text)
    except BaseException as error:  # a hostile __str__ may raise anything, SystemExit included
        return f"<{type(error).__name__} while printing a {type(text).__name__}>"
    if len(string) > limit:
        half = limit // 2
        string = f"{string[:half]}\n… {len(string) - limit} characters left out …\n{string[-half:]}"
    return string.encode("utf-8", "backslashreplace").decode("utf-8")


class Channel:
    """Numbered, nonce-stamped messages to the server. Forked children can't write: their copy is closed at once."""

    def __init__(self, descriptor: int, nonce: str) -> None:
        os.set_inheritable(descriptor, False)
        self._descriptor = descriptor
        self._nonce = nonce
        self._sequence = 0
        os.register_at_fork(after_in_child=self._close)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def send(self, kind: str, **body: Any) -> None:
        """Send one message; silently nothing in a forked child."""
        if self._descriptor < 0:
            return
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _ALL)  # a handler may want to send as well
        try:
            envelope = {"nonce": self._nonce, "sequence": self._sequence, "kind": kind, **body}
            self._sequence += 1
            remaining = json.dumps(envelope).encode("ascii") + b"\n"
            while remaining:
                remaining = remaining[os.write(self._descriptor, remaining) :]
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
