"""Celery's scheduler, but for what it does: it files events, and only while it has the baton.

Celery's own publishes a task, which nobody remembers, and has its last runs in a file, which no
other machine sees. What is due here becomes mail of the line of its schedule, under an id made of
the schedule and the moment: two beats at once, or one that begins anew, file nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import structlog
from celery import beat

from shared.errors import StoreUnavailable
from shared.model.event import Event
from shared.model.ids import ConversationId, EventId
from shared.model.internal import SCHEDULED
from shared.model.queue import SCHEDULE
from shared.store.mailbox import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from shared.store.baton import Baton
    from shared.store.filing import Filing
    from shared.store.last_runs import LastRuns
    from workers.pulse import Pulse
    from workers.schedules import Schedule

LEASE: Final = 5.0
"""Seconds after which another beat takes over from one that was killed."""

_LOOK_EVERY: Final = 1.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all beats of an app have in common, in Redis; `run` waits for what is asked of it."""

    baton: Baton
    runs: LastRuns
    filing: Filing
    run: Callable[[Coroutine[Any, Any, Any]], Any]


class Scheduler(beat.Scheduler):
    """Says what is due. A `tick` returns after how many seconds to call it again."""

    producer = None  # Celery would connect to its broker

    def __init__(
        self,
        shared: Shared,
        schedules: Mapping[str, Schedule],
        pulse: Pulse,
        *,
        app: Any,
        **_: Any,
    ) -> None:
        self._shared = shared
        self._schedules = schedules
        self._pulse = pulse
        self._stands_by = True
        super().__init__(app, max_interval=LEASE / 3, lazy=True)

    def tick(self, **_: Any) -> float:
        """File what is due, if it is for this beat to do."""
        try:
            seconds: float = super().tick() if self._has_baton() else _LOOK_EVERY
        except StoreUnavailable as error:
            log.warning("beat.redis_away", reason=str(error))
            self._stands_by = True  # what was not noted is looked up again
            self._pulse.looked(beats=False, away=str(error))
            return _LOOK_EVERY
        self._pulse.looked(beats=not self._stands_by)
        return seconds

    def apply_entry(self, entry: Any, producer: Any = None) -> None:  # noqa: ARG002 - Celery's
        """File the event of a schedule that is due, and note it."""
        due = entry.schedule.after(entry.last_run_at.timestamp())
        event_id = EventId(f"{entry.name}@{_written(due)}")
        event = Event(SCHEDULED, event_id, None, ConversationId(f"{SCHEDULE}{entry.name}"))
        shared, ran = self._shared, self.schedule[entry.name].last_run_at.timestamp()
        verdict = shared.run(shared.filing.file(event, {"name": entry.name, "at": due}))
        shared.run(shared.runs.note(entry.name, ran))
        tell = log.error if verdict is Verdict.NOT_FILED else log.info
        tell("schedule.due", schedule=entry.name, event_id=event_id, verdict=verdict)

    def close(self) -> None:
        """Let another beat take over at once."""
        if self._stands_by:
            return
        try:
            self._shared.run(self._shared.baton.drop())
        except StoreUnavailable as error:
            log.warning("beat.redis_away", reason=str(error))

    def _has_baton(self) -> bool:
        has, new = self._shared.run(self._shared.baton.take())
        if has and (new or self._stands_by):
            self._begin()
        elif not has and not self._stands_by:
            log.warning("beat.stands_by")
        self._stands_by = not has
        return bool(has)

    def _begin(self) -> None:
        """Go on where the last beat has ended."""
        names, now = sorted(self._schedules), next(iter(self._schedules.values())).now()
        runs = self._shared.run(self._shared.runs.of(names, now=now.timestamp()))
        self.schedule = {
            name: self.Entry(
                name=name,
                schedule=self._schedules[name],
                last_run_at=datetime.fromtimestamp(runs[name], UTC),
                app=self.app,
            )
            for name in names
        }
        self._heap = None
        log.info("beat.begun", schedules=len(names))


def _written(due: float) -> str:
    precision = "seconds" if due.is_integer() else "milliseconds"
    return f"{datetime.fromtimestamp(due, UTC).replace(tzinfo=None).isoformat(timespec=precision)}Z"
