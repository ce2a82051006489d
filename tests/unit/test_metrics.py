"""What is declared, what processes have, and what docs/metrics.md tells of are the same."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from ingress.health import Health as IngressHealth
from ingress.metrics import Metrics
from shared.errors import FeishuRateLimited, FeishuRejected, FeishuUnavailable
from shared.feishu.call import Call
from shared.feishu.known_calls import code_of, label_of
from shared.telemetry.calls import Calls
from shared.telemetry.of_beat import BEATS, OF_BEAT
from shared.telemetry.of_ingress import OF_INGRESS
from shared.telemetry.of_worker import OF_WORKER
from shared.telemetry.turns import TurnMetrics
from workers.health import Health
from workers.metrics import feedback, metrics, watch_quota
from workers.policy.counters import Counters
from workers.pulse import Pulse
from workers.responders.timed import Timed

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(larkspur_\w+)` \| (\w+) \|([^|]*)\|", re.MULTILINE)


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """Take the watch off: these tests have no loop, and a process's own numbers are read."""


def test_ingress_has_what_is_declared() -> None:
    assert shown(Metrics(IngressHealth()).registry) == {each.shown for each in OF_INGRESS}


def test_worker_has_what_is_declared() -> None:
    registry = metrics(Health(lambda: 0, places=1))
    quota = SimpleNamespace(used=1, calls_a_month=2, left=1, spending=0)
    watch_quota(registry, cast("Any", quota))
    feedback(registry)
    TurnMetrics(registry)
    Calls(registry)
    Counters(registry, tuple)
    Timed(cast("Any", None), ("a",), registry)

    assert shown(registry) == {each.shown for each in OF_WORKER}


def test_beat_has_what_is_declared() -> None:
    assert shown(Pulse().metrics()) == {each.shown for each in OF_BEAT}


def test_document_tells_of_every_metric_its_type_and_labels() -> None:
    told = {
        (name, kind, tuple(re.findall(r"`(\w+)`", labels)))
        for name, kind, labels in ROW.findall((ROOT / "docs/metrics.md").read_text())
    }

    assert told == {
        (each.shown, each.kind, each.labels) for each in (*OF_INGRESS, *OF_WORKER, BEATS)
    }


@pytest.mark.parametrize("metric", [*OF_INGRESS, *OF_WORKER], ids=lambda metric: metric.shown)
def test_unit_of_a_histogram_is_in_its_name(metric: Any) -> None:
    assert metric.kind != "histogram" or metric.shown.endswith(("_seconds", "_size"))


def test_call_that_nobody_knows_is_another() -> None:
    ours = Call("POST", "/open-apis/im/v1/messages/:message_id/reply")
    theirs = Call("GET", "/open-apis/drive/v1/files/secret")

    assert (label_of(ours), label_of(theirs)) == (str(ours), "other")


def test_code_that_nobody_knows_is_another() -> None:
    assert code_of(FeishuRejected(230011, "recalled")) == "230011"
    assert code_of(FeishuRejected(987654, "news")) == "other"
    assert code_of(FeishuRateLimited("slower", code=99991400)) == "99991400"
    assert code_of(FeishuUnavailable("nothing")) == "none"


def shown(registry: CollectorRegistry) -> set[str]:
    """Return the names that Prometheus would store of what is ours."""
    found = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in registry.collect()
    }
    return {name for name in found if name.startswith("larkspur_")}
