"""The numbers of a worker, for Prometheus."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from shared.telemetry import of_worker as declared
from shared.telemetry.of_ingress import REDIS_UP

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.feishu.quota import Quota
    from workers.health import Health


def watch_quota(registry: CollectorRegistry, quota: Quota) -> None:
    """Add what is known of the month's calls."""
    declared.CALLS_OF_MONTH.watch(registry, lambda: quota.used)
    if quota.calls_a_month is not None:
        declared.CALLS_LEFT.watch(registry, lambda: quota.left or 0)
    declared.SPENDING.watch(registry, lambda: quota.spending)


def feedback(registry: CollectorRegistry) -> Callable[[str], None]:
    """Add a counter of what people think of answers; return what counts a verdict."""
    counter = declared.FEEDBACK.on(registry)
    return lambda verdict: counter.labels(verdict).inc()


def metrics(health: Health) -> CollectorRegistry:
    """Return gauges that say what `health` knows whenever they are asked."""
    registry = CollectorRegistry()
    declared.RUNNING.watch(registry, health.running)
    declared.PLACES.watch(registry, lambda: health.places)
    declared.READY.watch(registry, lambda: not health.reasons)
    REDIS_UP.watch(registry, lambda: health.answers_since is not None)
    declared.LAST_HEARD_AGE.watch(registry, lambda: time.monotonic() - health.heard)
    return registry
