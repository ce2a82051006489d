"""The conversation engine as its tests drive it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.model.event import Event
from shared.model.ids import ConversationId, EventId, MessageId
from shared.model.mail import Incoming
from shared.store.engine import engine
from shared.store.mailbox import Mailboxes, decode, prepared
from shared.store.sweep import Sweep

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.endings import Endings
    from shared.store.engine import Engine as Parts
    from shared.store.keys import Keys, QueueKeys
    from shared.store.lease import Begun, Leases
    from shared.store.mailbox import Verdict

CHAT = ConversationId("oc_1")
MESSAGE = "im.message.receive_v1"
_numbers = itertools.count(1)


@dataclass
class Engine:
    redis: Any
    store: Store
    keys: Keys

    @property
    def queue(self) -> QueueKeys:
        """The keys of the queue that `CHAT` is in."""
        return self.keys.queue("turns")

    @property
    def endings(self) -> Endings:
        return self.parts().endings

    def leases(self, *, seconds: float = 30.0) -> Leases:
        return self.parts(lease=seconds).leases

    def parts(self, *, lease: float = 30.0) -> Parts:
        return engine(self.store, self.keys, lease=lease, exchanges=3, kept=60)

    async def accept(self, *incoming: Incoming) -> list[Verdict]:
        mailboxes = Mailboxes(self.store.line(), self.keys)
        return await accepted(mailboxes, *incoming)

    async def begin(
        self, conversation: ConversationId = CHAT, *, seconds: float = 30.0, at_most: int = 1
    ) -> Begun:
        """Begin as a worker does that took the wake off the queue."""
        await self.redis.rpop(self.keys.queue_of(conversation).wakes)
        begun = await self.leases(seconds=seconds).begin(conversation, at_most=at_most)
        assert begun is not None
        return begun

    async def sweep(self) -> list[ConversationId]:
        return (await Sweep(self.store, self.keys).run()).woken

    async def wakes_waiting(self) -> int:
        return int(await self.redis.llen(self.queue.wakes))


async def bury(engine: Engine, *names: str) -> None:
    """Have events of these ids become dead letters, one after the other."""
    await engine.accept(*(event(event_id=name) for name in names))
    for _ in names:
        await engine.endings.settle(await engine.begin(), dead="poison")


async def accepted(mailboxes: Mailboxes, *incoming: Incoming) -> list[Verdict]:
    """Have events accepted as one batch."""
    await mailboxes.send([prepared(one) for one in incoming])
    return await mailboxes.verdicts()


def event(
    payload: bytes = b"{}",
    *,
    conversation: ConversationId = CHAT,
    event_id: str | None = None,
    message_id: str | None = "",
    kind: str = MESSAGE,
) -> Incoming:
    """Return an event about a message of its own, of another one, or (None) about none."""
    number = next(_numbers)
    one = Event(
        kind,
        EventId(event_id or f"e{number}"),
        None if message_id is None else MessageId(message_id or f"om_{number}"),
        conversation,
    )
    return Incoming(one, "trace", 0.0, payload)


def payload_of(begun: Begun) -> bytes:
    """The payload of the one event that a turn is about."""
    (payload,) = payloads_of(begun)
    return payload


def payloads_of(begun: Begun) -> list[bytes]:
    return [decode(entry).payload for entry in begun.entries]
