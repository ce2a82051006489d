"""`im/v1/images` and `im/v1/files`: up and down (server-docs/im-v1/image, .../file)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.openapi.forms import read_form
from simulator.openapi.resource_errors import (
    bad_request_parameter,
    not_an_image,
    not_uploader,
    too_large_picture,
)
from simulator.openapi.resources import sent
from simulator.wire import json_response
from simulator.world.files import FileKind
from simulator.world.sniffing import content_type, image_size

if TYPE_CHECKING:
    from simulator.world.world import World

IMAGES: Final = "/open-apis/im/v1/images"
FILES: Final = "/open-apis/im/v1/files"

LARGEST_IMAGE: Final = 10 * 1024 * 1024
LARGEST_FILE: Final = 30 * 1024 * 1024
WIDEST: Final = 12_000
WIDEST_GIF: Final = 2_000
FILE_TYPES: Final = frozenset({"opus", "mp4", "pdf", "doc", "xls", "ppt", "stream"})


class Uploads:
    """An app gets back only what it has uploaded itself; users' files are resources."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(IMAGES, self.store_image),
            web.post(FILES, self.store_file),
            web.get(IMAGES + "/{key}", self.image),
            web.get(FILES + "/{key}", self.file),
        ]

    async def store_image(self, request: web.Request) -> web.Response:
        form = await read_form(request, "image", LARGEST_IMAGE)
        if form.fields.get("image_type") not in ("message", "avatar"):
            raise bad_request_parameter()
        _check_picture(form.content)
        key = self._world.files.add(
            form.content, "image", FileKind.IMAGE, file_type="image", by_bot=True
        )
        return json_response({"code": 0, "msg": "success", "data": {"image_key": key}})

    async def store_file(self, request: web.Request) -> web.Response:
        form = await read_form(request, "file", LARGEST_FILE)
        file_type, name = form.fields.get("file_type", ""), form.fields.get("file_name", "")
        duration = form.fields.get("duration") or "0"
        if file_type not in FILE_TYPES or not name or not duration.isdecimal():
            raise bad_request_parameter()
        key = self._world.files.add(
            form.content, name, FileKind.FILE, file_type=file_type, by_bot=True
        )
        return json_response({"code": 0, "msg": "success", "data": {"file_key": key}})

    async def image(self, request: web.Request) -> web.Response:
        return self._own(request, FileKind.IMAGE)

    async def file(self, request: web.Request) -> web.Response:
        return self._own(request, FileKind.FILE)

    def _own(self, request: web.Request, kind: FileKind) -> web.Response:
        stored = self._world.files.get(request.match_info["key"])
        if stored is None or stored.kind is not kind:
            raise bad_request_parameter()
        if not stored.by_bot:
            raise not_uploader()
        return sent(stored)


def _check_picture(content: bytes) -> None:
    kind = content_type(content)
    if not kind.startswith("image/"):
        raise not_an_image()
    widest = WIDEST_GIF if kind == "image/gif" else WIDEST
    if max(image_size(content) or (0, 0)) > widest:
        raise too_large_picture()
