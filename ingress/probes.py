"""HTTP for those who watch: `/livez`, `/readyz`, `/metrics`."""

from __future__ import annotations

from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ingress.health import Health
    from ingress.metrics import Metrics


@asynccontextmanager
async def served(health: Health, metrics: Metrics, *, host: str, port: int) -> AsyncIterator[None]:
    """Serve the probes until the end of the block.

    Raises:
        ConfigurationError: the port is taken.
    """

    async def livez(_: web.Request) -> web.Response:
        if reasons := health.ailments:
            return _json({"alive": False, "reasons": reasons}, HTTPStatus.SERVICE_UNAVAILABLE)
        return _json({"alive": True, "reasons": {}}, HTTPStatus.OK)

    async def readyz(_: web.Request) -> web.Response:
        if reasons := health.reasons:
            return _json({"ready": False, "reasons": reasons}, HTTPStatus.SERVICE_UNAVAILABLE)
        return _json({"ready": True, "reasons": {}}, HTTPStatus.OK)

    async def numbers(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    app = web.Application()
    app.add_routes([web.get("/livez", livez), web.get("/readyz", readyz)])
    app.add_routes([web.get("/metrics", numbers)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigurationError(
            f"LARKSPUR_INGRESS__PORT: cannot listen on {host}:{port}: {error.strerror}"
        ) from error
    try:
        yield
    finally:
        await runner.cleanup()


def _json(body: dict[str, object], status: HTTPStatus) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")
