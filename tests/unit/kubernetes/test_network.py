"""Nobody reaches whom they need not reach, and everybody whom they must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.kubernetes.traffic import ports_of_the_world, reaches, received, rules, selects

if TYPE_CHECKING:
    from tests.unit.kubernetes.installation import Installation

HTTPS = 443
REDIS = 6379
CALL_OUT = {"ingress", "worker-turns", "worker-events"}
INSIDE = {"10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"}


def test_what_is_not_allowed_is_forbidden(installation: Installation) -> None:
    forbidding = installation.called("NetworkPolicy", "nothing")["spec"]

    assert forbidding == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_only_who_must_reaches_the_world_and_only_by_https(installation: Installation) -> None:
    outside = set() if installation.name.startswith("dev") else {REDIS}

    for pod in installation.pods:
        expected = {HTTPS} if pod.name in CALL_OUT else set()
        asks_redis = "REDIS_URL" in pod.environment()
        assert ports_of_the_world(installation, pod) == expected | (
            outside if asks_redis else set()
        )


def test_the_world_is_not_what_is_inside(installation: Installation) -> None:
    worker = installation.pod("worker-turns")

    excepted = [
        set(peer["ipBlock"]["except"])
        for rule in rules(installation, worker, "egress")
        for peer in rule.get("to", ())
        if "except" in peer.get("ipBlock", {})
    ]

    assert INSIDE in excepted


def test_whoever_has_the_url_of_redis_reaches_it(installation: Installation) -> None:
    for redis in (pod for pod in installation.pods if pod.name == "redis"):
        for pod in installation.pods:
            asks = "REDIS_URL" in pod.environment()
            assert reaches(installation, pod, redis, "redis") == asks, pod.name


def test_everything_of_ours_asks_for_names(installation: Installation) -> None:
    for pod in (pod for pod in installation.pods if pod.ours):
        asked = {
            (port["port"], port["protocol"])
            for rule in rules(installation, pod, "egress")
            for port in rule["ports"]
            if port["port"] == 53
        }
        assert asked == {(53, "UDP"), (53, "TCP")}, pod.name


def test_nothing_inside_reaches_a_worker_or_an_ingress(installation: Installation) -> None:
    for target in (pod for pod in installation.pods if pod.name in CALL_OUT):
        for source in installation.pods:
            assert not reaches(installation, source, target, "probes"), (source.name, target.name)


def test_prometheus_alone_reads_metrics(installation: Installation) -> None:
    for pod in installation.pods:
        for port in {"probes", "page"} & {*pod.ports}:
            assert received(installation, pod, port, {}, namespace="monitoring"), pod.name
            assert not received(installation, pod, port, {}, namespace="default"), pod.name


def test_flower_is_seen_by_who_is_marked(installation: Installation) -> None:
    flower = installation.pod("flower")

    assert received(installation, flower, "page", {"flower-client": "true"}, namespace="proxies")
    assert not received(installation, flower, "page", {"app": "proxy"}, namespace="proxies")


def test_the_webhook_takes_what_anybody_posts(installation: Installation) -> None:
    for pod in (pod for pod in installation.pods if pod.name == "webhook"):
        assert received(installation, pod, "events", {}, namespace="ingress-nginx")
        assert not received(installation, pod, "probes", {}, namespace="ingress-nginx")


def test_in_dev_the_bot_reaches_the_simulator(installation: Installation) -> None:
    for simulator in (pod for pod in installation.pods if pod.name == "simulator"):
        reaching = {
            pod.name
            for pod in installation.pods
            if reaches(installation, pod, simulator, "platform")
        }
        assert reaching == CALL_OUT


def test_every_policy_is_about_somebody(installation: Installation) -> None:
    for policy in installation.of_kind("NetworkPolicy", "PodDisruptionBudget"):
        spec = policy["spec"]
        selector = spec.get("podSelector", spec.get("selector"))
        about = [pod for pod in installation.pods if selects(selector, pod.labels)]
        assert about, policy["metadata"]["name"]
