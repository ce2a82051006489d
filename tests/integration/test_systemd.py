from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingress.health import Health
from ingress.systemd import Systemd
from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

WATCHED = {"WATCHDOG_USEC": "200000"}


class Manager:
    """The socket that systemd listens on."""

    def __init__(self, address: str) -> None:
        self.environment = {"NOTIFY_SOCKET": address.replace("\0", "@")}
        self._address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def listen(self) -> None:
        self._socket.bind(self._address)

    async def hears(self, state: str) -> list[str]:
        """Wait for a state; return all that came before it."""
        before: list[str] = []
        async with asyncio.timeout(PATIENCE):
            while True:
                heard = await asyncio.get_running_loop().sock_recv(self._socket, 4096)
                before += heard.decode().split("\n")
                if state in before:
                    return before[: before.index(state)]

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket in it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def manager(folder: Path) -> Iterator[Manager]:
    manager = Manager(str(folder / "notify"))
    manager.listen()
    yield manager
    manager.close()


@asynccontextmanager
async def telling(
    health: Health, environment: dict[str, str], reasons: dict[str, str] | None = None
) -> AsyncIterator[Systemd]:
    systemd = Systemd(health, lambda: reasons or {}, environment)
    task = asyncio.create_task(systemd.run())
    try:
        yield systemd
    finally:
        assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_it_is_ready_when_every_side_is_and_says_so_once(manager: Manager) -> None:
    health = Health()
    redis, sock = health.side("redis"), health.side("socket")
    async with telling(health, manager.environment):
        redis.up()
        before = await manager.hears("STATUS=socket: not yet")
        assert "READY=1" not in before

        sock.up()

        await manager.hears("READY=1")
        await manager.hears("STATUS=ready")
        sock.down("closed")
        await manager.hears("STATUS=socket: closed")
        sock.up()
        assert await manager.hears("STATUS=ready") == []


async def test_status_is_one_line_whatever_the_reasons_hold(manager: Manager) -> None:
    health = Health()
    health.side("socket").down("closed\nREADY=1")
    health.side("redis").down("away")

    async with telling(health, manager.environment):
        assert await manager.hears("STATUS=redis: away; socket: closed READY=1") == []


async def test_watchdog_is_patted_only_while_alive(manager: Manager) -> None:
    reasons = {"accept": "stuck for 9 s"}
    async with telling(Health(), {**manager.environment, **WATCHED}, reasons):
        before = await manager.hears("STATUS=accept: stuck for 9 s")

        reasons.clear()

        assert "WATCHDOG=1" not in before
        await manager.hears("WATCHDOG=1")
        await manager.hears("WATCHDOG=1")


@pytest.mark.parametrize(
    ("environment", "patted"),
    [
        ({**WATCHED, "WATCHDOG_PID": str(os.getpid())}, True),
        ({**WATCHED, "WATCHDOG_PID": "1"}, False),
        ({}, False),
        ({"WATCHDOG_USEC": "soon"}, False),
        ({"WATCHDOG_USEC": "0"}, False),
    ],
    ids=["ours", "of another process", "none", "unreadable", "zero"],
)
async def test_only_a_watchdog_of_ours_is_patted(
    manager: Manager, environment: dict[str, str], patted: bool
) -> None:
    health = Health()
    async with telling(health, {**manager.environment, **environment}):
        before = await manager.hears("STATUS=ready")
        health.side("redis").down("away")

        before += await manager.hears("STATUS=redis: away")

        assert ("WATCHDOG=1" in before) is patted


async def test_stopping_is_said(manager: Manager) -> None:
    Systemd(Health(), dict, manager.environment).stopping()

    await manager.hears("STOPPING=1")


async def test_what_nobody_heard_is_said_again(folder: Path) -> None:
    manager = Manager(str(folder / "late"))
    health = Health()
    health.side("redis").up()
    async with telling(health, {**manager.environment, **WATCHED}) as systemd:
        await asyncio.sleep(0)  # it has spoken to nobody
        systemd.stopping()

        manager.listen()

        await manager.hears("READY=1")
    manager.close()


@pytest.mark.skipif(sys.platform != "linux", reason="abstract names are Linux' own")
async def test_abstract_name_is_an_address_too() -> None:
    manager = Manager(f"\0larkspur-test-{os.getpid()}")
    manager.listen()

    Systemd(Health(), dict, manager.environment).stopping()

    await manager.hears("STOPPING=1")
    manager.close()


@pytest.mark.parametrize("address", [{}, {"NOTIFY_SOCKET": "vsock:2:1"}], ids=["none", "foreign"])
async def test_without_systemd_it_says_nothing_and_does_not_end(address: dict[str, str]) -> None:
    async with telling(Health(), {**address, **WATCHED}) as systemd:
        await asyncio.sleep(0)

        systemd.stopping()

        assert len(asyncio.all_tasks()) == 2  # this test, and one that waits for nothing
