from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from redis import Redis

from tests.acceptance.operator import Operator
from tests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A Valkey and a simulator, whose ladder runs 60 times as fast; the test starts the rest."""
    marker = request.node.get_closest_marker("simulator")
    stage = Stage(tmp_path)
    try:
        stage.start_valkey()
        stage.start_simulator("--time-scale", "60", *(marker.args if marker else ()))
        yield stage
    finally:
        stage.strike()


@pytest.fixture
def redis(stage: Stage) -> Iterator[Redis]:
    """What lies in the stage's Redis."""
    with Redis.from_url(stage.valkey.url) as client:
        yield client


@pytest.fixture
def operator(stage: Stage, tmp_path: Path) -> Operator:
    return Operator(stage, tmp_path)
