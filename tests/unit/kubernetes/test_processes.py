"""Every process can start with what its pod gives it, and listens where it is asked."""

from __future__ import annotations

import asyncio
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
STAND_INS = {
    "FEISHU_APP_SECRET": "?",
    "FEISHU_ENCRYPT_KEY": "?",
    "FEISHU_VERIFICATION_TOKEN": "?",
    "LARKSPUR_FLOWER__PASSWORD": "?",
    "REDIS_URL": "rediss://:secret@redis.example.com:6379/0",
}


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
    for name, config in installation.configs.items():
        settings = {key for key in config if key.isupper()}
        assert settings <= {*known_names()}, name


def test_every_process_listens_where_it_is_asked(installation: Installation) -> None:
    ports = {
        "LARKSPUR_INGRESS__PORT": "probes",
        "LARKSPUR_WORKER__PORT": "probes",
        "LARKSPUR_BEAT__PORT": "probes",
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
