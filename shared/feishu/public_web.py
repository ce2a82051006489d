"""The public web, fetched at the wish of somebody who may wish for what is not public.

A model writes URLs, and whoever talks to it has a say in which. So nothing is connected to but
public addresses, which were looked up once; and no server decides how long or how much we read.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
    ThreadedResolver,
)
from aiohttp.abc import AbstractResolver
from yarl import URL

from shared.errors import NotFetched
from shared.feishu.decoding import Decoder
from shared.feishu.public_addresses import is_allowed, is_numeric

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiohttp import ClientResponse
    from aiohttp.abc import ResolveResult

_SCHEMES: Final = frozenset({"http", "https"})
_MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = {"Accept-Encoding": "identity", "User-Agent": "larkspur"}
_BY_NO_CLOCK: Final = ClientTimeout(total=None, sock_connect=None)
"""One clock runs over all hops."""


class PublicWeb:
    """What anybody can see of the web; made by `public_web`."""

    def __init__(
        self, session: ClientSession, timeout: float, allowed: Callable[[str, int], bool]
    ) -> None:
        self._session = session
        self._timeout = timeout
        self._allowed = allowed

    async def fetch(self, url: str, *, at_most: int) -> bytes:
        """Return what a URL leads to, over three redirects at most: no more than `at_most` bytes.

        Raises:
            NotFetched: its reason is `url`, `address` (one that is not public), `name` (unknown),
                `unreachable`, `redirects`, `status`, `broken` (no whole answer), `encoding`,
                `large` or `slow`.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._followed(_url(url), at_most)
        except TimeoutError as error:
            raise NotFetched("slow", f"not within {self._timeout:g} s") from error
        except (ClientConnectionError, OSError) as error:
            raise NotFetched("unreachable", type(error).__name__) from error
        except InvalidURL as error:
            raise NotFetched("url", "not a URL") from error
        except ClientError as error:
            raise NotFetched("broken", type(error).__name__) from error

    async def _followed(self, url: URL, at_most: int) -> bytes:
        for _ in range(1 + _MOST_REDIRECTS):
            self._check(url)
            async with self._session.get(url, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await _content(response, at_most)
                url = _url(response.headers.get("Location", ""), url)
        raise NotFetched("redirects", f"more than {_MOST_REDIRECTS}")

    def _check(self, url: URL) -> None:
        """Names are looked at when they are looked up; addresses in a URL never are."""
        host, port = url.raw_host, url.port
        known = url.raw_user is not None or url.raw_password is not None
        if url.scheme not in _SCHEMES or not host or not port or known:
            raise NotFetched("url", "only http and https, without a user")
        if is_numeric(host) and not self._allowed(host, port):
            raise NotFetched("address", "not a public address")


class GuardedResolver(AbstractResolver):
    """Looks up names, and refuses those that lead, be it only also, to what is not `allowed`.

    Connections are made to the addresses it returns, so that there is no second look-up that
    could be answered otherwise.
    """

    def __init__(self, resolver: AbstractResolver, allowed: Callable[[str, int], bool]) -> None:
        self._resolver = resolver
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name.

        Raises:
            NotFetched: `name`, or `address`.
        """
        try:
            found = await self._resolver.resolve(host, port, family)
        except (OSError, UnicodeError) as error:
            raise NotFetched("name", "not known") from error
        if not found:
            raise NotFetched("name", "has no address")
        if not all(self._allowed(each["host"], port) for each in found):
            raise NotFetched("address", "not a public address")
        return found

    async def close(self) -> None:
        await self._resolver.close()


@asynccontextmanager
async def public_web(
    *,
    timeout: float = 5.0,
    allowed: Callable[[str, int], bool] = is_allowed,
    resolver: AbstractResolver | None = None,
) -> AsyncIterator[PublicWeb]:
    """Open a way to the web that is closed at the end, without cookies and without a proxy.

    `timeout` bounds one whole fetch, in seconds; `allowed` says which address and port can be
    connected to.
    """
    names = GuardedResolver(resolver or ThreadedResolver(), allowed)
    connector = TCPConnector(resolver=names, use_dns_cache=False, force_close=True)
    async with ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        headers=_HEADERS,
        timeout=_BY_NO_CLOCK,
        auto_decompress=False,
    ) as session:
        yield PublicWeb(session, timeout, allowed)
        await asyncio.sleep(0)  # lets closing connections leave the loop


def _url(text: str, base: URL | None = None) -> URL:
    try:
        return base.join(URL(text)) if base else URL(text)
    except ValueError as error:
        raise NotFetched("url", "not a URL") from error


async def _content(response: ClientResponse, at_most: int) -> bytes:
    if response.status != HTTPStatus.OK:
        raise NotFetched("status", f"HTTP {response.status}")
    decoder = Decoder(response.headers.get("Content-Encoding", ""), at_most=at_most)
    async for chunk in response.content.iter_any():
        decoder.take(chunk)
    return decoder.content()
