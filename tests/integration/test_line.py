"""A line of one's own to Redis: each answer is that of its question, whatever happened before."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

import pytest
import uvloop
from redis.asyncio import Redis

from cli.ports import free_port
from cli.valkey import Valkey
from shared.errors import StoreUnavailable
from shared.model.queue import QUEUES
from shared.store.connection import connected
from shared.store.line import words
from shared.store.mailbox import Mailboxes, Verdict, prepared
from tests.eventually import soon
from tests.forwarder import forwarding
from tests.integration.engine import event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from pathlib import Path

    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.line import Line
    from tests.forwarder import Forwarder


@pytest.fixture
async def store(clean: str) -> AsyncIterator[Store]:
    async with connected(clean, timeout=5.0) as store:
        yield store


@pytest.fixture
def forwarder(valkey: Valkey) -> Iterator[Forwarder]:
    with forwarding(valkey.port) as forwarder:
        yield forwarder


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Valkey]:
    """A server that a test may ill-treat."""
    server = Valkey(tmp_path / "valkey", port=free_port())
    server.start()
    yield server
    server.stop()


async def test_each_answer_is_that_of_its_question(store: Store, keys: Keys) -> None:
    line = store.line()

    answers = [await told(line, keys, f"oc_{number}") for number in range(200)]

    assert answers == [f"oc_{number}" for number in range(200)]


async def test_script_that_the_server_forgot_is_loaded_again(
    store: Store, keys: Keys, redis: Redis
) -> None:
    line = store.line()

    for number in range(5):
        await redis.script_flush()
        assert await told(line, keys, f"oc_{number}") == f"oc_{number}"


async def test_question_nobody_stayed_for_is_not_answered_to_the_next(
    store: Store, keys: Keys
) -> None:
    line = store.line()

    for number in range(5):
        await ask(line, keys, "oc_unheard")
        assert await told(line, keys, f"oc_{number}") == f"oc_{number}"


async def test_answer_that_nobody_asked_for_is_none(store: Store, keys: Keys) -> None:
    line = store.line()
    await told(line, keys, "oc_1")

    with pytest.raises(StoreUnavailable):
        await line.answer()

    assert await told(line, keys, "oc_2") == "oc_2"


async def test_next_answer_is_right_wherever_the_last_question_was_cancelled(
    store: Store, keys: Keys, redis: Redis
) -> None:
    line = store.line()

    for steps in range(200):
        if steps % 50 == 0:
            await redis.script_flush()
        asking = asyncio.create_task(told(line, keys, "oc_cancelled"))
        for _ in range(steps % 50):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait({asking})

        assert await told(line, keys, f"oc_{steps}") == f"oc_{steps}"


async def test_connections_that_are_dropped_are_closed(
    store: Store, keys: Keys, redis: Redis
) -> None:
    line = store.line()
    for _ in range(100):
        await ask(line, keys, "oc_unheard")

    await told(line, keys, "oc_1")

    async def one_is_left() -> bool:
        return len([one for one in await redis.client_list() if one["name"] == "larkspur"]) == 1

    assert await soon(one_is_left)


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_line_that_was_reset_in_silence_is_replaced(
    run: Callable[[Coroutine[None, None, None]], None], forwarder: Forwarder, keys: Keys
) -> None:
    async def reset() -> None:
        async with connected(forwarder.url, timeout=5.0) as store:
            line = store.line()
            await told(line, keys, "oc_1")
            forwarder.reset()
            await asyncio.sleep(0.2)  # it is to arrive before the next question

            with pytest.raises(StoreUnavailable):
                await told(line, keys, "oc_lost")

            assert await told(line, keys, "oc_2") == "oc_2"

    run(reset())


async def test_line_that_hangs_is_left_and_what_it_says_later_is_not_heard(
    forwarder: Forwarder, keys: Keys
) -> None:
    async with connected(forwarder.url, timeout=5.0) as store:
        line = store.line()
        await told(line, keys, "oc_1")
        forwarder.hang()

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(told(line, keys, "oc_late"), 0.2)
        forwarder.revive()

        assert await told(line, keys, "oc_2") == "oc_2"


async def test_server_that_dies_between_question_and_answer_is_asked_again_when_it_is_back(
    own: Valkey, keys: Keys
) -> None:
    async with connected(own.url, timeout=5.0) as store:
        line = store.line()
        for number in range(3):
            await told(line, keys, "oc_before")
            send(own, signal.SIGSTOP)
            await ask(line, keys, "oc_lost")
            send(own, signal.SIGKILL)

            with pytest.raises(StoreUnavailable):
                await line.answer()
            with pytest.raises(StoreUnavailable):
                await ask(line, keys, "oc_lost")
            await asyncio.to_thread(start_again, own)

            assert await told(line, keys, f"oc_{number}") == f"oc_{number}"


@pytest.mark.parametrize(
    ("ill", "well", "says"),
    [
        ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0", "maxmemory"),
        ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE", "read only"),
    ],
    ids=["full", "read_only"],
)
async def test_batch_that_is_refused_is_refused_as_a_whole(
    own: Valkey, keys: Keys, ill: str, well: str, says: str
) -> None:
    async with connected(own.url, timeout=5.0) as store:
        mailboxes = Mailboxes(store.line(), keys)
        batch = [prepared(event()) for _ in range(2)]
        await order(own, ill)
        for _ in range(2):
            await mailboxes.send(batch)
            with pytest.raises(StoreUnavailable, match=says):
                await mailboxes.verdicts()

        await order(own, well)
        await mailboxes.send(batch)

        assert await mailboxes.verdicts() == [Verdict.ACCEPTED] * 2


async def ask(line: Line, keys: Keys, name: str) -> None:
    """Ask a question whose answer tells it: nobody has a lease, so this one is lost."""
    queues = (keys.queue(name) for name in QUEUES)
    leases = [words(queue.leases, queue.running) for queue in queues]
    await line.ask("renew", leases, [words(1000, "turns", "oc_nobody", name)])


async def told(line: Line, keys: Keys, name: str) -> str:
    await ask(line, keys, name)
    (answer,) = await line.answer()
    return str(answer.decode())


async def order(server: Valkey, command: str) -> None:
    async with Redis.from_url(server.url, driver_info=None) as redis:
        told: Any = redis.execute_command(command)  # type: ignore[no-untyped-call]
        await told


def send(server: Valkey, number: signal.Signals) -> None:
    assert server.process is not None
    server.process.send_signal(number)


def start_again(server: Valkey) -> None:
    server.wait()
    server.start()
