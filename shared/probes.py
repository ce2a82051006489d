"""HTTP for those who watch a process: `/livez`, `/readyz`, `/metrics`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

import orjson
from aiohttp import web
from prometheus_client import ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from prometheus_client import CollectorRegistry


class Watched(Protocol):
    """What a process knows of its own health. Whoever has no reason against it is well."""

    @property
    def ailments(self) -> dict[str, str]:
        """Why only a new process could help."""

    @property
    def reasons(self) -> dict[str, str]:
        """Why it is not ready."""


@asynccontextmanager
async def served(
    health: Watched, registry: CollectorRegistry, *, setting: str, host: str, port: int | None
) -> AsyncIterator[None]:
    """Serve the probes until the end of the block, without a port nowhere.

    `setting` is what named the port.

    Raises:
        ConfigurationError: the port is taken.
    """
    if port is None:
        yield
        return
    await asyncio.to_thread(ProcessCollector, registry=registry)  # it reads /proc, now and later

    async def livez(_: web.Request) -> web.Response:
        return _json("alive", health.ailments)

    async def readyz(_: web.Request) -> web.Response:
        return _json("ready", health.reasons)

    async def metrics(_: web.Request) -> web.Response:
        numbers = await asyncio.to_thread(generate_latest, registry)  # it reads /proc
        return web.Response(body=numbers, headers={"Content-Type": CONTENT_TYPE_LATEST})

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
            f"{setting}: cannot listen on {host}:{port}: {error.strerror}"
        ) from error
    try:
        yield
    finally:
        await runner.cleanup()


def _json(question: str, reasons: dict[str, str]) -> web.Response:
    body = orjson.dumps({question: not reasons, "reasons": reasons})
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    return web.Response(body=body, status=status, content_type="application/json")
