"""The ingress in numbers, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ingress.health import age

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingress.health import Health

_ACK_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_BATCH: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """Counted where it happens; ages are read from `Health` when Prometheus asks."""

    def __init__(self, health: Health) -> None:
        self.registry = CollectorRegistry()
        self.deliveries = Counter(
            "larkspur_deliveries",
            "Deliveries by event type (those kept by name, other, unreadable) and their fate",
            ["event_type", "verdict"],
            registry=self.registry,
        )
        self.rejected = Counter(
            "larkspur_rejected",
            "Input that no retry could make readable, by reason",
            ["reason"],
            registry=self.registry,
        )
        self.instant = Counter(
            "larkspur_instant_answers",
            "Callbacks that a declared function answered, or not: answered, late, failed",
            ["event_type", "fate"],
            registry=self.registry,
        )
        self.reconnects = Counter(
            "larkspur_reconnects",
            "Connections that ended or could not be made, by cause",
            ["cause"],
            registry=self.registry,
        )
        self.ack_seconds = Histogram(
            "larkspur_ack_seconds",
            "From the whole frame to its ack",
            buckets=_ACK_SECONDS,
            registry=self.registry,
        )
        self.batch = Histogram(
            "larkspur_batch_size",
            "Events stored in one step",
            buckets=_BATCH,
            registry=self.registry,
        )
        redis = health.side("redis")  # every ingress has it, and only some of the others
        self._watch("larkspur_redis_up", "1 while Redis takes writes", lambda: redis.ready)
        self._watch(
            "larkspur_connected", "1 while the socket is up", lambda: health.ready("socket")
        )
        self._watch(
            "larkspur_listening",
            "1 while the webhook takes requests",
            lambda: health.ready("webhook"),
        )
        self._watch(
            "larkspur_last_frame_age_seconds", "Since any frame", lambda: age(health.last_frame)
        )
        self._watch(
            "larkspur_last_pong_age_seconds", "Since the last pong", lambda: age(health.last_pong)
        )

    def _watch(self, name: str, says: str, read: Callable[[], float]) -> None:
        Gauge(name, says, registry=self.registry).set_function(read)
