"""Secrets are in Secrets alone, and every process is given its own and no more."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.kubernetes.installation import Installation

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
HASH = re.compile(r"-[a-z0-9]{10}$")


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
    for name, config in installation.configs.items():
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


def secret_of(given: dict[str, dict[str, dict[str, str]]]) -> dict[str, str]:
    source = given.get("valueFrom", {})
    return source.get("secretKeyRef", {})
