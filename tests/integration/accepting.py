"""An acceptor on a real Redis that its line may be cut from, and what became of each delivery."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from redis.asyncio import Redis

from ingress.accept import Acceptor
from ingress.answering import Answering
from ingress.health import Health
from ingress.metrics import Metrics
from ingress.sources.source import Delivery
from shared.feishu.events import Identify
from shared.model.ids import ConversationId
from shared.store.connection import connected
from shared.store.mailbox import Mailboxes, decode
from tests.eventually import soon
from tests.factories import message, payload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ingress.sources.source import Ack
    from shared.store.keys import Keys
    from tests.forwarder import Forwarder

CHAT = ConversationId("oc_chat")
OK, AGAIN = HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass
class Accepting:
    """What was delivered when, how it was answered, and in which step of the loop."""

    acceptor: Acceptor
    health: Health
    way: Forwarder
    redis: Any
    keys: Keys
    answers: list[tuple[str, HTTPStatus]] = field(default_factory=list)
    taken_at: list[float] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    _step: int = 0

    def take(self, *names: str, clock: float = 0.0) -> None:
        """Have messages delivered that are known by their names, when the clock was so far off."""
        for name in names:
            self.deliver(self.delivery(name, clock=clock))

    def deliver(self, delivery: Delivery) -> None:
        self.taken_at.append(time.monotonic())
        self.acceptor.take(delivery)

    def delivery(self, name: str, *, clock: float = 0.0, text: str = "hello") -> Delivery:
        event = message(text, event_id=name, message_id=f"om_{name}", chat=CHAT)

        def answer(ack: Ack) -> None:
            self.answers.append((name, ack.code))
            self.steps.append(self._step)
            asyncio.get_running_loop().call_soon(self._next_step)

        return Delivery(payload(event), "trace", time.time() + clock, answer)

    def _next_step(self) -> None:
        self._step += 1

    def forget(self) -> None:
        """Count only what is delivered from now on."""
        for each in (self.answers, self.taken_at, self.steps):
            each.clear()

    async def answered(self, count: int) -> list[tuple[str, HTTPStatus]]:
        """Wait until so many were answered; return which, and how."""

        async def enough() -> bool:
            return len(self.answers) >= count

        await soon(enough)
        return self.answers

    async def mailbox(self) -> list[str]:
        """Return the names of what is stored, in order."""
        entries = await self.redis.lrange(self.keys.mailbox(CHAT), 0, -1)
        return [decode(entry).event_id for entry in entries]

    def named(self, code: HTTPStatus) -> list[str]:
        return [name for name, answered in self.answers if answered is code]


@asynccontextmanager
async def accepting(url: str, way: Forwarder, keys: Keys) -> AsyncIterator[Accepting]:
    """Accept until the end of the block, over `way` to the Redis of `url`."""
    health = Health()
    metrics = Metrics(health)
    async with (
        connected(way.url, timeout=2.5) as store,
        Redis.from_url(url, driver_info=None) as redis,
    ):
        acceptor = Acceptor(
            Identify(at_most=10_000_000),
            Mailboxes(store.line(), keys),
            Answering({}, metrics),
            metrics,
            health,
        )
        running = asyncio.create_task(acceptor.run())
        yield Accepting(acceptor, health, way, redis, keys)
        assert not running.done(), running
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
