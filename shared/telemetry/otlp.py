"""Spans as OpenTelemetry has them, sent as OTLP over HTTP by a thread of their own.

A trace is found again by every process from what its delivery came with, so no `traceparent`
travels: its id is that `trace_id` if that is one already, else a hash of it, and its first span,
which the ingress makes, has an id that follows from it.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

from shared.telemetry.discretion import Discreet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.context import Context

    from shared.telemetry.spans import Id

_PATH: Final = "/v1/traces"
_PATIENCE: Final = 3.0
_IS_ONE: Final = re.compile(r"(?!0{32})[0-9a-f]{32}")


def opened(endpoint: str, *, ratio: float, role: str) -> OpenTelemetry:
    """Return what sends spans to a collector; further headers are named as OTLP has it.

    That is in `OTEL_EXPORTER_OTLP_HEADERS`, for they may hold a key.
    """
    url = endpoint if endpoint.endswith(_PATH) else f"{endpoint.rstrip('/')}{_PATH}"
    exporter = Discreet(OTLPSpanExporter(endpoint=url, timeout=_PATIENCE))
    return OpenTelemetry(BatchSpanProcessor(exporter), ratio=ratio, role=role)


class OpenTelemetry:
    """A `Tracer` of one process."""

    def __init__(self, sending: SpanProcessor, *, ratio: float, role: str) -> None:
        kept = TraceIdRatioBased(ratio)
        self._ids = _Ids()
        self._sending = sending
        provider = TracerProvider(
            sampler=ParentBased(kept, remote_parent_sampled=kept),
            resource=Resource.create({"service.name": f"larkspur-{role}"}),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        provider.add_span_processor(sending)
        trace.set_tracer_provider(provider)  # for pydantic-ai, which has spans of its own
        self._tracer = provider.get_tracer("larkspur")

    def arrived(self, trace_id: str, since: float, ids: Mapping[str, Id]) -> None:
        self._ids.next = _first(trace_id)
        span = self._tracer.start_span(
            "accept",
            context=trace.set_span_in_context(trace.INVALID_SPAN),
            kind=SpanKind.CONSUMER,
            start_time=_nanoseconds(since),
            attributes=_attributes(ids),
        )
        span.end()

    @contextmanager
    def turn(self, trace_id: str, since: float, ids: Mapping[str, Id]) -> Iterator[_Step]:
        first = _context(trace_id)
        waited = self._tracer.start_span("wait", context=first, start_time=_nanoseconds(since))
        waited.end()
        with self._step("turn", ids, kind=SpanKind.CONSUMER, context=first) as step:
            yield step

    @contextmanager
    def span(self, name: str, ids: Mapping[str, Id]) -> Iterator[_Step]:
        with self._step(name, ids, kind=SpanKind.CLIENT) as step:
            yield step

    def close(self, seconds: float) -> None:
        """Send what is left, for so long at most. Blocks."""
        last = threading.Thread(target=self._sending.shutdown, daemon=True)
        last.start()
        last.join(seconds)  # a collector that is away is not waited for

    @contextmanager
    def _step(
        self, name: str, ids: Mapping[str, Id], *, kind: SpanKind, context: Context | None = None
    ) -> Iterator[_Step]:
        with self._tracer.start_as_current_span(
            name,
            context=context,
            kind=kind,
            attributes=_attributes(ids),
            record_exception=False,  # what it says may quote a user
            set_status_on_exception=False,
        ) as span:
            try:
                yield _Step(span)
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise


class _Step:
    """A `Span`."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, **ids: Id) -> None:
        self._span.set_attributes(_attributes(ids))


class _Ids(RandomIdGenerator):
    """Random ids, but for the one span that is told which it is to have, on the loop's thread."""

    next: tuple[int, int] | None = None

    def generate_span_id(self) -> int:
        span_id = super().generate_span_id()
        if self.next is not None:
            (_, span_id), self.next = self.next, None
        return span_id

    def generate_trace_id(self) -> int:
        return super().generate_trace_id() if self.next is None else self.next[0]


def _first(trace_id: str) -> tuple[int, int]:
    """Return the ids of a trace and of its first span."""
    told = trace_id.lower()
    hashed = blake2b(told.encode(), digest_size=24).digest()
    known = int(told, 16) if _IS_ONE.fullmatch(told) else int.from_bytes(hashed[8:])
    return known, int.from_bytes(hashed[:8])


def _context(trace_id: str) -> Context:
    """Return what a span is begun in that follows on the first one of its trace."""
    known, first = _first(trace_id)
    sampled = TraceFlags(TraceFlags.SAMPLED)  # whether it is depends on its id, for all alike
    parent = SpanContext(known, first, is_remote=True, trace_flags=sampled)
    return trace.set_span_in_context(NonRecordingSpan(parent))


def _attributes(ids: Mapping[str, Id]) -> dict[str, Id]:
    return {f"larkspur.{name}": value for name, value in ids.items()}


def _nanoseconds(moment: float) -> int:
    return min(int(moment * 1_000_000_000), time.time_ns())
