"""Every process can start with what its pod gives it, and is given no secret but its own."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.settings import (
    BeatSettings,
    CelerySettings,
    FlowerSettings,
    IngressSettings,
    Settings,
    WorkerSettings,
    known_names,
    read,
)
from simulator.__main__ import main as simulator
from tests.unit.kubernetes.installation import MANIFESTS
from workers.policy.rules_file import RulesFile
from workers.schedules import read_schedules

if TYPE_CHECKING:
    import pytest

    from tests.unit.kubernetes.installation import Installation, Pod

READS: dict[str, tuple[type[Settings], ...]] = {
    "ingress": (IngressSettings,),
    "worker": (WorkerSettings, CelerySettings),
    "flower": (FlowerSettings, CelerySettings),
    "beat": (BeatSettings,),
}
SECRETS = {
    "ingress": {"FEISHU_APP_SECRET", "REDIS_URL"},
    "webhook": {
        *("FEISHU_APP_SECRET", "FEISHU_ENCRYPT_KEY", "FEISHU_VERIFICATION_TOKEN", "REDIS_URL"),
    },
    "worker-turns": {"FEISHU_APP_SECRET", "REDIS_URL", "all of model"},
    "worker-events": {"FEISHU_APP_SECRET", "REDIS_URL", "all of model"},
    "flower": {"LARKSPUR_FLOWER__PASSWORD", "REDIS_URL"},
    "beat": {"REDIS_URL"},
    "redis": {"REDIS_PASSWORD"},
    "simulator": {"SIMULATOR_APP_SECRET"},
}
STAND_INS = {
    "FEISHU_APP_SECRET": "?",
    "FEISHU_ENCRYPT_KEY": "?",
    "FEISHU_VERIFICATION_TOKEN": "?",
    "LARKSPUR_FLOWER__PASSWORD": "?",
    "REDIS_URL": "rediss://:secret@redis.example.com:6379/0",
}
HASH = re.compile(r"-[a-z0-9]{10}$")
CLOSING = 10
"""Seconds that an ingress may take after its grace: 3 to close, and to leave Redis."""


def test_every_process_starts_with_what_it_is_given(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pod in filter(lambda it: it.process.get("args", [""])[0] in READS, installation.pods):
        with monkeypatch.context() as given:
            for name, value in environment(pod).items():
                given.setenv(name, value)
            for kind in READS[pod.process["args"][0]]:
                read(kind)  # it raises, and says which setting is wrong


def test_every_setting_is_one(installation: Installation) -> None:
    options = {f"SIMULATOR_{option.name}".upper() for option in simulator.params}

    for pod in filter(lambda it: it.ours, installation.pods):
        assert {*pod.environment()} <= {*known_names(), *options}, pod.name
    for name, config in pod_configs(installation).items():
        settings = {key for key in config if key.isupper()}
        assert settings <= {*known_names()}, name


def test_every_process_is_given_the_secrets_it_needs_and_no_more(
    installation: Installation,
) -> None:
    for pod in installation.pods:
        single = {it["name"] for it in pod.process.get("env", ()) if secret_of(it)}
        whole = {
            f"all of {HASH.sub('', it['secretRef']['name'])}"
            for it in pod.process.get("envFrom", ())
            if "secretRef" in it
        }
        assert single | whole == SECRETS[pod.name], pod.name


def test_secrets_are_nowhere_but_in_secrets(installation: Installation) -> None:
    secret = {name for names in SECRETS.values() for name in names} | {"OPENAI_API_KEY"}

    for pod in installation.pods:
        for container in pod.containers:
            said = json.dumps([container.get("command"), container.get("args")])
            assert "://" not in said
            plain = {it["name"] for it in container.get("env", ()) if "value" in it}
            assert not plain & secret, pod.name
    for name, config in pod_configs(installation).items():
        assert not {*config} & secret, name


def test_prod_holds_no_secret_itself(installation: Installation) -> None:
    held = installation.of_kind("Secret")

    assert bool(held) == installation.name.startswith("dev")


def test_the_store_outside_has_every_secret_that_is_asked_for(installation: Installation) -> None:
    stored = {
        (it["spec"]["target"]["name"], entry["secretKey"])
        for it in installation.of_kind("ExternalSecret")
        for entry in it["spec"]["data"]
    }

    asked = {
        (reference["name"], reference["key"])
        for pod in installation.pods
        for given in pod.process.get("env", ())
        if (reference := secret_of(given))
    }

    if stored:
        assert asked | {("model", "OPENAI_API_KEY")} == stored


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


def test_every_process_listens_where_it_is_asked(installation: Installation) -> None:
    ports = {
        "LARKSPUR_INGRESS__PORT": "probes",
        "LARKSPUR_WORKER__PORT": "probes",
        "LARKSPUR_WEBHOOK__PORT": "events",
        "LARKSPUR_FLOWER__PORT": "page",
        "SIMULATOR_PORT": "platform",
    }
    for pod in filter(lambda it: it.ours, installation.pods):
        environment = pod.environment()
        listened = {ports[name]: int(environment[name]) for name in ports if name in environment}
        assert listened == pod.ports, pod.name
        for name in ports:
            assert environment.get(name.replace("PORT", "HOST"), "0.0.0.0") == "0.0.0.0"


def test_the_files_that_a_team_will_replace_are_right() -> None:
    examples = MANIFESTS / "components"

    schedules = read_schedules(examples / "beat/schedules.toml", lambda: datetime.now(UTC))
    asyncio.run(RulesFile.opened(examples / "rules/rules.toml"))  # it says what is wrong

    assert {*schedules} == {"digest"}


def test_files_are_where_settings_say(installation: Installation) -> None:
    for pod in filter(lambda it: it.ours, installation.pods):
        volumes = {it["name"]: it for it in pod.spec["volumes"]}
        for name in ("LARKSPUR_RULES", "LARKSPUR_SCHEDULES"):
            if path := pod.environment().get(name):
                folder, _, file = path.rpartition("/")
                (mount,) = (it for it in pod.process["volumeMounts"] if it["mountPath"] == folder)
                assert file in pod.configs[volumes[mount["name"]]["configMap"]["name"]]


def environment(pod: Pod) -> dict[str, str]:
    """Return what its process finds, with something in place of secrets that are not here."""
    found = pod.environment()
    found |= {name: STAND_INS[name] for name, value in found.items() if value == "?"}
    if pod.name.startswith("worker"):
        found.setdefault("OPENAI_API_KEY", "?")  # it comes with the others of `model`
    return found


def pod_configs(installation: Installation) -> dict[str, dict[str, str]]:
    return {it["metadata"]["name"]: it["data"] for it in installation.of_kind("ConfigMap")}


def secret_of(given: dict[str, dict[str, dict[str, str]]]) -> dict[str, str]:
    source = given.get("valueFrom", {})
    return source.get("secretKeyRef", {})
