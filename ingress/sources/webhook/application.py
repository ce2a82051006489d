"""The ASGI application: what is posted comes in, and what became of it goes back as a status.

| answer | when | the platform |
|---|---|---|
| 200 | the acceptor says so: stored, known already, or beyond reading; a challenge | is done |
| 500 | the acceptor says so, or nothing: not stored | brings it again |
| 401, 400 | not the platform's; or it is, and our keys are not those it uses | brings it again |
| 408, 413 | too slow, too large | brings it again |
| 404, 405 | another path, another method | is not configured for this URL |

The platform takes nothing but 200 for an answer (facts 2.1), so whatever else is said here, the
ladder leaves some hours to mend a wrong key, and nothing is lost that was not acked.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import structlog

from ingress.sources.source import AGAIN, Delivery
from ingress.sources.webhook.gate import Challenge
from ingress.sources.webhook.rejected import Rejected
from ingress.sources.webhook.request import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ingress.metrics import Metrics
    from ingress.sources.source import Ack
    from ingress.sources.webhook.gate import Gate
    from ingress.sources.webhook.request import Receive, Scope
    from shared.settings import Webhook as Settings

    Send = Callable[[Mapping[str, object]], Awaitable[None]]

ANSWER_WITHIN: Final = 3.0
"""Seconds for the ack of what was taken; the acceptor needs less, the platform waits no longer."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. After `last` the connection is closed, whatever is still coming on it."""

    status: HTTPStatus
    body: bytes = b"{}"
    last: bool = False


class Application:
    """ASGI 3. Its answers say nothing of why a request was turned away; log and metrics do."""

    def __init__(
        self, settings: Settings, gate: Gate, metrics: Metrics, take: Callable[[Delivery], None]
    ) -> None:
        self._path = settings.path
        self._max_body_bytes = settings.max_body_bytes
        self._gate = gate
        self._metrics = metrics
        self._take = take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; none that the sender has left before its end."""
        request = Request(scope)
        if request.path != self._path:
            await _send(send, Answer(HTTPStatus.NOT_FOUND, last=True))
        elif request.method != "POST":
            await _send(send, Answer(HTTPStatus.METHOD_NOT_ALLOWED, last=True))
        elif answer := await self._answer(request, receive):
            await _send(send, answer)

    async def _answer(self, request: Request, receive: Receive) -> Answer | None:
        try:
            body = await request.body(receive, at_most=self._max_body_bytes)
            if body is None:
                return None
            admitted = self._gate.admit(request.headers, body)
        except Rejected as rejected:
            self._metrics.rejected.labels(rejected.reason).inc()
            log.warning("request.rejected", reason=rejected.reason, trace_id=request.trace_id)
            return Answer(rejected.status, last=True)
        if isinstance(admitted, Challenge):
            log.info("challenge.answered", trace_id=request.trace_id)
            return Answer(HTTPStatus.OK, json.dumps({"challenge": admitted.words}).encode())
        ack = await self._ack(admitted, request.trace_id)
        return Answer(ack.code, ack.data or b"{}")

    async def _ack(self, payload: bytes, trace_id: str) -> Ack:
        """Hand an event on, and wait for what becomes of it."""
        answered: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()

        def answer(ack: Ack) -> None:
            if not answered.done():  # by us, when it took too long
                answered.set_result(ack)

        self._take(Delivery(payload, trace_id, time.time(), answer))
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await answered
        except TimeoutError:
            log.warning("delivery.unanswered", trace_id=trace_id)
            return AGAIN


async def _send(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(answer.body)).encode()),
    ]
    if answer.status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"POST"))
    if answer.last:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
