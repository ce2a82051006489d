"""The responder that the settings name."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from workers.responders.chat import chat
from workers.responders.command import program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared.settings import Model as ModelSettings
    from shared.settings import WorkerSettings
    from workers.responders.responder import Responder


@asynccontextmanager
async def connected(settings: WorkerSettings) -> AsyncIterator[Responder]:
    """Open what `RESPONDER` names, until the end of the block.

    Raises:
        ConfigurationError: it names what cannot be had.
    """
    model = settings.model
    if model.asked_by == "agent":
        from workers.responders.agent import responder as agent  # noqa: PLC0415 - 1 s and 60 MB

        async with agent.connected(model) as opened:
            yield opened
    elif model.asked_by == "command":
        async with program.connected(settings.command) as opened:
            yield opened
    else:
        async with chat.session(model) as session:
            yield chat.Chat(session, model)


def names(model: ModelSettings) -> tuple[str, ...]:
    """Return by what names a metric may tell of who answers, the usual one first."""
    return ("command",) if model.asked_by == "command" else model.models
