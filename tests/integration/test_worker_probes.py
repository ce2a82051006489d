from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from cli.ports import free_port
from shared.probes import served
from workers.health import DEAF_AT_MOST, Health
from workers.metrics import metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LONG_AGO = 2 * DEAF_AT_MOST


class Place:
    """The only one; `taken` tells whether a turn runs."""

    taken = 0


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def health(place: Place) -> Health:
    """What a worker knows that has begun, and has looked at nothing for long."""
    health = Health(lambda: place.taken, places=1)
    health.begin()
    health.look()
    moment = time.monotonic() - LONG_AGO
    health.heard = health.full = health.answers_since = moment
    return health


@pytest.fixture
async def url(health: Health) -> AsyncIterator[str]:
    port = free_port()
    probing = served(health, metrics(health), setting="PORT", host="127.0.0.1", port=port)
    async with probing:
        yield f"http://127.0.0.1:{port}"


async def ask(url: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.content_type == "application/json"
        return response.status, await response.json()


async def test_consumer_that_hears_nothing_while_redis_answers_is_not_alive(
    health: Health, url: str
) -> None:
    deaf = await ask(f"{url}/livez")
    health.hear()
    hears = await ask(f"{url}/livez")

    says = "has heard nothing from Redis for 120 s, which answers, and a place is free"
    assert deaf == (503, {"alive": False, "reasons": {"consumer": says}})
    assert hears == (200, {"alive": True, "reasons": {}})


def test_redis_that_answers_nobody_is_no_ailment(health: Health) -> None:
    health.look(away="no answer")

    assert (health.ailments, health.reasons) == ({}, {"redis": "no answer"})


def test_redis_that_has_just_come_back_is_to_be_heard_from_that_moment_on(health: Health) -> None:
    health.look(away="no answer")
    health.look()

    assert (health.ailments, health.reasons) == ({}, {})


def test_worker_without_a_free_place_has_nothing_to_hear(health: Health, place: Place) -> None:
    place.taken = 1

    assert (health.ailments, health.reasons) == ({}, {})


def test_worker_whose_place_is_free_again_is_to_hear_from_that_moment_on(
    health: Health, place: Place
) -> None:
    place.taken = 1
    health.look()
    place.taken = 0

    assert (health.ailments, health.reasons) == ({}, {})


def test_worker_that_stops_is_left_to_its_grace(health: Health) -> None:
    health.leave()

    assert (health.ailments, health.reasons) == ({}, {"process": "stopping"})
