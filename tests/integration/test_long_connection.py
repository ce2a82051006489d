from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ingress.health import Health
from ingress.metrics import Metrics
from ingress.sources.long_connection import LongConnection
from shared.errors import ConfigurationError
from tests.eventually import soon
from tests.integration.scripted import Answer, scripted, token

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.scripted import Scripted


def says(code: int) -> Callable[[int], Answer]:
    return lambda _: {"code": code, "msg": "said the platform", "data": {"URL": ""}}


async def run(script: Scripted) -> None:
    health = Health()
    source = LongConnection(script.transport, script.feishu, Metrics(health), health)
    await source.run(lambda _: None)


@pytest.mark.parametrize(
    "token_endpoint",
    [token, says(99991400), says(1500), says(7), says(0)],
    ids=["good", "429", "busy", "?", "none"],
)
async def test_code_that_also_means_busy_is_retried_unless_the_token_endpoint_is_sure(
    token_endpoint: Callable[[int], Answer],
) -> None:
    async with scripted(endpoint=says(1000040345), tenant_access_token=token_endpoint) as script:
        listening = asyncio.create_task(run(script))

        await soon(lambda: _at_least(script, 3))

        assert not listening.done()
        listening.cancel()


async def test_wrong_secret_ends_it_with_the_words_of_both_endpoints() -> None:
    def wrong(_: int) -> Answer:
        return {"code": 10014, "msg": "app secret invalid"}

    async with scripted(endpoint=says(1000040345), tenant_access_token=wrong) as script:
        with pytest.raises(ConfigurationError, match=r"1000040345.*10014"):
            await run(script)


@pytest.mark.parametrize("code", [1000040346, 403])
def test_code_for_a_human_ends_it_at_once(code: int) -> None:
    async def ended() -> Scripted:
        async with scripted(endpoint=says(code)) as script:
            with pytest.raises(ConfigurationError, match=str(code)):
                await run(script)
            return script

    assert asyncio.run(ended()).calls["endpoint"] == 1


@pytest.mark.parametrize("code", [1, 1000040343, 1000040350])
async def test_code_that_may_pass_is_retried(code: int) -> None:
    async with scripted(endpoint=says(code)) as script:
        listening = asyncio.create_task(run(script))

        await soon(lambda: _at_least(script, 2))

        assert not listening.done()
        listening.cancel()


async def test_discovery_without_a_url_is_retried() -> None:
    async with scripted(endpoint=lambda _: {"code": 0, "data": None}) as script:
        listening = asyncio.create_task(run(script))

        await soon(lambda: _at_least(script, 2))

        listening.cancel()


async def _at_least(script: Scripted, count: int) -> bool:
    return script.calls["endpoint"] >= count
