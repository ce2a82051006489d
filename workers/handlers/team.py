"""A function of the team's as a handler: an event goes in, what it asks for is given to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from shared.model.outcome import Ignored
from workers.handlers.bound import BoundFeishu
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.outcome import Outcome
    from workers.handlers.declared import Declared
    from workers.handlers.handler import Handler
    from workers.turn import Turn

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class DeclaredHandler:
    """Calls a function for events or card actions, after what the bot itself does about them."""

    def __init__(self, declared: Declared, feishu: Feishu, *, first: Handler | None = None) -> None:
        self._declared = declared
        self._feishu = feishu
        self._first = first

    async def handle(self, turn: Turn) -> Outcome:
        """Call it. Whatever else it raises is a bug, and is tried again as such.

        Raises:
            TransientError: the event is to come again.
            PermanentError: it is to become a dead letter.
        """
        if self._first is not None:
            await self._first.handle(turn)
        event = read_event(turn.mails[0])
        feishu = BoundFeishu(self._feishu, turn, event.event_id)
        things = {"event": event, "action": event, "feishu": feishu, "turn": turn}
        await self._declared.call(things)
        log.info("event.handled", event_type=event.event_type, handler=self._declared.spelt)
        return Ignored("handled")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for anything."""
