"""A metric as it is declared: its name and meaning, before any process has numbers for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client import CollectorRegistry

PREFIX: Final = "larkspur_"

SOON: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Bounds in seconds for what the platform waits for."""

LATER: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)
"""Bounds in seconds for what a person waits for."""

OTHER: Final = "other"
"""Stands for every value that may not be a label, so that there are never too many of them."""


@dataclass(frozen=True, slots=True)
class Metric:
    """`name` bears its unit, but neither the prefix nor what its kind adds."""

    name: str
    says: str
    labels: tuple[str, ...] = ()

    kind: ClassVar[str]

    @property
    def shown(self) -> str:
        """The name that Prometheus stores it under."""
        return f"{PREFIX}{self.name}"


@dataclass(frozen=True, slots=True)
class Count(Metric):
    """Only grows."""

    kind: ClassVar[str] = "counter"

    @property
    def shown(self) -> str:
        return f"{PREFIX}{self.name}_total"

    def on(self, registry: CollectorRegistry | None) -> Counter:
        """Have it counted; without a registry by nobody."""
        return Counter(f"{PREFIX}{self.name}", self.says, self.labels, registry=registry)


@dataclass(frozen=True, slots=True)
class Level(Metric):
    """Goes up and down."""

    kind: ClassVar[str] = "gauge"

    def on(self, registry: CollectorRegistry | None) -> Gauge:
        """Have it set; without a registry for nobody."""
        return Gauge(self.shown, self.says, self.labels, registry=registry)

    def watch(self, registry: CollectorRegistry, read: Callable[[], float]) -> None:
        """Have it read whenever Prometheus asks."""
        self.on(registry).set_function(read)


@dataclass(frozen=True, slots=True)
class Spread(Metric):
    """How values are distributed, in buckets up to `bounds`."""

    bounds: tuple[float, ...] = LATER

    kind: ClassVar[str] = "histogram"

    def on(self, registry: CollectorRegistry | None) -> Histogram:
        """Have it observed; without a registry by nobody."""
        return Histogram(self.shown, self.says, self.labels, buckets=self.bounds, registry=registry)
