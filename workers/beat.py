"""The process that knows what is due: Celery's beat, with a scheduler of ours."""

from __future__ import annotations

import signal
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from celery import Celery
from celery.beat import Service

from shared.probes import served
from shared.store.baton import Baton
from shared.store.filing import Filing
from shared.store.keys import Keys
from shared.store.last_runs import LastRuns
from workers.arrival import reached
from workers.loop import Loop
from workers.pulse import Pulse
from workers.scheduler import LEASE, Scheduler, Shared
from workers.schedules import read_schedules

if TYPE_CHECKING:
    from shared.settings import BeatSettings

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


def run(settings: BeatSettings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: only a human can mend it.
    """
    schedules = read_schedules(settings.schedules.file, lambda: datetime.now(UTC))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit())  # which Celery's loop takes for an order
    keys = Keys(settings.app.app_id)
    loop, stack, pulse = Loop(), AsyncExitStack(), Pulse()
    try:
        probing = served(
            pulse,
            pulse.metrics(),
            setting="LARKSPUR_BEAT__PORT",
            host=settings.beat.host,
            port=settings.beat.port,
        )
        loop.run(stack.enter_async_context(probing))
        store = loop.run(reached(stack, settings.redis.url.get_secret_value(), keys))
        shared = Shared(
            Baton(store, keys, seconds=LEASE),
            LastRuns(store, keys),
            Filing(store, keys),
            loop.run,
        )
        app = Celery("larkspur-beat", set_as_current=False)
        log.info("beat.ready", schedules=len(schedules))
        Service(app, scheduler_cls=partial(Scheduler, shared, schedules, pulse)).start()
    finally:
        loop.run(stack.aclose())
        loop.close()
    log.info("beat.stopped")
