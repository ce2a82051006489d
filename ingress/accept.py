"""Accepting: what arrived together is stored in one step, and only then acked.

A delivery is answered 200 when its event is stored, known already, of a kind nobody keeps, or
beyond reading. While Redis does not confirm, deliveries wait as long as the platform does, and
then are answered 500, so that its own ladder brings them again. Acked means stored.

What was refused may be stored all the same: Redis can have run, or run later, what it did not
confirm. Then it comes again as a duplicate, and is answered once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Final

import structlog

from ingress.sources.source import AGAIN, STORED
from ingress.waiting import Taken, Waiting
from shared.errors import MalformedEvent, StoreUnavailable
from shared.feishu.events import CALLBACKS
from shared.model.event import Event
from shared.model.mail import Incoming
from shared.store.mailbox import Verdict, prepared
from shared.telemetry import spans

if TYPE_CHECKING:
    from ingress.answering import Answering
    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.source import Delivery
    from shared.feishu.events import Identify
    from shared.store.mailbox import Mailboxes

BATCH_AT_MOST: Final = 256
"""Redis does nothing else while it stores a batch: about 3 ms."""

_SENT_WITHIN: Final = 2.0
_CONFIRMED_WITHIN: Final = 1.0
"""Seconds; a half-open line is left early enough to try another one, which takes four answers of
Redis to open and use."""

_BETWEEN_ATTEMPTS: Final = 0.1

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


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
        self._waiting = Waiting(self._refuse)
        self._tried: list[tuple[Taken, Verdict]] = []

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
        self._waiting.add(Taken(delivery, incoming, prepared(incoming)))

    async def run(self) -> None:
        """Accept batch after batch, for ever."""
        await self._attempt([])  # opens the line, and teaches Redis the script, before it is urgent
        while True:
            if not self._waiting:
                self._answer()
            batch = await self._waiting.batch(BATCH_AT_MOST)
            verdicts = await self._attempt(batch)
            if verdicts is None:
                self._waiting.put_back()
                await asyncio.sleep(_BETWEEN_ATTEMPTS)
            else:
                self._redis.up()
                self._tried = list(zip(batch, verdicts, strict=True))

    async def _attempt(self, batch: list[Taken]) -> list[Verdict] | None:
        """Store a batch; None if Redis did not confirm.

        While Redis works, the batch before is answered.
        """
        try:
            async with asyncio.timeout(_SENT_WITHIN) as patience:
                await self._mailboxes.send([taken.letter for taken in batch])
                self._answer()
                patience.reschedule(asyncio.get_running_loop().time() + _CONFIRMED_WITHIN)
                return await self._mailboxes.verdicts()
        except (StoreUnavailable, TimeoutError) as error:
            self._redis.down(str(error) or "Redis is slow")
            self._answer()
            return None

    def _answer(self) -> None:
        """Answer the batch that Redis has seen; who was refused meanwhile has had an answer."""
        if not self._tried:
            return
        tried, self._tried = self._tried, []
        told: dict[str, list[Incoming]] = {}
        for taken, verdict in tried:
            if taken.late:
                told.setdefault("late", []).append(taken.incoming)
                continue
            taken.delivery.answer(AGAIN if verdict is Verdict.NOT_FILED else STORED)
            self._metrics.ack_seconds.observe(taken.age)
            told.setdefault(verdict, []).append(taken.incoming)
            if verdict is Verdict.ACCEPTED and spans.are_kept():
                _trace(taken.incoming)
        self._metrics.batch.observe(len(tried))
        for word, incoming in told.items():
            self._tell(word, incoming)

    def _refuse(self, late: list[Taken]) -> None:
        """Answer those whose time is up, after those who were in time."""
        self._answer()
        for taken in late:
            taken.delivery.answer(AGAIN)
        if late:
            self._tell("refused", [taken.incoming for taken in late])

    def _tell(self, verdict: str, incoming: list[Incoming]) -> None:
        """Count each event, and log them in one line: under a flood, lines are what costs."""
        kinds = Counter(self._identify.kind(one.event.type) for one in incoming)
        for kind, count in kinds.items():
            self._metrics.deliveries.labels(kind, verdict).inc(count)
        tell = log.error if verdict == Verdict.NOT_FILED else log.info
        match [_ids(one) for one in incoming]:
            case [ids]:
                tell("delivery.answered", verdict=verdict, **ids)
            case many:
                tell("delivery.answered", verdict=verdict, count=len(many), events=many)


def _trace(incoming: Incoming) -> None:
    ids = {name: value for name, value in _ids(incoming).items() if value is not None}
    spans.arrived(incoming.trace_id or incoming.event.event_id, incoming.received_at, **ids)


def _ids(incoming: Incoming) -> dict[str, str | None]:
    event = incoming.event
    return {
        "event_type": event.type,
        "event_id": event.event_id,
        "message_id": event.message_id,
        "conversation": event.conversation,
        "trace_id": incoming.trace_id,
    }
