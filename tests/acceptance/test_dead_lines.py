"""A worker outlives its connections: dead without a word, broken, or cut by the server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.outages import order
from tests.acceptance.survivor import Survivor
from tests.forwarder import forwarding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.forwarder import Forwarder
    from tests.stage import Stage

pytestmark = pytest.mark.simulator("--first-token-delay", "2")


@pytest.fixture
def way(stage: Stage) -> Iterator[Forwarder]:
    """What stands between the worker and Redis."""
    with forwarding(stage.valkey.port) as forwarder:
        yield forwarder


def test_connections_that_go_dead_without_a_word_are_left(stage: Stage, way: Forwarder) -> None:
    stage.start_ingress()
    survivor = Survivor(stage, REDIS_URL=way.url)
    survivor.begin("before", user="alice")

    way.hang()
    survivor.say("during", user="bob")
    survivor.worker.says("dropping stale connection")
    survivor.say("after", user="carol")

    survivor.assert_unharmed()


def test_network_that_goes_dead_for_half_a_minute_is_waited_for(
    stage: Stage, way: Forwarder
) -> None:
    stage.start_ingress()
    survivor = Survivor(stage, REDIS_URL=way.url)
    survivor.begin("before", user="alice")

    way.dead = True
    survivor.say("during", user="bob")
    time.sleep(30)
    way.revive()
    survivor.say("after", user="carol")

    survivor.assert_unharmed()


def test_connections_that_are_reset_are_made_anew(stage: Stage, way: Forwarder) -> None:
    stage.start_ingress()
    survivor = Survivor(stage, REDIS_URL=way.url)
    survivor.begin("before", user="alice")

    way.reset()
    survivor.begin("during", user="bob")
    way.reset()
    survivor.say("after", user="carol")

    survivor.assert_unharmed()


def test_every_connection_that_the_server_cuts_is_made_anew(stage: Stage) -> None:
    stage.start_ingress()
    survivor = Survivor(stage)
    survivor.begin("before", user="alice")

    for user in ("bob", "carol"):
        for kind in ("normal", "pubsub"):
            order(stage, f"CLIENT KILL TYPE {kind} SKIPME yes")
        survivor.begin(f"after for {user}", user=user)

    survivor.assert_unharmed()
