"""The source to which events are posted, in any number of replicas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from ingress.sources.webhook.application import Application
from ingress.sources.webhook.gate import Gate
from ingress.sources.webhook.server import Server, listening

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.source import Delivery
    from shared.settings import Webhook as Settings

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Webhook:
    """An HTTP server; a proxy in front of it ends TLS."""

    def __init__(self, settings: Settings, metrics: Metrics, health: Health) -> None:
        self._settings = settings
        self._metrics = metrics
        self._side = health.side("webhook")
        self._gate = Gate(settings)
        self._server: Server | None = None
        self._left = False

    async def run(self, take: Callable[[Delivery], None]) -> None:
        """Hand every event to `take`, until left.

        Raises:
            ConfigurationError: the port is taken.
        """
        if self._left:
            return
        settings = self._settings
        if not (settings.encrypt_key or settings.verification_token):
            log.warning("webhook.insecure")
        with listening(settings.host, settings.port) as listener:
            self._server = Server(Application(settings, self._gate, self._metrics, take))
            self._side.up()
            log.info("webhook.listening", host=settings.host, port=settings.port)
            try:
                await self._server.serve([listener])
            finally:
                self._side.down("left")

    def leave(self) -> None:
        """Stop listening; what comes until then is still taken, and all of it is answered."""
        self._left = True
        self._side.down("leaving")
        if self._server is not None:
            self._server.leave()
