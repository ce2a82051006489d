"""Accepting: what arrived together is stored in one step, and only then acked.

A delivery is answered 200 when its event is stored, known already, of a kind nobody keeps, or
beyond reading. While Redis does not confirm, deliveries wait as long as the platform does, and
then are answered 500, so that its own ladder brings them again. Acked means stored.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import structlog

from ingress.sources.source import AGAIN, STORED
from shared.errors import MalformedEvent, StoreUnavailable
from shared.feishu.events import CALLBACKS
from shared.model.event import Event
from shared.model.mail import Incoming

if TYPE_CHECKING:
    from ingress.answering import Answering
    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.source import Delivery
    from shared.feishu.events import Identify
    from shared.store.mailbox import Letter, Mailboxes

ANSWER_WITHIN: Final = 2.5
"""Seconds from the frame to the ack, at most; the platform waits 3 (facts 2.1)."""

BATCH_AT_MOST: Final = 256
"""Redis does nothing else while it stores a batch: about 3 ms."""

_ATTEMPT_AT_LEAST: Final = 0.2
_ATTEMPT_AT_MOST: Final = 1.0
"""Seconds; a half-open line is left early enough to try another one."""

_BETWEEN_ATTEMPTS: Final = 0.1

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

Taken = tuple["Delivery", Incoming, "Letter"]


class Acceptor:
    """Stores deliveries and acks them, one batch after the other."""

    def __init__(
        self,
        identify: Identify,
        mailboxes: Mailboxes,
        answering: Answering,
        metrics: Metrics,
        health: Health,
    ) -> None:
        self._identify = identify
        self._mailboxes = mailboxes
        self._answering = answering
        self._metrics = metrics
        self._redis = health.side("redis")
        self._waiting: list[Taken] = []
        self._stored: list[tuple[Taken, bool]] = []
        self._arrived = asyncio.Event()

    def take(self, delivery: Delivery) -> None:
        """Have a delivery stored and answered with whatever else arrives before the next batch."""
        try:
            event = self._identify(delivery.payload)
        except MalformedEvent as error:  # no retry could make it readable
            self._metrics.rejected.labels(error.reason).inc()
            self._metrics.deliveries.labels("unreadable", "rejected").inc()
            log.warning("delivery.rejected", reason=error.reason, trace_id=delivery.trace_id)
            delivery.answer(STORED)
            return
        if not isinstance(event, Event):
            self._metrics.deliveries.labels("other", "ignored").inc()
            log.info("delivery.ignored", event_type=event.type, event_id=event.event_id)
            delivery.answer(STORED)
            return
        if event.type in CALLBACKS:
            delivery = self._answering.of(event, delivery)
        incoming = Incoming(event, delivery.trace_id, delivery.received_at, delivery.payload)
        self._waiting.append((delivery, incoming, self._mailboxes.prepare(incoming)))
        self._arrived.set()

    async def run(self) -> None:
        """Accept batch after batch, for ever."""
        while True:
            if not self._waiting:
                self._answer()
                self._arrived.clear()
                await self._arrived.wait()
            batch, self._waiting = self._waiting[:BATCH_AT_MOST], self._waiting[BATCH_AT_MOST:]
            verdicts = await self._attempt(batch)
            if verdicts is None:
                self._waiting = self._still_in_time(batch) + self._waiting
                await asyncio.sleep(_BETWEEN_ATTEMPTS)
            else:
                self._redis.up()
                self._metrics.batch.observe(len(batch))
                self._stored = list(zip(batch, verdicts, strict=True))

    async def _attempt(self, batch: list[Taken]) -> list[bool] | None:
        """Store a batch, as long as its oldest delivery can wait; None if Redis did not confirm.

        While Redis works, the batch before is answered.
        """
        left = batch[0][0].received_at + ANSWER_WITHIN - time.time()
        try:
            async with asyncio.timeout(min(max(left, _ATTEMPT_AT_LEAST), _ATTEMPT_AT_MOST)):
                await self._mailboxes.send([letter for _, _, letter in batch])
                self._answer()
                return await self._mailboxes.verdicts()
        except (StoreUnavailable, TimeoutError) as error:
            self._redis.down(str(error) or "Redis is slow")
            self._answer()
            return None

    def _still_in_time(self, batch: list[Taken]) -> list[Taken]:
        """Refuse those whose time is up, and return the others."""
        horizon = time.time() - ANSWER_WITHIN + _ATTEMPT_AT_LEAST
        waiting, refused = [], []
        for taken in batch:
            delivery, incoming, _ = taken
            if delivery.received_at > horizon:
                waiting.append(taken)
                continue
            delivery.answer(AGAIN)
            refused.append(incoming)
        self._tell("refused", refused)
        return waiting

    def _answer(self) -> None:
        """Answer what is stored."""
        stored, self._stored = self._stored, []
        accepted: list[Incoming] = []
        duplicate: list[Incoming] = []
        for (delivery, incoming, _), new in stored:
            delivery.answer(STORED)
            self._metrics.ack_seconds.observe(time.time() - delivery.received_at)
            (accepted if new else duplicate).append(incoming)
        self._tell("accepted", accepted)
        self._tell("duplicate", duplicate)

    def _tell(self, verdict: str, incoming: list[Incoming]) -> None:
        """Count each event, and log them in one line: under a flood, lines are what costs."""
        kinds = Counter(self._identify.kind(one.event.type) for one in incoming)
        for kind, count in kinds.items():
            self._metrics.deliveries.labels(kind, verdict).inc(count)
        match [_ids(one) for one in incoming]:
            case []:
                return
            case [ids]:
                log.info("delivery.answered", verdict=verdict, **ids)
            case many:
                log.info("delivery.answered", verdict=verdict, count=len(many), events=many)


def _ids(incoming: Incoming) -> dict[str, str | None]:
    event = incoming.event
    return {
        "event_type": event.type,
        "event_id": event.event_id,
        "message_id": event.message_id,
        "conversation": event.conversation,
        "trace_id": incoming.trace_id,
    }
