"""Which addresses are the public internet's, and which lead inside somebody's network. Pure.

https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Final

_PORTS: Final = frozenset({80, 443})
_NUMERIC: Final = re.compile(r":|(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?$")

_INSIDE_V4: Final = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments; Oracle's metadata are among them
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # looks public, and is Azure's metadata
)
"""Besides those that `is_global` knows in every Python."""

_UNICAST: Final = IPv6Network("2000::/3")
"""All that IANA gives out. Outside are loopback, local, multicast, and most embedded IPv4."""

_INSIDE_V6: Final = (
    IPv6Network("2001::/23"),  # protocols, Teredo's embedded IPv4 among them
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4: an embedded IPv4
    IPv6Network("3fff::/20"),  # documentation
)


def is_allowed(address: str, port: int) -> bool:
    """Whether an address and a port are those of a public web server."""
    return port in _PORTS and is_public(address)


def is_public(address: str) -> bool:
    """Whether an address can be connected to without reaching anything that is not public.

    What merely stands for another address (mapped, translated, tunnelled) is not public, whatever
    it stands for; nor is what is no address in its usual notation.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return False
    if isinstance(known, IPv4Address):
        inside = known.is_multicast or any(known in network for network in _INSIDE_V4)
        return known.is_global and not inside
    return known in _UNICAST and not any(known in network for network in _INSIDE_V6)


def is_numeric(host: str) -> bool:
    """Whether a host is an address in any notation that some resolver understands: `127.1` too.

    https://url.spec.whatwg.org/#ends-in-a-number-checker
    """
    return _NUMERIC.search(host) is not None
