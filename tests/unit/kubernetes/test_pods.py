"""What every pod must be: of no rights, of known size, asked how it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.results import figures

if TYPE_CHECKING:
    from tests.unit.kubernetes.installation import Installation, Object

NOBODY = {
    "runAsNonRoot": True,
    "fsGroupChangePolicy": "OnRootMismatch",
    "seccompProfile": {"type": "RuntimeDefault"},
}
CONTAINED = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
KINDS_OF_VOLUMES = {"configMap", "emptyDir", "persistentVolumeClaim"}
HARMFUL = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace")
READ = {"FLOWER_PORT", "REDIS_URL", "SIMULATOR_PORT"}
PATHS = {"probes": {"/livez", "/readyz"}, "page": {"/healthcheck"}, "platform": {"/_sim/health"}}


def test_namespaces_demand_what_every_pod_is(installation: Installation) -> None:
    (namespace,) = installation.of_kind("Namespace")

    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for pod in installation.pods:
        who = dict(pod.spec["securityContext"])
        ids = {who.pop("runAsUser"), who.pop("runAsGroup"), who.pop("fsGroup")}
        assert ids == ({10001} if pod.ours else {999}), pod.name
        assert who == NOBODY, pod.name
        assert pod.spec["automountServiceAccountToken"] is False
        assert not [key for key in HARMFUL if key in pod.spec]
        assert all(it["securityContext"] == CONTAINED for it in pod.containers), pod.name
        assert {kind_of(it) for it in pod.spec.get("volumes", ())} <= KINDS_OF_VOLUMES


def test_everything_that_is_ours_may_write_to_tmp(installation: Installation) -> None:
    for pod in filter(lambda it: it.ours, installation.pods):
        mounted = {it["mountPath"]: it["name"] for it in pod.process["volumeMounts"]}
        volumes = {it["name"]: it for it in pod.spec["volumes"]}
        assert volumes[mounted["/tmp"]]["emptyDir"]["sizeLimit"]


def test_whatever_writes_outside_of_tmp_has_a_place_to(installation: Installation) -> None:
    flower = installation.pod("flower")

    mounted = {it["mountPath"]: it["name"] for it in flower.process["volumeMounts"]}
    (data,) = (it for it in flower.spec["volumes"] if it["name"] == mounted["/data"])

    assert flower.environment()["LARKSPUR_FLOWER__DB"].startswith("/data/")
    kept = {"persistentVolumeClaim"} if "prod" in installation.name else {"emptyDir"}
    assert {kind_of(data)} == kept
    for claim in installation.of_kind("PersistentVolumeClaim"):
        assert claim["metadata"]["name"] == data["persistentVolumeClaim"]["claimName"]


def test_images_are_pinned(installation: Installation) -> None:
    for pod in installation.pods:
        for container in pod.containers:
            name, _, tag = container["image"].rpartition(":")
            assert name, f"{pod.name}: {container['image']} has no tag"
            assert re.match(r"\d+\.\d+\.\d+", tag), container["image"]
            assert container["imagePullPolicy"] == "IfNotPresent"


def test_every_container_has_a_size(installation: Installation) -> None:
    for pod in installation.pods:
        for container in pod.containers:
            sizes = container["resources"]
            for which in ("requests", "limits"):
                assert {*sizes[which]} == {"cpu", "memory"}, pod.name
            assert megabytes(sizes["requests"]) <= megabytes(sizes["limits"])


def test_memory_suffices_for_what_was_measured(installation: Installation) -> None:
    measured = {figure["name"]: figure["value"] for figure in figures()}
    asked = {pod.name: megabytes(pod.process["resources"]["requests"]) for pod in installation.pods}

    assert asked["ingress"] >= measured["ingress resident memory"]
    assert asked["worker-turns"] >= measured["worker resident memory with these"]


def test_every_process_is_asked_how_it_is(installation: Installation) -> None:
    for pod in filter(lambda it: it.ours, installation.pods):
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            get = pod.process[probe]["httpGet"]
            assert get["path"] in PATHS[get["port"]], pod.name
            assert get["port"] in pod.ports, pod.name


def test_liveness_is_patient(installation: Installation) -> None:
    for pod in installation.pods:
        if probe := pod.process.get("livenessProbe"):
            assert probe["failureThreshold"] * probe["periodSeconds"] >= 60, pod.name
            assert probe.get("httpGet", {}).get("path") != "/readyz", pod.name


def test_services_set_nothing_that_a_process_reads(installation: Installation) -> None:
    assert all(pod.spec["enableServiceLinks"] is False for pod in installation.pods)
    for service in installation.of_kind("Service"):
        name = service["metadata"]["name"].upper().replace("-", "_")
        for injected in (f"{name}_PORT", f"{name}_SERVICE_HOST"):
            assert injected not in READ, injected
            assert not injected.startswith("LARKSPUR_"), injected


def test_services_lead_to_ports_that_there_are(installation: Installation) -> None:
    for service in installation.of_kind("Service"):
        selector = service["spec"]["selector"].items()
        (pod,) = (pod for pod in installation.pods if selector <= pod.labels.items())
        assert all(port["targetPort"] in pod.ports for port in service["spec"]["ports"])


def kind_of(volume: Object) -> str:
    (kind,) = {*volume} - {"name"}
    return str(kind)


def megabytes(sizes: dict[str, str]) -> int:
    return int(sizes["memory"].removesuffix("Mi"))
