"""The ingress in numbers, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ingress.health import age

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingress.health import Health

_ACK_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_BATCH: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """Counted where it happens; ages are read from `Health` when Prometheus asks."""

    def __init__(self, health: Health) -> None:
        self.registry = CollectorRegistry()
        self.deliveries = self._counter(
            "deliveries",
            "Deliveries by event type (those kept by name, other, unreadable) and their fate",
            "event_type",
            "verdict",
        )
        self.rejected = self._counter(
            "rejected", "Input that no retry could make readable, by reason", "reason"
        )
        self.instant = self._counter(
            "instant_answers",
            "Callbacks that a declared function answered, or not: answered, late, failed",
            "event_type",
            "fate",
        )
        self.reconnects = self._counter(
            "reconnects", "Connections that ended or could not be made, by cause", "cause"
        )
        self.ack_seconds = self._histogram(
            "ack_seconds", "From the whole frame to its ack", _ACK_SECONDS
        )
        self.batch = self._histogram("batch_size", "Events stored in one step", _BATCH)
        self._watch_health(health)

    def _watch_health(self, health: Health) -> None:
        redis = health.side("redis")  # every ingress has it, and only some of the others
        self._watch("redis_up", "1 while Redis takes writes", lambda: redis.ready)
        self._watch("connected", "1 while the socket is up", lambda: health.ready("socket"))
        self._watch("listening", "1 while the webhook listens", lambda: health.ready("webhook"))
        self._watch("last_frame_age_seconds", "Since any frame", lambda: age(health.last_frame))
        self._watch("last_pong_age_seconds", "Since the last pong", lambda: age(health.last_pong))

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"larkspur_{name}", says, labels, registry=self.registry)

    def _histogram(self, name: str, says: str, buckets: Sequence[float]) -> Histogram:
        return Histogram(f"larkspur_{name}", says, buckets=buckets, registry=self.registry)

    def _watch(self, name: str, says: str, read: Callable[[], float]) -> None:
        Gauge(f"larkspur_{name}", says, registry=self.registry).set_function(read)
