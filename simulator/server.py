"""The rooms wired together, and served until told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.control import refusals
from simulator.control.answers import Answers
from simulator.control.events import Events
from simulator.control.feed import Feed
from simulator.control.messages import UserMessages
from simulator.control.records import Records
from simulator.control.saying import Saying
from simulator.gateway.client_config import ClientConfig
from simulator.gateway.connections import Connections
from simulator.gateway.deliveries import Deliveries
from simulator.gateway.discovery import Discovery
from simulator.gateway.ladder import WAITS, Ladder
from simulator.gateway.push import Push
from simulator.gateway.sockets import Sockets
from simulator.gateway.tickets import Tickets
from simulator.model.completions import Completions
from simulator.model.pace import Pace
from simulator.openapi.bot import Bot
from simulator.openapi.calls import Calls
from simulator.openapi.messages import BotMessages
from simulator.openapi.tokens import Tokens
from simulator.openapi.uuids import Uuids
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
NORMAL_CLOSURE: Final = 1000


def build(options: Options, clock: Clock) -> web.Application:
    """Construct one platform."""
    world = World(make_app(options.app_id, options.app_secret, options.bot_name), keep=options.keep)
    connections = Connections()
    deliveries = Deliveries(options.keep * (1 + len(WAITS)))
    ladder = Ladder(options.time_scale)
    push = Push(connections, deliveries, ladder, clock, ack_deadline=options.ack_deadline)
    tickets = Tickets(clock)
    config = ClientConfig(options)
    calls = Calls()
    tokens = Tokens(world.app, clock)
    saying = Saying(world)
    rooms = (
        Discovery(world.app, tickets, connections, config),
        Sockets(connections, tickets, push, config),
        tokens,
        Bot(world.app, tokens),
        BotMessages(world, tokens, Uuids(clock, options.keep)),
        Completions(Pace(options.first_token_delay, options.tokens_per_second)),
        UserMessages(world, saying, push),
        Answers(world.messages, deliveries),
        Events(connections, push),
        Records(world, connections, deliveries, calls),
        Feed(world.messages),
        Page(),
    )
    app = web.Application(
        middlewares=[calls.middleware, refusals.middleware], client_max_size=LARGEST_BODY
    )
    for room in rooms:
        app.add_routes(room.routes())
    app.on_shutdown.append(lambda _: _close(connections))
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


async def _close(connections: Connections) -> None:
    await connections.close_all(NORMAL_CLOSURE)
