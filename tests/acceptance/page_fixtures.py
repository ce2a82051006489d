"""What a test of the chat page stands on; a plugin that its modules name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.browser import Looker, Simulator, looking
from tests.acceptance.small_bot import SmallBot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from playwright.async_api import Page


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    simulator = Simulator(tmp_path)
    yield simulator
    simulator.stop()


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[SmallBot]:
    async with SmallBot(simulator.url) as bot:
        yield bot


@pytest.fixture
async def looker(request: pytest.FixtureRequest) -> AsyncIterator[Looker]:
    async with looking(request.node.name.removeprefix("test_")) as looker:
        yield looker


@pytest.fixture
async def page(simulator: Simulator, bot: SmallBot, looker: Looker) -> Page:
    """The page on a desk, as alice, in her chat with a bot that is online."""
    return await looker.open(simulator.url)
