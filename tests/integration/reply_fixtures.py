"""What a test of replies stands on; a plugin that its modules name."""

from __future__ import annotations

from asyncio import to_thread
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.integration.replying import UNLIMITED, Scene, scene_on
from tests.stage import APP_ID, APP_SECRET, Stage
from tests.unit.simulator.conftest import FakeClock, Start

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from shared.store.connection import Store


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A simulator for all tests. Its limits are off: many tests talk to one user."""
    stage = Stage(tmp_path_factory.mktemp("platform"))
    try:
        stage.start_simulator("--limits", "off")
        yield stage
    finally:
        stage.strike()


@pytest.fixture
async def scene(platform: Stage, store: Store) -> AsyncIterator[Scene]:
    await to_thread(platform.delete, "/_sim/faults")
    async with scene_on(platform, store, UNLIMITED) as scene:
        yield scene


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Stage]:
    """A simulator with the platform's limits."""
    stage = Stage(tmp_path)
    try:
        stage.start_simulator()
        yield stage
    finally:
        stage.strike()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def later(clock: FakeClock, tmp_path: Path, store: Store) -> AsyncIterator[Scene]:
    """A scene on a platform on this loop, whose clock the test turns."""
    async with AsyncExitStack() as stack:
        platform = await Start(stack)(clock, app_id=APP_ID, app_secret=APP_SECRET, limits="off")
        stage = Stage(tmp_path)
        stage.simulator_url = platform.url
        yield await stack.enter_async_context(scene_on(stage, store, UNLIMITED))
