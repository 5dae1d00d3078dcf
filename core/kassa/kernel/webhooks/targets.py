"""Targets: where a webhook may lead. Addresses of private networks are refused when it is saved and again each time it is used.

A name is resolved by us, every address that it stands for is looked at, and the connection is made to one of exactly these
addresses; so a name that points elsewhere a moment later leads nowhere else.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

import attrs

from kassa.kernel.contributions import SettingDefinition

PRIVATE = "webhooks.private_targets"
URL_AT_MOST = 2000
PORTS = {"https": 443, "http": 80}
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
HIGHEST_PORT = 65535
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BadTarget(Exception):
    """A webhook must not lead there; the text says why."""


@attrs.frozen(kw_only=True)
class Target:
    """An address of the web that was looked at: its parts, and the network addresses that may be connected to."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def authority(self) -> str:
        """The host as the header `Host` has it."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == PORTS[self.scheme] else f"{shown}:{self.port}"


def look_at(url: str, *, private: bool) -> Target:
    """Take a URL apart, resolve its host and look at every address; BadTarget says what is wrong with it.

    `private` allows addresses of private networks and plain HTTP, as for development.
    """
    parts = _parts(url)
    if not private:
        _encrypted(parts.scheme)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or PORTS[parts.scheme]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(scheme=parts.scheme, host=host, port=port, path=path, addresses=tuple(resolve(host, port)))
    if not private:
        must_be_public(target)
    return target


def must_be_public(target: Target) -> None:
    """Raise BadTarget where a target is not encrypted, or any of its addresses is not one of the public internet."""
    _encrypted(target.scheme)
    for address in target.addresses:
        if not is_public(address):
            raise BadTarget(f"{target.host} leads to {address}, which is no address of the public internet.")


def _encrypted(scheme: str) -> None:
    if scheme != "https":
        raise BadTarget("Expected a URL that begins with https://; what is sent must not be read on its way.")


def _parts(url: str) -> SplitResult:
    if len(url) > URL_AT_MOST or not url.isascii() or any(letter <= " " or letter == "\x7f" for letter in url):
        raise BadTarget(f"Expected a URL of up to {URL_AT_MOST} ASCII characters without spaces.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadTarget(f"This is no URL: {error}.") from error
    if parts.scheme not in PORTS:
        raise BadTarget("Expected a URL that begins with https://.")
    if not parts.hostname or (port is not None and not 0 < port <= HIGHEST_PORT):
        raise BadTarget("Expected a URL with a host and, where one is given, a port of 1 to 65535.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadTarget("The URL holds a name, a password or a fragment. Leave them out: requests are signed.")
    return parts


def resolve(host: str, port: int) -> Sequence[str]:
    """Find the network addresses of a host; BadTarget where there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadTarget(f"The host {host} is not found: {error}.") from error
    return sorted({str(entry[4][0]) for entry in found})


def is_public(text: str) -> bool:
    """Tell whether an address belongs to the public internet, and so does one that is wrapped in it."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(_global(one) for one in (address, *_wrapped(address)))


def _global(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def _wrapped(address: Address) -> Sequence[Address]:
    """Give the IPv4 addresses that stand in an IPv6 one: mapped, 6to4, Teredo, translated."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in TRANSLATED:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


SETTINGS = (
    SettingDefinition(
        name=PRIVATE,
        summary="Let webhooks lead to private networks and to plain HTTP; for development alone, since the server can be used as a proxy then.",
        type="bool",
        default=False,
        levels=("installation",),
    ),
)
