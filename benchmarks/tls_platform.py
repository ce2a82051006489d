"""`python -m benchmarks.tls_platform CERTIFICATE`: the simulator behind TLS, counting connections.

It prints its URL. When its standard input ends it prints how many connections were opened, and
ends too.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from typing import TYPE_CHECKING

import uvloop
from aiohttp import web

from simulator.options import Options
from simulator.server import build

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler


async def main(certificate: str) -> None:
    opened: set[object] = set()

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/open-apis/im/"):
            opened.add(request.protocol)
        return await handler(request)

    platform = build(Options(limits="off", keep=1000), asyncio.get_running_loop())
    platform.middlewares.insert(0, count)
    runner = web.AppRunner(platform, access_log=None)
    await runner.setup()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    print(f"https://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(len(opened), flush=True)
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
