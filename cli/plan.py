"""What `larkspur up` runs: whatever the settings do not name is played by something of ours."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.settings import UpSettings

SIMULATED_APP: Final = {
    "FEISHU_APP_ID": "cli_a1b2c3d4e5f60718",
    "FEISHU_APP_SECRET": "simulated-secret",
}
_LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which processes run, what they find in their environment, and where they can be seen.

    `redis_port` is None when the Redis is the user's own.
    """

    processes: Mapping[str, str]
    environment: Mapping[str, str]
    pages: Mapping[str, str]
    redis_port: int | None
    simulator: str | None
    ingress: str
    flower: str | None


def plan(settings: UpSettings, environment: Mapping[str, str]) -> Plan:
    """Decide what runs.

    Raises:
        ConfigurationError: a port is taken, or settings contradict each other.
    """
    simulated = not environment.get("FEISHU_APP_ID")
    own_redis = not environment.get("REDIS_URL")
    own_model = not environment.get("OPENAI_API_KEY")
    if own_model and not simulated:
        raise ConfigurationError(
            "OPENAI_API_KEY: is not set; beside a real Feishu app the simulator's model is not run"
        )
    up, ingress, flower = settings.up, settings.ingress, settings.flower
    ports = {
        "LARKSPUR_INGRESS__PORT": ingress.port,
        "LARKSPUR_FLOWER__PORT": flower.port if up.flower else None,
        "LARKSPUR_UP__SIMULATOR_PORT": up.simulator_port if simulated else None,
        "LARKSPUR_UP__REDIS_PORT": up.redis_port if own_redis else None,
    }
    _require_free({setting: port for setting, port in ports.items() if port is not None})
    simulator = f"http://{_LOOPBACK}:{up.simulator_port}"
    found = {"LARKSPUR_INGRESS__GRACE": environment.get("LARKSPUR_INGRESS__GRACE", "0")}
    if simulated:
        found |= {**SIMULATED_APP, "FEISHU_DOMAIN": simulator}
    if own_redis:
        found |= {"REDIS_URL": f"redis://{_LOOPBACK}:{up.redis_port}/0"}
    if own_model:
        found |= {
            "OPENAI_API_KEY": "simulated",
            "OPENAI_BASE_URL": f"{simulator}/v1",
            "LLM_MODEL": "simulated",
        }
    if "LARKSPUR_LOG__FORMAT" not in environment and sys.stdout.isatty():
        found["LARKSPUR_LOG__FORMAT"] = "pretty"  # theirs is a pipe, ours is not
    return Plan(
        processes=_processes(
            settings, simulated=simulated, beats=bool(environment.get("LARKSPUR_SCHEDULES"))
        ),
        environment={**found, "PYTHONUNBUFFERED": "1"},
        pages=_pages(settings, simulator if simulated else None),
        redis_port=up.redis_port if own_redis else None,
        simulator=simulator if simulated else None,
        ingress=f"http://{ingress.host}:{ingress.port}",
        flower=f"http://{flower.host}:{flower.port}" if up.flower else None,
    )


def _processes(settings: UpSettings, *, simulated: bool, beats: bool) -> dict[str, str]:
    larkspur = f"exec {sys.executable} -m cli"
    found = {}
    if simulated:
        port, app = settings.up.simulator_port, SIMULATED_APP
        found["simulator"] = (
            f"{larkspur} sim serve --port {port}"
            f" --app-id {app['FEISHU_APP_ID']} --app-secret {app['FEISHU_APP_SECRET']}"
        )
    found["ingress"] = f"{larkspur} ingress"
    found["worker"] = f"{larkspur} worker"
    if beats:
        found["beat"] = f"{larkspur} beat"
    if settings.up.flower:
        found["flower"] = f"{larkspur} flower --no-auth"
    return found


def _pages(settings: UpSettings, simulator: str | None) -> dict[str, str]:
    ingress = f"http://{settings.ingress.host}:{settings.ingress.port}"
    flower = f"http://{settings.flower.host}:{settings.flower.port}/"
    return {
        **({"chat page": f"{simulator}/"} if simulator else {}),
        **({"Flower": flower} if settings.up.flower else {}),
        "probes": f"{ingress}/livez  {ingress}/readyz",
        "metrics": f"{ingress}/metrics",
    }


def _require_free(ports: Mapping[str, int]) -> None:
    taken = []
    for setting, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_LOOPBACK, port))
            except OSError as error:
                taken.append(f"{setting}: port {port} cannot be used: {error.strerror}")
    if taken:
        raise ConfigurationError("\n".join(taken))
