"""How pods go: a successor first, with the time they need, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.kubernetes.installation import Installation

CLOSING = 10
"""Seconds that an ingress may take after its grace: 3 to close, and to leave Redis."""


def test_there_is_a_budget_for_every_pod_that_users_wait_for(installation: Installation) -> None:
    budgets = installation.of_kind("PodDisruptionBudget")

    for budget in budgets:
        assert budget["spec"]["maxUnavailable"] == 1  # a minimum of 1 of 1 would stop every drain
        assert budget["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    named = {it["metadata"]["name"] for it in budgets}
    waited_for = {"ingress", "webhook", "worker-turns", "worker-events"}
    assert named == waited_for & {pod.name for pod in installation.pods}


def test_a_dead_node_is_left_soon(installation: Installation) -> None:
    ingress = installation.pod("ingress")

    tolerated = {it["key"]: it["tolerationSeconds"] for it in ingress.spec["tolerations"]}

    assert {*tolerated} == {"node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready"}
    assert max(tolerated.values()) <= 30


def test_the_successor_of_an_ingress_comes_before_it_goes(installation: Installation) -> None:
    deployed = installation.called("Deployment", "ingress")["spec"]

    assert deployed["replicas"] == 1
    assert deployed["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_what_remembers_is_never_there_twice(installation: Installation) -> None:
    for name in {"flower", "simulator"} & {pod.name for pod in installation.pods}:
        deployed = installation.called("Deployment", name)["spec"]
        assert (deployed["replicas"], deployed["strategy"]) == (1, {"type": "Recreate"})


def test_a_worker_knows_when_it_will_be_killed(installation: Installation) -> None:
    workers = [pod for pod in installation.pods if pod.process.get("args") == ["worker"]]

    for pod in workers:
        told = int(pod.environment()["LARKSPUR_WORKER__KILLED_AFTER"])
        assert told == pod.spec["terminationGracePeriodSeconds"]
    queues = {pod.name: pod.environment()["LARKSPUR_WORKER__QUEUES"] for pod in workers}
    assert queues == {"worker-turns": "turns", "worker-events": "events"}


def test_an_ingress_is_not_killed_while_it_waits_for_its_successor(
    installation: Installation,
) -> None:
    for pod in (pod for pod in installation.pods if pod.process.get("args") == ["ingress"]):
        grace = int(pod.environment()["LARKSPUR_INGRESS__GRACE"])
        assert grace + CLOSING <= pod.spec["terminationGracePeriodSeconds"], pod.name
