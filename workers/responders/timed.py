"""A responder, timed: until its first word, and until the end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from shared.errors import LarkspurError
from shared.telemetry.metric import OTHER
from shared.telemetry.of_worker import MODEL, MODEL_FIRST
from shared.telemetry.spans import span
from workers.responders.responder import Pause

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from prometheus_client import CollectorRegistry

    from shared.model.progress import Progress
    from workers.responders.responder import Answer, Query, Responder


class Timed:
    """A `Responder` that notes what the one within it takes."""

    def __init__(
        self, within: Responder, models: Collection[str], registry: CollectorRegistry | None = None
    ) -> None:
        """Only `models` are labels; the first of them answers who asks for none."""
        self._within = within
        self._models = models
        self._default = next(iter(models), OTHER)
        self._first = MODEL_FIRST.on(registry)
        self._whole = MODEL.on(registry)

    async def answer(self, query: Query, revise: Callable[[Progress], None]) -> Answer | Pause:
        """Answer as the one within does; see `Responder.answer`."""
        model = query.model or self._default
        model = model if model in self._models else OTHER
        begun, ended = time.monotonic(), "interrupted"
        first = 0.0

        def revised(progress: Progress) -> None:
            nonlocal first
            if not first:
                first = time.monotonic() - begun
                self._first.labels(model).observe(first)
            revise(progress)

        try:
            with span("model", model=model):
                reached = await self._within.answer(query, revised)
            ended = "paused" if isinstance(reached, Pause) else "answered"
        except LarkspurError as fault:
            ended = type(fault).__name__
            raise
        finally:
            self._whole.labels(model, ended).observe(time.monotonic() - begun)
        return reached
