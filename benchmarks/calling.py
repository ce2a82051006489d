"""`python -m benchmarks.calling CLIENT`: messages sent as fast as a client can, 100 at a time.

`ours` is `Feishu.call`, with its limits counted in Redis but never reached; `official` is the SDK's
`acreate`. Both send the same requests, made by the SDK's builders. Prints calls a second.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

import lark_oapi as lark
import uvloop

from shared.feishu.transport import connected
from shared.model.ids import AppId
from shared.open_api import open_api
from shared.settings import Feishu, Limits
from shared.store import connection as redis
from shared.store.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Send = Callable[[Any], Awaitable[Any]]

AT_ONCE: Final = 100
SECONDS: Final = 8.0
_NONE: Final = 10**9
APP: Final = ("cli_a1b2c3d4e5f60718", "simulated-secret")


async def main(client: str) -> None:
    async with AsyncExitStack() as stack:
        send = await (_ours(stack) if client == "ours" else _official())
        await _run(send, 1.0)  # connections, token, imports
        calls, seconds = await _run(send, SECONDS)
    print(json.dumps({"rate": calls / seconds, "calls": calls}))


async def _run(send: Send, seconds: float) -> tuple[int, float]:
    begun = time.perf_counter()
    until, calls = begun + seconds, 0

    async def loop() -> None:
        nonlocal calls
        while time.perf_counter() < until:
            sent = await send(_request())
            if not sent.success():
                raise RuntimeError(sent.msg)
            calls += 1

    await asyncio.gather(*(loop() for _ in range(AT_ONCE)))
    return calls, time.perf_counter() - begun


def _request() -> Any:
    body = (
        lark.im.v1.CreateMessageRequestBody.builder()
        .receive_id("alice@example.com")
        .msg_type("text")
        .content('{"text":"hello"}')
        .build()
    )
    made = lark.im.v1.CreateMessageRequest.builder().receive_id_type("email")
    return made.request_body(body).build()


async def _ours(stack: AsyncExitStack) -> Send:
    app_id, secret = AppId(APP[0]), APP[1]
    settings = Feishu(app_id=app_id, app_secret=secret, domain=os.environ["FEISHU_DOMAIN"])  # type: ignore[arg-type]
    transport = await stack.enter_async_context(connected(settings.domain))
    store = await stack.enter_async_context(redis.connected(os.environ["REDIS_URL"], timeout=10.0))
    limits = Limits(per_second=_NONE, per_minute=_NONE)
    return open_api(transport, store, Keys(app_id), settings, limits).call


async def _official() -> Send:
    client = (
        lark.Client.builder()
        .app_id(APP[0])
        .app_secret(APP[1])
        .domain(os.environ["FEISHU_DOMAIN"])
        .log_level(lark.LogLevel.ERROR)
        .build()
    )
    send: Send = client.im.v1.message.acreate
    return send


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
