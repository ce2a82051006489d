"""`larkspur.schedule`: what the team declared for a schedule is due (`workers/beat.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from shared.errors import MalformedEvent
from shared.model.outcome import Ignored
from shared.model.schedule import Due
from workers.handlers.bound import BoundFeishu
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.feishu.client import Feishu
    from shared.model.outcome import Outcome
    from workers.handlers.declared import Declared
    from workers.handlers.events import Event
    from workers.turn import Turn

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class ScheduleHandler:
    """Runs what is declared for a schedule, one run after the other."""

    def __init__(self, schedules: Mapping[str, Declared], feishu: Feishu) -> None:
        self._schedules = schedules
        self._feishu = feishu

    async def handle(self, turn: Turn) -> Outcome:
        """Run it. Whatever else it raises is a bug, and is tried again as such.

        Raises:
            TransientError: it is to be tried again.
            PermanentError: it is to become a dead letter.
        """
        event = read_event(turn.mails[0])
        due = _due(event)
        declared = self._schedules.get(due.name)
        if declared is None:
            log.warning("schedule.unhandled", schedule=due.name)
            return Ignored("schedule_unhandled")
        feishu = BoundFeishu(self._feishu, turn, event.event_id)
        await declared.call({"due": due, "feishu": feishu, "turn": turn})
        log.info("schedule.handled", schedule=due.name, handler=declared.spelt)
        return Ignored("handled")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for it."""


def _due(event: Event) -> Due:
    match event.raw.get("event"):
        case {"name": str(name), "at": int() | float() as at}:
            return Due(name, at)
        case _:
            raise MalformedEvent("no_schedule")
