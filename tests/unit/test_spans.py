from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.errors import ConfigurationError
from shared.telemetry import spans
from shared.telemetry.discretion import Discreet
from shared.telemetry.otlp import OpenTelemetry
from shared.telemetry.tracing import traced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opentelemetry.sdk.trace import ReadableSpan

TRACE = "0123456789abcdef0123456789abcdef"
SAID = "the merger is on friday"


@pytest.fixture
def kept() -> Iterator[Callable[..., InMemorySpanExporter]]:
    """Have spans kept, and return what keeps them."""

    def keep(*, ratio: float = 1.0) -> InMemorySpanExporter:
        exporter = InMemorySpanExporter()
        spans.choose(
            OpenTelemetry(SimpleSpanProcessor(Discreet(exporter)), ratio=ratio, role="test")
        )
        return exporter

    yield keep
    spans.choose(None)


def test_turn_elsewhere_follows_on_the_frame(kept: Callable[..., InMemorySpanExporter]) -> None:
    here = kept()
    spans.arrived(TRACE, time.time(), event_id="e")
    there = kept()
    with spans.turn(TRACE, time.time(), fence=1), spans.span("POST /x"):
        pass

    (accept,) = here.get_finished_spans()
    wait, call, turn = there.get_finished_spans()

    assert {hex_of(each) for each in (accept, wait, call, turn)} == {TRACE}
    assert accept.parent is None
    assert parent(turn) == parent(wait) == accept.context.span_id
    assert parent(call) == turn.context.span_id


@pytest.mark.parametrize("told", ["", "21F0A-short", "0" * 32, "z" * 32])
def test_what_is_no_trace_id_becomes_one_and_always_the_same(
    told: str, kept: Callable[..., InMemorySpanExporter]
) -> None:
    exporter = kept()

    spans.arrived(told, time.time())
    spans.arrived(told, time.time())

    first, second = map(hex_of, exporter.get_finished_spans())
    assert first == second
    assert int(first, 16)


def test_nothing_that_was_said_leaves_with_a_fault(
    kept: Callable[..., InMemorySpanExporter],
) -> None:
    exporter = kept()

    with pytest.raises(ValueError, match=SAID), spans.turn(TRACE, time.time()):
        raise ValueError(SAID)

    turn = exporter.get_finished_spans()[-1]
    assert SAID not in turn.to_json()
    assert dict(turn.attributes or {}) == {"error.type": "ValueError"}
    assert not turn.status.is_ok


def test_attributes_and_events_that_nobody_vouches_for_are_dropped(
    kept: Callable[..., InMemorySpanExporter],
) -> None:
    exporter = kept()
    from opentelemetry import trace  # noqa: PLC0415 - the span of another library

    with spans.turn(TRACE, time.time(), fence=1):
        current = trace.get_current_span()
        current.set_attribute("gen_ai.input.messages", SAID)
        current.set_attribute("gen_ai.usage.input_tokens", 7)
        current.add_event(SAID, {"body": SAID})

    turn = exporter.get_finished_spans()[-1]
    assert SAID not in turn.to_json()
    assert dict(turn.attributes or {}) == {"larkspur.fence": 1, "gen_ai.usage.input_tokens": 7}


def test_trace_that_is_not_kept_is_kept_by_nobody(
    kept: Callable[..., InMemorySpanExporter],
) -> None:
    exporter = kept(ratio=0.0)

    spans.arrived(TRACE, time.time())
    with spans.turn(TRACE, time.time()), spans.span("POST /x"):
        pass

    assert exporter.get_finished_spans() == ()


def test_who_wants_no_traces_does_not_import_what_sends_them() -> None:
    asked = "import sys, ingress.app, workers.bootstrap; print(*sys.modules)"

    ended = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)

    assert "shared.telemetry.tracing" in ended.stdout.decode()
    assert "opentelemetry.exporter" not in ended.stdout.decode()


async def test_traces_that_are_not_installed_are_a_matter_of_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "shared.telemetry.otlp", None)

    with pytest.raises(ConfigurationError, match=r"larkspur-bot\[traces\]"):
        async with traced("http://127.0.0.1:4318", ratio=1.0, role="test"):
            pass


def hex_of(span: ReadableSpan) -> str:
    return f"{span.context.trace_id:032x}"


def parent(span: ReadableSpan) -> int:
    assert span.parent is not None
    return span.parent.span_id
