"""Where a server listens: the socket it binds, and the names it answers to."""

import errno
import ipaddress
import socket
from collections.abc import Iterable

from loopcutter_serving.errors import Misconfigured, Unavailable

_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def bind(host: str, port: int, *, protected: bool) -> socket.socket:
    """A socket bound to `host` and `port`; an address others can reach is refused unless `protected`.

    Protected means: with a token and over TLS.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise Misconfigured(f"the address {host!r} can't be resolved ({error.strerror}): check --host") from None
    family, _, _, _, address = found[0]
    # What the name means decides, not how it is written.
    if not protected and not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback:
        raise Misconfigured(
            f"{host} can be reached from other machines: give --token-file, --tls-cert and --tls-key, "
            "or listen on 127.0.0.1"
        )
    # asyncio turns Nagle's delay off (40 ms a call) only on sockets that say they are TCP.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A restart must not wait for the closed connections of the run before.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(128)  # now, not later: only listening finds out about a port somebody else has bound as well
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise Unavailable(f"port {port} of {host} is taken: choose another --port, or 0 for any free one") from None
        raise Unavailable(f"can't listen on {host} port {port} ({error.strerror}): check --host and --port") from None
    bound.setblocking(False)
    return bound


def is_wildcard(host: str) -> bool:
    """Whether `host` means every address of the machine."""
    return host in ("0.0.0.0", "::")


def names(host: str, allowed: Iterable[str]) -> list[str]:
    """Every name a client may use for the server, written as in a URL."""
    own = () if is_wildcard(host) else (in_url(host),)
    asked = [in_url(name) for name in allowed]
    return list(dict.fromkeys([*_LOOPBACK_NAMES, *own, *asked, *(name.lower() for name in (*own, *asked))]))


def in_url(host: str) -> str:
    """`host` as it stands in a URL: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
