"""Where traces go: to a collector of OpenTelemetry, if the settings name one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import ConfigurationError
from shared.telemetry import spans

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared.telemetry.otlp import OpenTelemetry

_LEAVING: Final = 4.0
"""Seconds in which the last spans are sent when a process ends."""

_MISSING: Final = "LARKSPUR_TRACE__ENDPOINT: traces need pip install 'larkspur-bot[traces]'"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@asynccontextmanager
async def traced(endpoint: str | None, *, ratio: float, role: str) -> AsyncIterator[None]:
    """Send spans to `endpoint` until the end of the block; without one, do nothing at all.

    Of all traces a `ratio` is kept, the same ones by every process. `role` names the process.

    Raises:
        ConfigurationError: what it takes is not installed.
    """
    if endpoint is None:
        yield
        return
    kept = await asyncio.to_thread(_opened, endpoint, ratio=ratio, role=role)
    spans.choose(kept)
    log.info("traces.kept", ratio=ratio)
    try:
        yield
    finally:
        spans.choose(None)
        await asyncio.to_thread(kept.close, _LEAVING)


def _opened(endpoint: str, *, ratio: float, role: str) -> OpenTelemetry:
    """Import what makes traces, which takes 0.2 s, and open it."""
    try:
        from shared.telemetry.otlp import opened  # noqa: PLC0415 - only for who wants it
    except ImportError as error:
        raise ConfigurationError(_MISSING) from error
    return opened(endpoint, ratio=ratio, role=role)
