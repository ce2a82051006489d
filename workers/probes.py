"""HTTP for those who watch a worker: `/livez`, `/readyz`, `/metrics`."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from workers.health import Health


@asynccontextmanager
async def served(health: Health, *, host: str, port: int) -> AsyncIterator[None]:
    """Serve the probes until the end of the block, on the loop that runs the turns.

    Raises:
        ConfigurationError: the port is taken.
    """
    registry = _numbers(health)

    async def livez(_: web.Request) -> web.Response:
        return _json("alive", health.ailments)

    async def readyz(_: web.Request) -> web.Response:
        return _json("ready", health.reasons)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    app = web.Application()
    app.add_routes([web.get("/livez", livez), web.get("/readyz", readyz)])
    app.add_routes([web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigurationError(
            f"LARKSPUR_WORKER__PORT: cannot listen on {host}:{port}: {error.strerror}"
        ) from error
    try:
        yield
    finally:
        await runner.cleanup()


def _json(question: str, reasons: dict[str, str]) -> web.Response:
    body = orjson.dumps({question: not reasons, "reasons": reasons})
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    return web.Response(body=body, status=status, content_type="application/json")


def _numbers(health: Health) -> CollectorRegistry:
    registry = CollectorRegistry()

    def watch(name: str, says: str, read: Callable[[], float]) -> None:
        Gauge(f"larkspur_{name}", says, registry=registry).set_function(read)

    watch("worker_turns", "Turns that run", health.running)
    watch("worker_places", "Turns that may run at once", lambda: health.places)
    watch("worker_ready", "1 while it takes turns", lambda: not health.reasons)
    watch("redis_up", "1 while Redis takes writes", lambda: health.answers_since is not None)
    watch(
        "worker_last_heard_age_seconds",
        "Since Redis last answered the consumer, which does not ask while no place is free",
        lambda: time.monotonic() - health.heard,
    )
    return registry
