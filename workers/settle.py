"""From how a turn ended to what becomes of its mail."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final, assert_never

import structlog

from shared.errors import LarkspurError, PermanentError, TransientError
from shared.model.outcome import Abandoned, Deferred, Ignored, Replied

if TYPE_CHECKING:
    from shared.model.outcome import Outcome
    from shared.store.endings import Endings
    from shared.store.lease import Begun

_FIRST_RETRY: Final = 1.0
_LAST_RETRY: Final = 300.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


def outcome_of(error: Exception, *, attempt: int, attempts: int) -> Outcome:
    """Sort a fault: what may pass is deferred until `attempts` are spent, the rest abandoned."""
    reason = str(error) if isinstance(error, LarkspurError) else type(error).__name__
    if isinstance(error, PermanentError) or attempt >= attempts:
        return Abandoned(reason)
    asked = error.retry_after if isinstance(error, TransientError) else None
    return Deferred(max(asked or 0.0, _backoff(attempt)), reason)


async def settle(endings: Endings, begun: Begun, outcome: Outcome) -> None:
    """Write the end of a turn, all of it or nothing.

    Raises:
        LeaseLost: nothing was written, and another worker has the conversation.
        StoreUnavailable: Redis did not confirm; the turn will be rescued.
    """
    match outcome:
        case Replied():
            await endings.settle(
                begun,
                done=outcome.done,
                exchanges=outcome.exchanges,
                history=outcome.history,
                afresh=outcome.afresh,
            )
            log.info("turn.replied", answer_id=outcome.message_id)
        case Ignored(reason, done):
            await endings.settle(begun, done=done)
            log.info("turn.ignored", reason=reason)
        case Deferred(seconds, reason, tried):
            await endings.defer(begun.lease, seconds, tried=tried)
            say = log.warning if tried else log.info
            say("turn.deferred", seconds=round(seconds, 1), reason=reason)
        case Abandoned(reason, done):
            await endings.settle(begun, done=done, dead=reason)
            log.error("turn.abandoned", reason=reason)
        case _:
            assert_never(outcome)


def _backoff(attempt: int) -> float:
    ceiling = min(_LAST_RETRY, _FIRST_RETRY * 4.0 ** (attempt - 1))
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - jitter, not a secret
