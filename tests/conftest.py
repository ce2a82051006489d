"""What every test stands on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import structlog
from blockbuster import blockbuster_ctx
from hypothesis import HealthCheck, settings

from shared.settings import known_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# How long a machine takes says nothing of the code.
settings.register_profile(
    "patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Structlog's own default reads source files to draw tracebacks, which blocks a loop."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the developer's reaches a test, be it from the environment or a `.env`."""
    for name in [*os.environ]:
        if name in known_names() or name.startswith("LARKSPUR_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> Iterator[None]:
    with blockbuster_ctx():
        yield
