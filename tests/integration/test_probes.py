from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from cli.ports import free_port
from ingress.health import STILL_AT_MOST, Health
from ingress.metrics import Metrics
from shared.probes import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
async def url(health: Health) -> AsyncIterator[str]:
    port = free_port()
    probing = served(health, Metrics(health).registry, setting="PORT", host="127.0.0.1", port=port)
    async with probing:
        yield f"http://127.0.0.1:{port}"


async def ask(url: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.content_type == "application/json"
        return response.status, await response.json()


async def test_connection_that_nobody_looks_after_is_the_only_thing_that_is_not_alive(
    health: Health, url: str
) -> None:
    health.side("socket").down("the platform is away")
    health.stirred = time.monotonic() - STILL_AT_MOST + 30

    looked_after = await ask(f"{url}/livez")
    health.stirred = time.monotonic() - STILL_AT_MOST - 1
    forgotten = await ask(f"{url}/livez")
    health.stir()
    looked_after_again = await ask(f"{url}/livez")

    assert looked_after == looked_after_again == (200, {"alive": True, "reasons": {}})
    assert forgotten[0] == 503
    assert forgotten[1]["alive"] is False
    assert forgotten[1]["reasons"]["socket"].startswith("nobody has looked after it for 181 s")


async def test_ingress_without_a_socket_to_look_after_is_alive(health: Health, url: str) -> None:
    assert health.stirred is None

    assert await ask(f"{url}/livez") == (200, {"alive": True, "reasons": {}})


async def test_readiness_names_every_side_that_is_not(health: Health, url: str) -> None:
    health.side("redis").up()
    health.side("socket").down("no pong for 7 s")
    health.side("webhook")

    not_ready = await ask(f"{url}/readyz")
    health.side("socket").up()
    health.side("webhook").up()

    reasons = {"socket": "no pong for 7 s", "webhook": "not yet"}
    assert not_ready == (503, {"ready": False, "reasons": reasons})
    assert await ask(f"{url}/readyz") == (200, {"ready": True, "reasons": {}})


async def test_ages_of_what_was_never_heard_are_no_numbers(health: Health, url: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/metrics") as response:
        never = await response.text()
        health.heard(pong=True)
    async with aiohttp.ClientSession() as session, session.get(f"{url}/metrics") as response:
        heard = await response.text()

    assert "larkspur_last_pong_age_seconds NaN" in never
    assert "larkspur_last_pong_age_seconds NaN" not in heard
