"""`larkspur beat`."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

import click

from cli.stored import known_id, stored
from cli.terminal import say
from shared import logging
from shared.model.event import Event
from shared.model.ids import ConversationId, EventId
from shared.model.internal import SCHEDULED
from shared.model.queue import SCHEDULE
from shared.settings import BeatSettings, read
from shared.store.filing import Filing

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.mailbox import Verdict


@click.command()
@click.option("--now", metavar="NAME", type=known_id, help="Have this schedule run now, and end.")
def command(*, now: str | None) -> None:
    """Have what is declared with @on.schedule run when it is due (LARKSPUR_SCHEDULES).

    Any number may run; one of them beats, and another takes over if it dies.
    """
    if now is not None:
        _run_now(now)
        return
    settings = read(BeatSettings)
    logging.configure(level=settings.log.level, format=settings.log.format)
    from workers.beat import run  # noqa: PLC0415 - takes half a second

    run(settings)


def _run_now(name: str) -> None:
    """File the event of a schedule, as if it were due."""
    event_id = EventId(f"{name}@now-{secrets.token_hex(4)}")
    event = Event(SCHEDULED, event_id, None, ConversationId(f"{SCHEDULE}{name}"))

    async def filed(store: Store, keys: Keys) -> Verdict:
        return await Filing(store, keys).file(event, {"name": name, "at": time.time()})

    say(f"{stored().ask(filed)}: {event_id}")
