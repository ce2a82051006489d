"""The calls of the Open API in numbers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shared.telemetry.of_worker import FEISHU_CALL, FEISHU_CALLS, GATE_WAIT

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class Calls:
    """Counts them. Names of APIs and codes are to be bounded by whoever tells of them."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        """Without a registry nobody sees the numbers."""
        # An answer takes a dozen calls, and to find a child costs more than to count with it.
        self._count = cache(FEISHU_CALLS.on(registry).labels)
        self._seconds = cache(FEISHU_CALL.on(registry).labels)
        self._wait = cache(GATE_WAIT.on(registry).labels)

    def waited(self, priority: str, seconds: float) -> None:
        self._wait(priority).observe(seconds)

    def answered(self, api: str, code: str, seconds: float) -> None:
        self._count(api, code).inc()
        self._seconds(api).observe(seconds)
