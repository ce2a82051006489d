"""What scales and watches asks for numbers that there are, at ports that there are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import yaml

from shared.model.queue import QUEUES
from shared.settings import Worker
from shared.telemetry.of_ingress import OF_INGRESS
from tests.unit.kubernetes.installation import MANIFESTS, Installation, installed
from tests.unit.kubernetes.traffic import selects

if TYPE_CHECKING:
    from tests.unit.kubernetes.installation import Object

LABELS = {metric.shown: {*metric.labels, "namespace"} for metric in OF_INGRESS}
ASKED = re.compile(r"(larkspur_\w+)\{([^}]*)\}")
LABEL = re.compile(r"(\w+)=~?\"")
OUR_ALERTS = yaml.safe_load((MANIFESTS / "monitoring/alerts.yaml").read_text())
ADAPTER = yaml.safe_load((MANIFESTS / "components/hpa/adapter.yaml").read_text())


@pytest.fixture
def keda() -> Installation:
    return installed("prod with KEDA")


@pytest.fixture
def hpa() -> Installation:
    return installed("prod with an HPA")


def test_keda_asks_for_the_backlog_and_for_the_age_of_each_queue(keda: Installation) -> None:
    for queue in QUEUES:
        scaled = keda.called("ScaledObject", f"worker-{queue}")["spec"]
        asked = [trigger["metadata"]["query"] for trigger in scaled["triggers"]]
        names = [ASKED.findall(query)[0][0] for query in asked]

        assert names == ["larkspur_conversations", "larkspur_queue_oldest_age_seconds"]
        assert all(f'queue="{queue}"' in query for query in asked)
        assert keda.called("Deployment", scaled["scaleTargetRef"]["name"])


def test_keda_asks_by_labels_that_there_are(keda: Installation) -> None:
    for query in queries(keda):
        ((name, labels),) = ASKED.findall(query)
        assert {*LABEL.findall(labels)} <= LABELS[name], query


def test_keda_goes_on_without_prometheus(keda: Installation) -> None:
    for scaled in keda.of_kind("ScaledObject"):
        spec = scaled["spec"]
        assert spec["fallback"]["replicas"] >= spec["minReplicaCount"] >= 1
        kinds = {trigger["metricType"] for trigger in spec["triggers"]}
        assert "AverageValue" in kinds  # KEDA refuses a fallback without any


def test_an_hpa_asks_for_what_the_adapter_makes(hpa: Installation) -> None:
    made = {rule["name"]["as"] for rule in ADAPTER["rules"]["external"]}

    for queue in QUEUES:
        spec = hpa.called("HorizontalPodAutoscaler", f"worker-{queue}")["spec"]
        asked = {it["external"]["metric"]["name"] for it in spec["metrics"]}
        assert asked == made
        for it in spec["metrics"]:
            assert it["external"]["metric"]["selector"] == {"matchLabels": {"queue": queue}}


def test_the_adapter_makes_it_of_metrics_that_there_are() -> None:
    for rule in ADAPTER["rules"]["external"]:
        series = rule["seriesQuery"].split("{")[0]
        asked = rule["metricsQuery"].replace("<<.LabelMatchers>>", 'queue="turns"')
        ((name, labels),) = ASKED.findall(asked)
        assert name == series
        assert {*LABEL.findall(labels)} <= LABELS[name]


def test_both_scalers_want_the_same(keda: Installation, hpa: Installation) -> None:
    for queue in QUEUES:
        by_keda = keda.called("ScaledObject", f"worker-{queue}")["spec"]
        by_hpa = hpa.called("HorizontalPodAutoscaler", f"worker-{queue}")["spec"]
        thresholds = [it["metadata"]["threshold"] for it in by_keda["triggers"]]
        targets = [it["external"]["target"] for it in by_hpa["metrics"]]

        assert [it.get("averageValue", it.get("value")) for it in targets] == thresholds
        assert by_keda["minReplicaCount"] == by_hpa["minReplicas"]
        assert by_keda["maxReplicaCount"] == by_hpa["maxReplicas"]
        behavior = by_keda["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
        assert behavior == by_hpa["behavior"]


def test_more_workers_are_wanted_before_their_places_are_full(keda: Installation) -> None:
    places = Worker.model_fields["concurrency"].default

    for scaled in keda.of_kind("ScaledObject"):
        backlog = scaled["spec"]["triggers"][0]["metadata"]["threshold"]
        assert int(backlog) < places


def test_pods_are_watched_at_ports_that_they_have(keda: Installation) -> None:
    watched = set()
    for monitor in keda.of_kind("PodMonitor"):
        ports = {endpoint["port"] for endpoint in monitor["spec"]["podMetricsEndpoints"]}
        for pod in keda.pods:
            if selects(monitor["spec"]["selector"], pod.labels):
                assert ports <= {*pod.ports}, pod.name
                watched.add(pod.name)

    assert watched == {pod.name for pod in keda.pods}


def test_the_operator_is_given_the_alerts_as_they_are(keda: Installation) -> None:
    (rule,) = keda.of_kind("PrometheusRule")

    assert rule["spec"] == OUR_ALERTS, "k8s/monitoring/rules.yaml is not what alerts.yaml says"


def test_grafana_is_given_the_dashboard_as_it_is(keda: Installation) -> None:
    given: Object = keda.called("ConfigMap", "larkspur-dashboard")

    assert given["metadata"]["labels"]["grafana_dashboard"] == "1"
    written = json.loads((MANIFESTS / "monitoring/dashboard.json").read_text())
    assert json.loads(given["data"]["larkspur.json"]) == written


def queries(installation: Installation) -> list[str]:
    return [
        trigger["metadata"]["query"]
        for scaled in installation.of_kind("ScaledObject")
        for trigger in scaled["spec"]["triggers"]
    ]
