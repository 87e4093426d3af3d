"""Removes the containers of a server that was killed while it was creating one.

A running container ends with its server by itself. One that was created and not yet started would stay: this process
waits for the end of its standard input, which the server holds, and then removes what carries the server's label.
Run as a script, ``python -I -S warden.py SOCKET LABEL``, standard library only, so that it stays small.
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import sys
import time
from urllib.parse import quote

_LONGEST = 5.0
_PAUSE = 0.1


def main(path: str, label: str) -> None:
    """Wait, then remove until nothing is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 1024):
        continue
    ends = time.monotonic() + _LONGEST
    quiet = 0
    while time.monotonic() < ends and quiet < 2:
        left = []
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            left = _ask(path, "GET", f"/containers/json?all=1&filters={quote(json.dumps({'label': [label]}))}")
            quiet = 0 if left else quiet + 1
        for container in left:
            with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
                _ask(path, "DELETE", f"/containers/{container['Id']}?force=1&v=1")
        time.sleep(_PAUSE)  # the engine may still be creating one that was asked for


def _ask(path: str, method: str, target: str) -> list[dict[str, str]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_LONGEST)
        connection.connect(path)
        request = f"{method} {target} HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode("ascii"))
        response = http.client.HTTPResponse(connection, method=method)
        response.begin()
        body = response.read(1 << 24)
    answer = json.loads(body) if body and method == "GET" else []
    return answer if isinstance(answer, list) else []


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
