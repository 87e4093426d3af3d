"""Chooses what a request asks for, once the limits are in force."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from . import enter
from .channel import Channel


def run(request: dict[str, Any], descriptor: int) -> None:
    """Carry out one request; never returns."""
    channel = Channel(descriptor, request["nonce"])
    enter.enter(request)
    kind = request["kind"]
    if kind == "command":
        enter.make_importable(request)
        os.execv("/bin/sh", ["sh", "-c", request["command"]])
    if kind == "probe":
        from . import probe

        probe.run(channel)
        code = 0
    elif kind == "tests":
        from . import suite

        code = suite.run(request, channel)
    else:
        gc.disable()  # until pytest is imported and frozen there is nothing to collect
        from . import trial

        code = trial.run(request, channel)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):  # a project may have closed or replaced it
            continue
    os._exit(code)  # threads and exit handlers of the project must not hold up a finished run
