"""The ingress in numbers, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from ingress.health import age
from shared.telemetry import of_ingress as declared

if TYPE_CHECKING:
    from ingress.health import Health


class Metrics:
    """Counted where it happens; ages are read from `Health` when Prometheus asks."""

    def __init__(self, health: Health) -> None:
        self.registry = registry = CollectorRegistry()
        self.deliveries = declared.DELIVERIES.on(registry)
        self.rejected = declared.REJECTED.on(registry)
        self.instant = declared.INSTANT_ANSWERS.on(registry)
        self.reconnects = declared.RECONNECTS.on(registry)
        self.ack_seconds = declared.ACK.on(registry)
        self.batch = declared.BATCH.on(registry)
        self.depth = declared.QUEUE_DEPTH.on(registry)
        self.oldest_age = declared.QUEUE_OLDEST_AGE.on(registry)
        self.conversations = declared.CONVERSATIONS.on(registry)
        self.dead_letters = declared.DEAD_LETTERS.on(registry)
        self._watch(health)

    def _watch(self, health: Health) -> None:
        registry = self.registry
        redis = health.side("redis")  # every ingress has it, and only some of the others
        declared.REDIS_UP.watch(registry, lambda: redis.ready)
        declared.CONNECTED.watch(registry, lambda: health.ready("socket"))
        declared.LISTENING.watch(registry, lambda: health.ready("webhook"))
        declared.LAST_FRAME_AGE.watch(registry, lambda: age(health.last_frame))
        declared.LAST_PONG_AGE.watch(registry, lambda: age(health.last_pong))
