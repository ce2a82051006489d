"""Whatever the platform sends: nothing escapes, nothing stops, and what comes next is heard.

The whole way of a delivery is under fire: real sockets, the WebSocket, frames, fragments, envelopes
and the store in Redis. A few seconds by default; FUZZ_SECONDS makes it longer, and FUZZ_SEED begins
with a round that failed: its number is in the failure.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import uvloop
from structlog.testing import capture_logs

from ingress.accept import Acceptor
from ingress.answering import Answering
from ingress.health import Health
from ingress.metrics import Metrics
from ingress.sources.long_connection import LongConnection
from shared.feishu.events import Identify
from shared.store.connection import connected
from shared.store.mailbox import Mailboxes
from simulator.gateway.frames import decode
from tests.factories import message, payload
from tests.integration.corpus import corpus, frame
from tests.integration.mutations import Mutations
from tests.integration.rawsocket import RawPlatform, RawSocket, raw_platform, ws
from tests.integration.scripted import scripted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from shared.store.keys import Keys

SECONDS = float(os.environ.get("FUZZ_SECONDS", "4"))
FIRST_SEED = int(os.environ.get("FUZZ_SEED", "1"))
MESSAGES = 200
CORPUS = corpus()

pytestmark = pytest.mark.timeout(SECONDS + 60)


class Hearing:
    """An ingress under fire; `socket` is the platform's end of its newest connection."""

    def __init__(self, platform: RawPlatform, metrics: Metrics) -> None:
        self.platform = platform
        self.metrics = metrics
        self.socket: RawSocket
        self.connections = 0
        self.faults: list[dict[str, Any]] = []

    async def connect(self) -> None:
        self.socket = await self.platform.socket()
        self.connections += 1

    async def hears(self, name: str) -> None:
        """Send a good event on the newest connection, and wait until it is stored and acked."""
        good = payload(message(event_id=f"event-{name}", message_id=f"om_{name}"))
        self.socket.say(ws(frame(good, frame_id=name)))
        while name.encode() not in (ack := await self.socket.next()):
            pass
        assert ack.endswith(b'{"code":200}')

    def assert_nothing_escaped(self) -> None:
        bugs = self.metrics.registry.get_sample_value("larkspur_rejected_total", {"reason": "bug"})
        assert not bugs
        assert self.faults == []


@asynccontextmanager
async def hearing(url: str, keys: Keys) -> AsyncIterator[Hearing]:
    health = Health()
    metrics = Metrics(health)
    async with (
        raw_platform() as platform,
        connected(url, timeout=2.5) as store,
        scripted(endpoint=lambda _: platform.endpoint(ReconnectNonce=0)) as script,
    ):
        mailboxes = Mailboxes(store.line(), keys)
        identify = Identify(at_most=10**6, keep=["*"])
        acceptor = Acceptor(identify, mailboxes, Answering({}, metrics), metrics, health)
        source = LongConnection(script.transport, script.feishu, metrics, health)
        heard = Hearing(platform, metrics)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, fault: heard.faults.append(fault))
        duties = [asyncio.create_task(each) for each in (acceptor.run(), source.run(acceptor.take))]
        await heard.connect()
        yield heard
        assert not [duty for duty in duties if duty.done()]
        for duty in duties:
            duty.cancel()
        await asyncio.gather(*duties, return_exceptions=True)
        gc.collect()  # an exception that nobody retrieved is told of when it is collected
        heard.assert_nothing_escaped()


def fuzz(
    hear: Callable[[Hearing, Mutations, int], Coroutine[Any, Any, None]],
    *where: Any,
) -> tuple[int, int]:
    """Hear round after round until the time is up; return how many, and on how many connections."""

    async def rounds() -> tuple[int, int]:
        until, seed = time.monotonic() + SECONDS, FIRST_SEED
        async with hearing(*where) as heard:
            while time.monotonic() < until:
                try:
                    await hear(heard, Mutations(Random(seed), CORPUS), seed)
                    heard.assert_nothing_escaped()
                except BaseException as failure:
                    failure.add_note(f"FUZZ_SEED={seed} begins with this round")
                    raise
                seed += 1
            return seed - FIRST_SEED, heard.connections

    with capture_logs():  # one line for each message would be the slowest part of it
        return uvloop.run(rounds())


async def hear_messages(heard: Hearing, mutations: Mutations, seed: int) -> None:
    for _ in range(MESSAGES):
        heard.socket.say(ws(mutations.message()))
    await heard.hears(f"good{seed}")


async def hear_stream(heard: Hearing, mutations: Mutations, seed: int) -> None:
    """After anything at all the connection lives, or there is soon another."""
    await heard.hears(f"before{seed}")
    heard.socket.say(mutations.stream())
    try:
        async with asyncio.timeout(0.2):
            await heard.hears(f"after{seed}")
    except (TimeoutError, AssertionError):
        heard.socket.abort()  # it may be waiting for the rest of a frame that never comes
        await heard.connect()
        await heard.hears(f"again{seed}")


def test_mutated_messages_neither_raise_nor_end_the_connection(clean: str, keys: Keys) -> None:
    rounds, connections = fuzz(hear_messages, clean, keys)

    print(f"{rounds * MESSAGES} messages")
    assert rounds > 0
    assert connections == 1


def test_broken_websocket_costs_a_connection_at_most(clean: str, keys: Keys) -> None:
    rounds, connections = fuzz(hear_stream, clean, keys)

    print(f"{rounds} streams, {connections} connections")
    assert rounds > 0


def test_corpus_is_the_same_every_time_and_of_every_kind() -> None:
    assert corpus() == CORPUS
    assert len(CORPUS) > 60
    kinds = {frame_type for one in CORPUS if (frame_type := decode(one).headers.get("type"))}
    assert kinds == {"event", "card", "ping", "pong"}
