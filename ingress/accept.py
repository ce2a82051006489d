"""Accepting: what arrived together is stored in one step, and only then acked.

A delivery is answered 200 when its event is stored, known already, of a kind nobody keeps, or
beyond reading; and 500 when Redis could not confirm, so that the platform's own ladder brings it
again. Acked means stored.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import structlog

from ingress.sources.source import AGAIN, STORED
from shared.errors import MalformedEvent, StoreUnavailable
from shared.feishu.payloads import identify
from shared.model.mail import Mail
from shared.store.mailbox import Incoming

if TYPE_CHECKING:
    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.source import Ack, Delivery
    from shared.model.event import Event
    from shared.store.mailbox import Mailboxes

ANSWER_WITHIN: Final = 2.5
"""Seconds from the frame to the ack, at most; the platform waits 3 (facts 2.1)."""

BATCH_AT_MOST: Final = 1000

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Acceptor:
    """Stores deliveries and acks them, one batch after the other."""

    def __init__(
        self, mailboxes: Mailboxes, metrics: Metrics, health: Health, *, max_event_bytes: int
    ) -> None:
        self._mailboxes = mailboxes
        self._metrics = metrics
        self._redis = health.side("redis")
        self._max_event_bytes = max_event_bytes
        self._waiting: list[Delivery] = []
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def take(self, delivery: Delivery) -> None:
        """Have a delivery stored and acked with whatever else arrives before the next batch."""
        self._waiting.append(delivery)
        self._idle.clear()
        self._arrived.set()

    async def drained(self) -> None:
        """Return when everything taken so far is answered."""
        await self._idle.wait()

    async def run(self) -> None:
        """Accept batch after batch, for ever."""
        while True:
            await self._arrived.wait()
            batch, self._waiting = self._waiting[:BATCH_AT_MOST], self._waiting[BATCH_AT_MOST:]
            await self._accept(batch)
            if not self._waiting:
                self._arrived.clear()
                self._idle.set()

    async def _accept(self, batch: list[Delivery]) -> None:
        readable: list[tuple[Delivery, Event]] = []
        incoming: list[Incoming] = []
        for delivery in batch:
            event = self._identify(delivery)
            if event is None or event.conversation is None:
                self._answer(delivery, STORED)
                continue
            mail = Mail(
                event_id=event.event_id,
                event_type=event.type,
                trace_id=delivery.trace_id,
                received_at=delivery.received_at,
                payload=delivery.payload,
            )
            readable.append((delivery, event))
            incoming.append(Incoming(event.conversation, event.message_id, mail))
        if readable:
            await self._store(readable, incoming)

    def _identify(self, delivery: Delivery) -> Event | None:
        """Return the event, or None for what no retry could make readable."""
        try:
            event = identify(delivery.payload, at_most=self._max_event_bytes)
        except MalformedEvent as error:
            self._metrics.rejected.labels(error.reason).inc()
            log.warning("delivery.rejected", reason=error.reason, trace_id=delivery.trace_id)
            return None
        if event.conversation is None:
            self._metrics.deliveries.labels("other", "ignored").inc()
            log.info("delivery.ignored", event_type=event.type, event_id=event.event_id)
        return event

    async def _store(
        self, readable: list[tuple[Delivery, Event]], incoming: list[Incoming]
    ) -> None:
        self._metrics.batch.observe(len(incoming))
        oldest = min(delivery.received_at for delivery, _ in readable)
        try:
            async with asyncio.timeout(oldest + ANSWER_WITHIN - time.time()):
                verdicts = await self._mailboxes.accept(incoming)
        except (StoreUnavailable, TimeoutError) as error:
            self._redis.down(str(error) or "Redis is slow")
            for delivery, event in readable:
                self._tell("delivery.refused", delivery, event)
                self._answer(delivery, AGAIN)
            return
        self._redis.up()
        for (delivery, event), new in zip(readable, verdicts, strict=True):
            self._tell("delivery.accepted" if new else "delivery.duplicate", delivery, event)
            self._answer(delivery, STORED)

    def _tell(self, what: str, delivery: Delivery, event: Event) -> None:
        self._metrics.deliveries.labels(event.type, what.removeprefix("delivery.")).inc()
        log.info(
            what,
            event_type=event.type,
            event_id=event.event_id,
            message_id=event.message_id,
            conversation=event.conversation,
            trace_id=delivery.trace_id,
        )

    def _answer(self, delivery: Delivery, ack: Ack) -> None:
        delivery.answer(ack)
        self._metrics.ack_seconds.observe(time.time() - delivery.received_at)
