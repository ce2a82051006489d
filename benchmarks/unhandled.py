"""Mail of a kind that nobody handles: its turn is all that every turn is, and nothing else."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Final

from cli.plan import SIMULATED_APP
from shared.model.event import Event
from shared.model.ids import AppId, ConversationId, EventId
from shared.model.mail import Incoming
from shared.store.connection import connected
from shared.store.keys import Keys
from shared.store.mailbox import Mailboxes, prepared

if TYPE_CHECKING:
    from redis.asyncio import Redis

KEYS: Final = Keys(AppId(SIMULATED_APP["FEISHU_APP_ID"]))
_BATCH: Final = 250
_UNHANDLED: Final = "benchmark.turn_v1"


async def accept(url: str, events: int, *, conversations: int) -> None:
    """Accept so many events, spread over new conversations, as the ingress does."""
    run = uuid.uuid4().hex
    async with connected(url, timeout=5.0) as store:
        mailboxes = Mailboxes(store.line(), KEYS)
        for first in range(0, events, _BATCH):
            numbers = range(first, min(first + _BATCH, events))
            batch = [_incoming(run, number, number % conversations) for number in numbers]
            await mailboxes.send([prepared(incoming) for incoming in batch])
            await mailboxes.verdicts()


async def unsettled(client: Redis) -> int:
    """Return how many conversations wait for a turn, or have one."""
    queue = KEYS.queue("turns")
    return sum([await client.zcard(key) for key in (queue.waking, queue.running)])


def _incoming(run: str, number: int, conversation: int) -> Incoming:
    event = Event(
        _UNHANDLED, EventId(f"e_{run}{number}"), None, ConversationId(f"oc_{run}{conversation}")
    )
    return Incoming(event, "trace", time.time(), b"{}")
