"""The rooms wired together, and served until told to stop."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.cardkit.cardkit import Cardkit
from simulator.control import refusals
from simulator.control.answers import Answers
from simulator.control.faults import FaultOrders
from simulator.control.feed import Feed
from simulator.control.files import UserFiles
from simulator.control.limits import LimitsInUse
from simulator.control.playing import Playing
from simulator.control.records import Records
from simulator.faults.faults import Faults
from simulator.faults.order import order_in_flag
from simulator.gateway.gateway import Gateway
from simulator.model.model import Model
from simulator.openapi.rooms import OpenApi
from simulator.page import Page
from simulator.world.people import make_app
from simulator.world.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.gateway.clock import Clock
    from simulator.options import Options

LARGEST_BODY: Final = 32 * 1024 * 1024
GOODBYE: Final = 0.25
"""Seconds that open requests have to end by themselves, and then to notice they are cancelled."""


def build(options: Options, clock: Clock) -> web.Application:
    """Construct one platform."""
    bot = make_app(options.app_id, options.app_secret, options.bot_name)
    world = World(bot, clock, keep=options.keep, people=options.people)
    faults = Faults(clock)
    for flag in options.faults:
        faults.stand(order_in_flag(flag))
    feed = Feed(world.messages)
    gateway = Gateway(bot, options, clock, faults, feed.publish)
    openapi = OpenApi(world, faults, options, clock)
    openapi.calls.listen(lambda call: feed.publish("call", lambda: asdict(call)))
    rooms = (
        *gateway.rooms,
        openapi,
        *Cardkit(world, openapi.limits, faults).rooms,
        *Model(options, faults).rooms,
        *Playing(world, gateway).rooms,
        Answers(world.messages, gateway.deliveries),
        FaultOrders(faults),
        Records(world, gateway.connections, gateway.deliveries, openapi.calls),
        LimitsInUse(openapi.limits, openapi.quota, openapi.tokens),
        UserFiles(world.files),
        feed,
        Page(),
    )
    app = web.Application(
        middlewares=[*openapi.middlewares, refusals.middleware], client_max_size=LARGEST_BODY
    )
    for room in rooms:
        app.add_routes(room.routes())
    _attach(app, gateway)
    return app


async def serve(options: Options, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, and call `ready` with the URL once requests are taken.

    Raises:
        OSError: the address cannot be listened on.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        build(options, loop),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=GOODBYE,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port).start()
        host, port = runner.addresses[0][:2]
        ready(f"http://{host}:{port}")
        await stop.wait()
    finally:
        await runner.cleanup()


def _attach(app: web.Application, gateway: Gateway) -> None:
    """Have the gateway begin and end with the server."""

    async def open_webhook(_: web.Application) -> None:
        await gateway.start()

    async def close(_: web.Application) -> None:
        await gateway.stop()

    app.on_startup.append(open_webhook)
    app.on_shutdown.append(close)
