"""Nothing private leaves in a trace: of every span only what is known to be an id or a number.

Spans of other libraries come this way too. Those of pydantic-ai are told to hold no content, but
what a provider says in an error may quote a user, and its tools are described in the team's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

_OURS: Final = "larkspur."
_NUMBERS: Final = ("gen_ai.usage.", "gen_ai.aggregated_usage.")
_KNOWN: Final = frozenset(
    {
        "error.type",
        "gen_ai.operation.name",
        "gen_ai.provider.name",
        "gen_ai.request.model",
        "gen_ai.response.model",
        "gen_ai.response.finish_reasons",
        "gen_ai.tool.name",
        "server.address",
        "server.port",
    }
)


class Discreet(SpanExporter):
    """Sends spans on without their events, their words on an error, and all other attributes."""

    def __init__(self, further: SpanExporter) -> None:
        self._further = further

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._further.export([_bare(span) for span in spans])

    def shutdown(self) -> None:
        self._further.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._further.force_flush(timeout_millis)


def _bare(span: ReadableSpan) -> ReadableSpan:
    attributes = {
        name: value
        for name, value in (span.attributes or {}).items()
        if name in _KNOWN or name.startswith((_OURS, *_NUMBERS))
    }
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
