"""Which places on the network runs may reach, by choice: named hosts and ports, and what their names must not lead to.

The list is judged on the server's side, never inside. A name counts only as it stands in the list. What it resolves to
is looked at before anybody connects, and the very address that was looked at is connected to: a name that leads to a
private place, now or at the second question (DNS rebinding), leads nowhere. Whoever wants a private place names its
address.
"""

import re
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import anyio

from loopcutter_sandbox.errors import NotAllowed

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host, as text; may raise `OSError`."""

_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address in its last four bytes (RFC 6052)


async def system_resolve(host: str, port: int) -> list[str]:
    """What the system says the addresses of `host` are."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True)
class Place:
    """A host, by name or address, and a port."""

    host: str
    port: int

    @staticmethod
    def read(text: str) -> "Place":
        """The place that `host:port` or `[address]:port` spells; raises `NotAllowed` when it spells none."""
        host, _, port = text.strip().rpartition(":")
        number = int(port) if re.fullmatch(r"[0-9]{1,5}", port) else 0
        if not 0 < number < 1 << 16:
            raise NotAllowed(f"{text[:100]!r} names no port; write HOST:PORT, example.org:443 say")
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        elif ":" in host:
            raise NotAllowed(f"{text[:100]!r} is not clear; write an IPv6 address in brackets: [::1]:443")
        address = _literal(host)
        if address is not None:
            return Place(str(address), number)
        name = host.lower().removesuffix(".")
        if not _NAME.fullmatch(name):
            raise NotAllowed(f"{host[:100]!r} is no name of one host; write names in full, without * and in ASCII")
        return Place(name, number)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class AllowList:
    """The places that may be reached; none, unless some were named."""

    places: frozenset[Place] = frozenset()
    resolve: Resolve = system_resolve

    @staticmethod
    def of(texts: Iterable[str]) -> "AllowList":
        """The list of `HOST:PORT` that `texts` are."""
        return AllowList(frozenset(map(Place.read, texts)))

    def __bool__(self) -> bool:
        return bool(self.places)

    def __str__(self) -> str:
        return ", ".join(sorted(map(str, self.places)))

    async def addresses(self, place: Place) -> list[str]:
        """Where to connect to reach `place`; raises `NotAllowed` when that is nowhere."""
        if place not in self.places:
            raise NotAllowed(f"{place} is not on the allow-list of this sandbox; do without it, or have it added")
        if _literal(place.host) is not None:
            return [place.host]
        try:
            found = await self.resolve(place.host, place.port)
        except OSError as error:
            raise NotAllowed(f"{place.host} has no address ({error}); check its name") from None
        usable = [address for address in found if _is_public(address)]
        if not usable:
            raise NotAllowed(
                f"{place.host} leads to no public address ({', '.join(found)[:200]}); to allow a private place, put "
                "its address on the list in place of its name"
            )
        return usable


NOWHERE = AllowList()


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_public(text: str) -> bool:
    """Whether an address lies on the open internet, whatever it is wrapped in."""
    address = _literal(text)
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        address = inner or address
    return address is not None and address.is_global and not address.is_multicast
