"""Who asks: by what a client is told from others, and whether it sits at this machine."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

from starlette.types import Scope

UNKNOWN = "unknown"

_FORWARDING = frozenset(
    {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}
)


class Client(NamedTuple):
    """``key`` stands for all addresses that one client commands; ``masked`` is what a log may keep of it."""

    key: str
    masked: str
    loopback: bool


@lru_cache(maxsize=4096)
def client_at(host: str) -> Client:
    """The client at an address. Whoever has one IPv6 address has the 2^64 around it, so these are one client."""
    try:
        address = ip_address(host)
    except ValueError:
        return Client(UNKNOWN, UNKNOWN, loopback=False)
    address = _plain(address)
    if address.is_loopback:
        return Client(str(address), str(address), loopback=True)
    own, kept = (32, 24) if address.version == 4 else (64, 48)
    key = str(address) if own == 32 else str(ip_network((address, own), strict=False))
    return Client(key, str(ip_network((address, kept), strict=False)), loopback=False)


def client_of(scope: Scope) -> Client:
    """The client of a request."""
    peer = scope.get("client")
    return client_at(peer[0][:64]) if peer else Client(UNKNOWN, UNKNOWN, loopback=False)


def is_local(scope: Scope) -> bool:
    """Whether the request was made on this machine, and not handed on by a proxy that says so."""
    return client_of(scope).loopback and _FORWARDING.isdisjoint(_names(scope["headers"]))


def _names(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[bytes]:
    return (name for name, _ in headers)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that arrived at an IPv6 socket, as what it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
