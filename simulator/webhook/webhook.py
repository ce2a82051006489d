"""Events posted to the app's URL: 3 s for the whole request, or the ladder."""

from __future__ import annotations

import asyncio
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import orjson
import structlog

from simulator.gateway.flight import Failure, Outcome

if TYPE_CHECKING:
    from simulator.gateway.flight import Flight
    from simulator.gateway.wiretap import Wiretap
    from simulator.webhook.address import Address

CONNECT_TIMEOUT: Final = 2.0
"""Seconds for the TCP connection, of the deadline (facts 2.1)."""
VERIFICATION_TIMEOUT: Final = 1.0
"""Seconds for the answer to a challenge (facts 6)."""
MOST_POSTS: Final = 2_000
"""Requests under way at a time; what comes on top of them fails, and climbs the ladder."""
LONGEST_ANSWER: Final = 1024 * 1024

log = structlog.get_logger()


class Webhook:
    """The route over HTTP. It opens with `start` and ends with `stop`."""

    name: Final = "webhook"

    def __init__(self, address: Address, wiretap: Wiretap, *, deadline: float) -> None:
        self._address = address
        self._wiretap = wiretap
        self._timeout = aiohttp.ClientTimeout(
            total=deadline, sock_connect=min(CONNECT_TIMEOUT, deadline)
        )
        self._http: aiohttp.ClientSession | None = None
        self._posts: set[asyncio.Task[None]] = set()
        self.verified: bool | None = None
        """Whether the URL answered the last challenge; None before the first."""

    @property
    def open(self) -> bool:
        return self._http is not None

    def start(self) -> None:
        """Open for events, and challenge the URL meanwhile, as the platform does on saving it."""
        self._http = aiohttp.ClientSession(timeout=self._timeout, auto_decompress=False)
        self._track(self._verify(self._http))

    async def stop(self) -> None:
        """Give up what is under way."""
        for post in tuple(self._posts):
            post.cancel()
        await asyncio.gather(*self._posts, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
            self._http = None

    def carry(self, flight: Flight) -> None:
        if self._http is None:
            flight.fail(Failure.NO_ROUTE, "the webhook is not open")
        elif len(self._posts) >= MOST_POSTS:
            flight.fail(Failure.UNREACHABLE, "too many requests to the webhook are under way")
        else:
            self._track(self._carry(self._http, flight))

    def _track(self, post: Any) -> None:
        task = asyncio.get_running_loop().create_task(post)
        self._posts.add(task)
        task.add_done_callback(self._posts.discard)

    async def _carry(self, http: aiohttp.ClientSession, flight: Flight) -> None:
        body = self._address.body(flight.event)
        self._wiretap.posted(flight)
        try:
            status, answer = await self._post(http, body, self._address.headers(body))
        except TimeoutError:
            outcome = Outcome("no answer in time", Failure.TOO_LATE)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            outcome = Outcome(f"{type(error).__name__}: {error}", Failure.UNREACHABLE)
        else:
            flight.delivery.ack_code = status
            outcome = _outcome(status, answer, callback=not flight.event.redelivered)
        flight.settle(flight, outcome)
        self._wiretap.answered(flight)

    async def _verify(self, http: aiohttp.ClientSession) -> None:
        challenge = secrets.token_hex(16)
        body = self._address.challenge(challenge)
        try:
            async with asyncio.timeout(VERIFICATION_TIMEOUT):
                status, answer = await self._post(
                    http, body, {"Content-Type": "application/json; charset=utf-8"}
                )
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            self.verified = False
            log.warning("webhook.unverified", reason=type(error).__name__)
            return
        read = _object(answer)
        self.verified = status == HTTPStatus.OK and (read or {}).get("challenge") == challenge
        log.info("webhook.challenged", verified=self.verified, status=status)

    async def _post(
        self, http: aiohttp.ClientSession, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        async with http.post(
            self._address.url, data=body, headers=headers, allow_redirects=False
        ) as response:
            # An endless answer is cut off: what is read of it is no JSON.
            return response.status, await response.content.read(LONGEST_ANSWER)


def _outcome(status: int, answer: bytes, *, callback: bool) -> Outcome:
    if status != HTTPStatus.OK:  # redirects too (facts 2.4)
        return Outcome(f"HTTP {status}", Failure.REFUSED)
    if not callback:
        return Outcome()
    read = _object(answer) if answer.strip() else {}
    if read is None:
        return Outcome("the answer is not a JSON object", Failure.MALFORMED)
    return Outcome(answer=read)


def _object(answer: bytes) -> dict[str, Any] | None:
    try:
        read = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return None
    return read if isinstance(read, dict) else None
