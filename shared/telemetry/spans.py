"""Spans: how long each step of an event's way takes, in one trace from its frame to its answer.

Ids alone are put on them. Until somebody wants traces (`tracing.py`) they cost next to nothing,
and OpenTelemetry is not imported.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

Id = str | int | float


class Span(Protocol):
    """A step under way."""

    def note(self, **ids: Id) -> None:
        """Put more ids on it."""


class Tracer(Protocol):
    """Who keeps spans."""

    def arrived(self, trace_id: str, since: float, ids: dict[str, Id], /) -> None: ...
    def turn(
        self, trace_id: str, since: float, ids: dict[str, Id], /
    ) -> AbstractContextManager[Span]: ...
    def span(self, name: str, ids: dict[str, Id], /) -> AbstractContextManager[Span]: ...


class _Nothing:
    """A step that nobody looks at."""

    def note(self, **ids: Id) -> None:
        pass


class _Chosen:
    tracer: Tracer | None = None


_NOTHING: Final = nullcontext(_Nothing())


def choose(tracer: Tracer | None) -> None:
    """Have this process's spans kept from now on, or, with None, no longer."""
    _Chosen.tracer = tracer


def are_kept() -> bool:
    """Whether anybody looks at spans."""
    return _Chosen.tracer is not None


def arrived(trace_id: str, since: float, /, **ids: Id) -> None:
    """Note that an event was stored and acked; it had arrived at `since`, in Unix seconds.

    Its trace begins so. `trace_id` is what its delivery came with: all else follows from that, so
    nothing but that travels with it through Redis and Celery.
    """
    if _Chosen.tracer is not None:
        _Chosen.tracer.arrived(trace_id, since, ids)


def turn(trace_id: str, since: float, /, **ids: Id) -> AbstractContextManager[Span]:
    """Note a turn about an event that arrived at `since`; what it waited is a span of its own."""
    if _Chosen.tracer is None:
        return _NOTHING
    return _Chosen.tracer.turn(trace_id, since, ids)


def span(name: str, /, **ids: Id) -> AbstractContextManager[Span]:
    """Note a step of the turn that this is a part of; what it raises is noted by its type."""
    if _Chosen.tracer is None:
        return _NOTHING
    return _Chosen.tracer.span(name, ids)
