"""The turns of a worker: take the lease, read the mail, have it handled, settle."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars

from shared.errors import (
    LarkspurError,
    LeaseLost,
    MalformedEvent,
    NewerFormat,
    StoreUnavailable,
    TransientError,
)
from shared.model.outcome import Abandoned, Deferred
from shared.model.queue import queue_of
from shared.store.mailbox import decode
from shared.telemetry import spans
from shared.telemetry.turns import TurnMetrics
from workers.settle import outcome_of, settle
from workers.turn import Turn
from workers.when_busy import TOGETHER

if TYPE_CHECKING:
    from shared.model.ids import ConversationId
    from shared.model.outcome import Outcome
    from shared.store.engine import Engine
    from shared.store.lease import Begun
    from workers.handlers.handler import Handler
    from workers.renewal import Renewal

_FOR_A_NEWER_WORKER: Final = 5.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Turns:
    """Runs the turns of a worker process, each under its lease."""

    def __init__(
        self,
        engine: Engine,
        renewal: Renewal,
        handler: Handler,
        *,
        deadline: float,
        attempts: int,
        metrics: TurnMetrics | None = None,
    ) -> None:
        """`deadline` bounds one attempt in seconds, `attempts` one message."""
        self._engine = engine
        self._renewal = renewal
        self._handler = handler
        self._deadline = deadline
        self._attempts = attempts
        self._metrics = metrics or TurnMetrics()

    async def run(self, conversation: ConversationId) -> str:
        """Follow a wake; return in one word what came of it. A needless wake ends at once."""
        with bound_contextvars(conversation=conversation):
            try:
                begun = await self._engine.leases.begin(conversation, at_most=TOGETHER)
            except StoreUnavailable as error:  # the sweeper finds it again
                log.warning("turn.not_begun", reason=str(error))
                return "not begun"
            if begun is None:
                return "nothing"
            with bound_contextvars(fence=begun.lease.fence, attempt=begun.attempt):
                outcome = await self._under_lease(begun)
                self._metrics.ended(queue_of(conversation), outcome)
                return outcome

    async def _under_lease(self, begun: Begun) -> str:
        try:
            async with self._renewal.of(begun.lease):
                outcome = await self._handled(begun)
                await settle(self._engine.endings, begun, outcome)
                self._count(begun, outcome)
        except LeaseLost:
            log.warning("lease.lost")
            return "lease lost"
        except StoreUnavailable as error:  # the lease expires, and the turn is rescued
            log.warning("turn.unsettled", reason=str(error))
            return "unsettled"
        except asyncio.CancelledError:  # the worker stops
            return await self._handed_over(begun)
        return type(outcome).__name__.lower()

    def _count(self, begun: Begun, outcome: Outcome) -> None:
        if isinstance(outcome, Deferred):
            self._metrics.deferred(tried=outcome.tried)
        elif isinstance(outcome, Abandoned):
            self._metrics.given_up(queue_of(begun.lease.conversation))

    async def _handed_over(self, begun: Begun) -> str:
        try:
            await self._engine.endings.release(begun.lease)
        except (LeaseLost, StoreUnavailable) as error:
            log.warning("turn.not_released", reason=str(error))
            return "not released"
        log.info("turn.released")
        return "released"

    async def _handled(self, begun: Begun) -> Outcome:
        try:
            mails = [decode(entry) for entry in begun.entries]
        except MalformedEvent as error:  # it came alone: its kind could not be told
            return Abandoned(str(error))
        except NewerFormat as error:  # during an upgrade; a worker of that release will take it
            return Deferred(_FOR_A_NEWER_WORKER, str(error), tried=False)
        first = mails[0]
        with bound_contextvars(event_id=first.event_id, trace_id=first.trace_id):
            waited = round(time.time() - first.received_at, 3)
            log.info("turn.begun", waited=waited, mail=len(mails))
            if begun.attempt == 1:
                self._metrics.begun(queue_of(begun.lease.conversation), first.received_at)
            turn = Turn(begun, mails, self._engine)
            trace_id = first.trace_id or first.event_id
            with spans.turn(trace_id, first.received_at, **get_contextvars()) as step:
                outcome = await self._attempted(turn)
                if isinstance(outcome, Abandoned):
                    await self._handler.apologise(turn)
                step.note(outcome=type(outcome).__name__.lower())
        return outcome

    async def _attempted(self, turn: Turn) -> Outcome:
        if turn.attempt > self._attempts:  # it took its workers down with it
            return Abandoned(f"gave up after {self._attempts} attempts")
        try:
            async with asyncio.timeout(self._deadline):
                return await self._handler.handle(turn)
        except LeaseLost:
            raise
        except TimeoutError:
            error: Exception = TransientError(f"no answer within {self._deadline:.0f} s")
        except LarkspurError as fault:
            error = fault
        except Exception as bug:
            log.exception("turn.faulted")
            error = bug
        return outcome_of(error, attempt=turn.attempt, attempts=self._attempts)
