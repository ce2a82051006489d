"""The message that a call's path names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.ids import MessageId
from simulator.openapi.errors import no_such_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from simulator.openapi.errors import ApiError
    from simulator.world.messages import Message
    from simulator.world.world import World


def known_message(
    request: web.Request, world: World, unknown: Callable[[], ApiError] = no_such_message
) -> Message:
    """Return it.

    Raises:
        ApiError: no message has that id, or has it any more.
    """
    message = world.messages.get(MessageId(request.match_info["message_id"]))
    if message is None:
        raise unknown()
    return message
