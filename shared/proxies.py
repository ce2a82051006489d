"""The proxy that the environment names for a URL."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_SCHEMES: Final = {"ws": "http", "wss": "https"}
"""Nobody sets WSS_PROXY: a socket goes where discovery goes."""


def proxy_for(url: str) -> str | None:
    """Return what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say of a URL's host.

    To be asked once, where a client is opened: some libraries would look for every single call.
    """
    place = urlsplit(url)
    if place.hostname is None or proxy_bypass(place.hostname):
        return None
    return getproxies().get(_SCHEMES.get(place.scheme, place.scheme))
