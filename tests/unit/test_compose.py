"""The image and docker-compose.yml hold to the settings, and to what docs/docker.md says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values

from cli.plan import SIMULATED_APP
from cli.probe import DOORS
from shared.settings import Webhook, known_names

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
TOLD = dict(re.findall(r"(LARKSPUR_\w+__PORT)=(\d+)", DOCKERFILE))
PORTS = {role: TOLD.get(door.setting, door.port) for role, door in DOORS.items()}
OURS = {name: each for name, each in SERVICES.items() if "larkspur" in each["image"]}


def test_every_role_has_a_service() -> None:
    assert {each["command"][0] for each in OURS.values()} == {*DOORS}


@pytest.mark.parametrize("name", [*OURS])
def test_our_containers_may_do_nothing_that_they_need_not(name: str) -> None:
    service = OURS[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "user" not in service


@pytest.mark.parametrize("name", [*SERVICES])
def test_only_this_machine_reaches_a_port(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


@pytest.mark.parametrize("name", [*SERVICES])
def test_image_is_a_version(name: str) -> None:
    image = re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", SERVICES[name]["image"])

    assert re.fullmatch(r"[\w/.]+:v?\d+\.\d+[\w.-]*", image)


def test_our_image_has_our_version() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)

    assert version is not None
    images = {
        *(each["image"] for each in OURS.values()),
        *re.findall(r"larkspur:(?!//)[\w.]+", (ROOT / "Makefile").read_text()),
        *re.findall(r"larkspur:(?!//)[\w.]+", (ROOT / "docs/docker.md").read_text()),
    }
    assert images == {f"${{IMAGE:-larkspur:{version[1]}}}", f"larkspur:{version[1]}"}


def test_worker_is_killed_when_it_was_told() -> None:
    worker = SERVICES["worker"]

    told = worker["environment"]["LARKSPUR_WORKER__KILLED_AFTER"]
    assert worker["stop_grace_period"] == f"{told}s"


def test_redis_forgets_nothing_that_it_has_acked() -> None:
    words = SERVICES["redis"]["command"]

    assert words[words.index("--appendonly") + 1] == "yes"
    assert words[words.index("--maxmemory-policy") + 1] == "noeviction"
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]


def test_every_setting_that_is_named_exists() -> None:
    named = {
        *re.findall(r"\bLARKSPUR_\w+", DOCKERFILE),
        *(name for each in OURS.values() for name in each["environment"]),
        *dotenv_values(ROOT / "simulator/demo.env"),
    }

    assert named <= {*known_names()}


def test_demo_is_the_app_that_the_simulator_plays() -> None:
    demo = dotenv_values(ROOT / "simulator/demo.env")

    assert demo.items() >= SIMULATED_APP.items()
    assert demo["FEISHU_DOMAIN"] == "http://simulator:8700"
    assert demo["OPENAI_BASE_URL"] == "http://simulator:8700/v1"


def test_a_copy_of_the_example_takes_the_place_of_the_demo() -> None:
    assert dotenv_values(ROOT / ".env.example") == {"ENV_FILE": ".env"}


def test_image_exposes_where_its_roles_listen() -> None:
    exposed = re.search(r"^EXPOSE (.+)$", DOCKERFILE, re.MULTILINE)

    assert exposed is not None
    assert {*exposed[1].split()} == {*PORTS.values(), str(Webhook.model_fields["port"].default)}


def test_prometheus_asks_every_role_that_has_numbers() -> None:
    asked = yaml.safe_load((ROOT / "k8s/monitoring/compose/prometheus.yaml").read_text())
    found = {
        (name, str(of["port"]))
        for job in asked["scrape_configs"]
        for of in job["dns_sd_configs"]
        for name in of["names"]
    }

    assert found == {(role, port) for role, port in PORTS.items() if role != "sim"}


def test_files_that_are_mounted_exist() -> None:
    mounted = [
        volume.partition(":")[0]
        for each in SERVICES.values()
        for volume in each.get("volumes", ())
        if volume.startswith("./")
    ]

    assert len(mounted) == 5
    assert [path for path in mounted if not (ROOT / path).is_file()] == []


def test_image_is_built_from_code_alone() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    first, *others = [line for line in lines if line and not line.startswith("#")]
    let_in = [line.removeprefix("!") for line in others if line.startswith("!")]

    assert first == "*"
    assert [path for path in let_in if not (ROOT / path).exists()] == []
    assert [path for path in let_in if path.startswith((".", "tests", "k8s"))] == []


def test_image_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


def test_what_starts_the_roles_is_as_closed_as_they_are() -> None:
    """It has the container's environment as they do; unreadable, it cannot be looked into."""
    assert 'ENTRYPOINT ["tini", "--", "larkspur"]' in DOCKERFILE
    assert "RUN chmod 0711 /usr/bin/tini" in DOCKERFILE
