from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator


@asynccontextmanager
async def simulator(*arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """Start `python -m simulator`, and yield it with its first line."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if "SIMULATOR_" not in name},
    )
    try:
        assert process.stdout
        yield process, (await process.stdout.readline()).decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_simulator_stops_quickly_while_clients_wait(number: signal.Signals) -> None:
    async with simulator("--port", "0") as (process, line), aiohttp.ClientSession() as http:
        url = line.split()[-1]
        credentials = {"AppID": "cli_a1b2c3d4e5f60718", "AppSecret": "simulated-secret"}
        async with http.post(f"{url}/callback/ws/endpoint", json=credentials) as response:
            found = await response.json()
        said = await http.post(f"{url}/_sim/messages", json={"user": "bob", "text": "x"})
        message_id = (await said.json())["message_id"]
        waiting = asyncio.create_task(http.get(f"{url}/_sim/answers/{message_id}"))
        async with http.ws_connect(found["data"]["URL"]) as ws, http.get(f"{url}/_sim/feed"):
            process.send_signal(number)
            closed = await ws.receive(timeout=PATIENCE)

        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0
        assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 1000)
        with pytest.raises(aiohttp.ClientError):
            await waiting


async def test_taken_port_is_named_and_the_way_out_too() -> None:
    async with simulator("--port", "0") as (_, line):
        port = line.strip().rpartition(":")[2]
        async with simulator("--port", port) as (second, nothing):
            _, complaint = await second.communicate()

    assert second.returncode == 78
    assert nothing == ""
    assert complaint.decode().splitlines() == [
        f"simulator: port {port} is taken; choose another with --port or SIMULATOR_PORT"
    ]


async def test_ready_line_is_all_that_is_printed() -> None:
    async with simulator("--port", "0") as (process, line):
        process.terminate()
        rest, _ = await process.communicate()

    assert line.startswith("simulator listening on http://127.0.0.1:")
    assert rest == b""
