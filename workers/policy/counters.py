"""The numbers of the policy, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.telemetry.metric import OTHER
from shared.telemetry.of_worker import DOLLARS, REFUSALS, TOKENS
from workers.policy.money import dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from prometheus_client import CollectorRegistry

    from shared.model.usage import Usage
    from workers.policy.admission import Reason


class Counters:
    """Tokens and money by model, refusals by reason.

    A provider may name its model what it likes; only what somebody has configured is a label.
    """

    def __init__(self, registry: CollectorRegistry, models: Callable[[], Container[str]]) -> None:
        """`models` returns the names that may be labels now."""
        self._models = models
        self._tokens = TOKENS.on(registry)
        self._dollars = DOLLARS.on(registry)
        self._refusals = REFUSALS.on(registry)

    def used(self, usage: Usage) -> None:
        model = usage.model if usage.model in self._models() else OTHER
        self._tokens.labels(model, "read").inc(usage.read)
        self._tokens.labels(model, "wrote").inc(usage.wrote)
        self._dollars.labels(model).inc(dollars(usage.price))

    def refused(self, reason: Reason) -> None:
        self._refusals.labels(reason).inc()
