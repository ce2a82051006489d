"""Leaving a running turn early: because somebody said so, or because of what came meanwhile.

Each process looks after all its turns in one step, twice a second: nothing is missed when a
connection breaks, as it would be with messages that are published once.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import MalformedEvent, NewerFormat, StoreUnavailable
from shared.store.mailbox import decode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from shared.model.ids import Fence
    from shared.model.mail import Mail
    from shared.store.notices import Notice, Notices
    from workers.turn import Turn

    Hears = Callable[[Mail], str]

EVERY: Final = 0.5
"""Seconds between two looks."""

STOPPED: Final = "stopped"

_AT_ONCE: Final = 100  # entries of new mail that are read in one look

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Interruption:
    """A block that may be left early; `reason` is a word for why it was, and empty if not."""

    turn: Turn
    hears: Hears
    task: asyncio.Task[object]
    seen: int
    reason: str = ""

    def interrupt(self, reason: str) -> None:
        if not self.reason:
            self.reason = reason
            self.task.cancel()


class Interruptions:
    """The turns of a process that may be left early."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._open: dict[Fence, Interruption] = {}

    @asynccontextmanager
    async def of(self, turn: Turn, hears: Hears) -> AsyncIterator[Interruption]:
        """Run a block that is left early when somebody asks this turn to stop.

        Or when `hears` returns a reason, of mail that came meanwhile. Look at the `reason`.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a turn is a task")
        interruption = Interruption(turn, hears, task, seen=len(turn.mails))
        self._open[turn.lease.fence] = interruption
        try:
            yield interruption
        except asyncio.CancelledError:
            if not interruption.reason or task.uncancel() > 0:  # something else wants it ended
                raise
        finally:
            del self._open[turn.lease.fence]

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await asyncio.sleep(EVERY)
            if self._open:
                try:
                    await self._look([*self._open.values()])
                except StoreUnavailable as error:
                    log.warning("notices.unread", reason=str(error))

    async def _look(self, interruptions: list[Interruption]) -> None:
        notices = await self._notices.look([each.turn.lease for each in interruptions])
        for each, notice in zip(interruptions, notices, strict=True):
            reason = await self._reason(each, notice)
            if reason and each.turn.lease.fence in self._open:
                each.interrupt(reason)

    async def _reason(self, interruption: Interruption, notice: Notice) -> str:
        if notice.stop:
            return STOPPED
        if notice.mail <= interruption.seen:
            return ""
        first = interruption.seen
        entries = await self._notices.mail(
            interruption.turn.conversation, first=first, last=first + _AT_ONCE - 1
        )
        interruption.seen += len(entries)
        return next(filter(None, map(interruption.hears, _readable(entries))), "")


def _readable(entries: list[bytes]) -> list[Mail]:
    """What cannot be read interrupts nobody; it becomes a dead letter in its turn."""
    mails = []
    for entry in entries:
        try:
            mails.append(decode(entry))
        except (MalformedEvent, NewerFormat):
            continue
    return mails
