"""`im/v1/messages/:id/resources/:key`: what came with a message (im-v1/message-resource/get)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aiohttp import web

from simulator.openapi.errors import recalled
from simulator.openapi.known import known_message
from simulator.openapi.messages import PATH
from simulator.openapi.resource_errors import (
    app_not_in_chat,
    bad_request_parameter,
    file_not_in_message,
    no_resources,
    too_large_download,
)
from simulator.world.files import FileKind

if TYPE_CHECKING:
    from simulator.world.files import StoredFile
    from simulator.world.world import World

LARGEST: Final = 100 * 1024 * 1024
WITHOUT: Final = frozenset({"sticker", "merge_forward", "interactive"})
KEYS: Final = re.compile(r'"(?:image_key|file_key)"\s*:\s*"([^"]+)"')


class Resources:
    """Downloads of what users and the bot have sent."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH + "/{message_id}/resources/{file_key}", self.get)]

    async def get(self, request: web.Request) -> web.Response:
        kind, key = request.query.get("type", ""), request.match_info["file_key"]
        if kind not in list(FileKind):
            raise bad_request_parameter()
        message = known_message(request, self._world, bad_request_parameter)
        if not self._world.bot_is_in(self._world.chats[message.chat_id]):
            raise app_not_in_chat()
        if message.deleted:
            raise recalled()
        if message.msg_type in WITHOUT or message.upper_message_id is not None:
            raise no_resources()
        if key not in KEYS.findall(message.content):
            raise file_not_in_message()
        stored = self._world.files.get(key)
        if stored is None or stored.kind is not FileKind(kind):
            raise bad_request_parameter()
        return sent(stored)


def sent(stored: StoredFile) -> web.Response:
    """Return a file as a download.

    Raises:
        ApiError: 234037, it is larger than 100 MB.
    """
    if len(stored.content) > LARGEST:
        raise too_large_download()
    name = quote(stored.name, safe="", errors="replace")
    headers = {
        "Content-Type": stored.content_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
    }
    return web.Response(body=stored.content, headers=headers)
