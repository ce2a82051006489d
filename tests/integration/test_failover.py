"""The store lives on when its master does not."""

from __future__ import annotations

import asyncio
import signal
from asyncio import to_thread
from typing import TYPE_CHECKING

import pytest

from cli.ports import free_port
from shared.errors import StoreUnavailable
from shared.store.connection import connected
from shared.store.mailbox import Mailboxes, Verdict
from tests.alias import leading_to
from tests.eventually import soon
from tests.integration.engine import accepted, event
from tests.sentinel import MASTER, watched
from tests.servers import Server, caught_up, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shared.model.mail import Incoming
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from tests.alias import Alias
    from tests.sentinel import Watched

_KEPT = 600.0


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as group:
        yield group


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Server, Server, Alias]]:
    """A master, its replica, which nobody watches, and an alias that leads to the master."""
    first = Server(tmp_path / "first", "--repl-diskless-sync-delay", "0")
    second = Server(tmp_path / "second", "--replicaof", "127.0.0.1", str(first.port))
    with running(first, second), leading_to(first.port) as alias:
        yield first, second, alias


async def test_events_are_accepted_again_when_the_master_was_killed(
    group: Watched, keys: Keys
) -> None:
    async with connected(group.url, timeout=2.0) as store:
        mailboxes = Mailboxes(store.line(), keys)
        before, after = event(), event()
        await accepted(mailboxes, before)
        await to_thread(group.protected)

        await to_thread(group.kill_master)

        assert await soon(lambda: _accepted(mailboxes, after)) == [Verdict.ACCEPTED]
        assert await accepted(mailboxes, before, after) == [Verdict.DUPLICATE] * 2


async def test_fault_while_there_is_no_master_says_so(group: Watched) -> None:
    async with connected(group.url, timeout=2.0) as store:
        await store.ping()
        group.servers[1].kill()
        group.servers[0].kill()

        said = await soon(lambda: _fault(store, "is down"))

    assert f"{MASTER} is down" in said
    assert "password" not in said


async def test_connections_to_a_master_that_hung_are_not_used_again(group: Watched) -> None:
    async with connected(group.url, timeout=2.0) as store:
        await _use_at_once(store, "before", 20)
        await to_thread(group.protected)
        old = await to_thread(lambda: group.master)
        old.send(signal.SIGSTOP)
        await to_thread(group.succeeded, old)
        await soon(lambda: _touched(store))

        old.send(signal.SIGCONT)
        await _use_at_once(store, "after", 20)

    new = await to_thread(lambda: group.master)
    assert new is not old
    assert len(await to_thread(new.ask, "KEYS", "before:*")) == 20
    assert len(await to_thread(new.ask, "KEYS", "after:*")) == 20


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Server]:
    """A server that takes connections and never answers."""
    server = Server(tmp_path / "hanging")
    with running(server):
        server.send(signal.SIGSTOP)
        yield server


async def test_sentinel_that_hangs_leaves_time_for_the_next(
    group: Watched, hanging: Server
) -> None:
    url = group.url.replace("@", f"@127.0.0.1:{hanging.port},")

    async with connected(url, timeout=4.0) as store:
        await store.ping()


async def test_no_more_connections_are_made_than_the_pool_holds(group: Watched) -> None:
    async with connected(group.url, timeout=10.0) as store:
        await _use_at_once(store, "many", 300)

        clients = await to_thread(lambda: group.master.ask("CLIENT", "LIST"))

    assert 20 < clients.count(b"name=larkspur ") <= 64


async def test_master_that_steps_down_is_left_with_the_next_call(
    pair: tuple[Server, Server, Alias], keys: Keys
) -> None:
    old, new, alias = pair
    async with connected(alias.url, timeout=5.0) as store:
        mailboxes = Mailboxes(store.line(), keys)
        await _use_at_once(store, "before", 20)
        await to_thread(_swap, old, new)
        alias.leads_to = new.port

        with pytest.raises(StoreUnavailable, match="read only"):
            await accepted(mailboxes, event())
        await _use_at_once(store, "after", 20)

    assert len(await to_thread(new.ask, "KEYS", "before:*")) == 20
    assert len(await to_thread(new.ask, "KEYS", "after:*")) == 20


async def test_replica_that_lost_its_master_is_left_with_the_next_call(
    pair: tuple[Server, Server, Alias],
) -> None:
    old, new, alias = pair
    async with connected(alias.url, timeout=5.0) as store:
        await store.put("old", b"", seconds=_KEPT)
        await to_thread(_strand, old)
        await to_thread(new.ask, "REPLICAOF", "NO", "ONE")
        alias.leads_to = new.port

        with pytest.raises(StoreUnavailable, match="MASTER is down"):
            await store.read_list("any", 0, -1)
        await store.put("new", b"", seconds=_KEPT)

    assert await to_thread(new.ask, "EXISTS", "new")


def _swap(old: Server, new: Server) -> None:
    caught_up(old)
    new.ask("REPLICAOF", "NO", "ONE")
    old.ask("REPLICAOF", "127.0.0.1", str(new.port))


def _strand(old: Server) -> None:
    """Make it a replica whose master is not there, and that does not answer without."""
    old.ask("CONFIG", "SET", "replica-serve-stale-data", "no")
    old.ask("REPLICAOF", "127.0.0.1", str(free_port()))


async def _accepted(mailboxes: Mailboxes, incoming: Incoming) -> list[Verdict]:
    try:
        return await accepted(mailboxes, incoming)
    except StoreUnavailable:
        return []


async def _touched(store: Store) -> bool:
    try:
        await store.put("new", b"", seconds=_KEPT)
    except StoreUnavailable:
        return False
    return True


async def _fault(store: Store, expected: str) -> str:
    try:
        await store.ping()
    except StoreUnavailable as error:
        return str(error) if expected in str(error) else ""
    return ""


async def _use_at_once(store: Store, name: str, times: int) -> None:
    """Write so many keys, and make as many connections, if the pool lets them."""
    async with asyncio.TaskGroup() as tasks:
        for number in range(times):
            tasks.create_task(store.put(f"{name}:{number}", b"", seconds=_KEPT))
