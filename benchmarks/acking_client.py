"""A client that does nothing but ack: what is left is the simulator's own cost."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

import uvloop
from aiohttp import ClientSession, ClientWebSocketResponse

from cli.plan import SIMULATED_APP

_CODE_200: Final = b'\x42\x0c{"code":200}'
"""Field 8, the payload: appended to a frame it replaces the payload that stands there."""


async def _connect_and_ack(url: str, connections: int) -> None:
    app_id, app_secret = SIMULATED_APP.values()
    credentials = {"AppID": app_id, "AppSecret": app_secret}
    async with ClientSession() as http, asyncio.TaskGroup() as tasks:
        for _ in range(connections):
            async with http.post(url + "/callback/ws/endpoint", json=credentials) as answer:
                found = (await answer.json())["data"]
            tasks.create_task(_ack(await http.ws_connect(found["URL"], compress=0)))
        print("connected", flush=True)


async def _ack(socket: ClientWebSocketResponse) -> None:
    async for message in socket:
        await socket.send_bytes(message.data + _CODE_200)


if __name__ == "__main__":
    uvloop.run(_connect_and_ack(sys.argv[1], int(sys.argv[2])))
