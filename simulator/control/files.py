"""`/_sim/files`: files a user is about to send, and all files as the page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.control.refusals import not_found, refuse
from simulator.wire import json_response
from simulator.world.files import FileKind
from simulator.world.sniffing import content_type

if TYPE_CHECKING:
    from simulator.world.files import Files

LONGEST_NAME: Final = 255
SHOWN: Final = ("image/", "video/", "audio/")
"""What the page may show in itself; all else is offered as a download."""


class UserFiles:
    """Uploads go by their bytes: what looks like an image gets an `image_key`."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/_sim/files", self.store),
            web.get("/_sim/files/{key}", self.serve),
        ]

    async def store(self, request: web.Request) -> web.Response:
        """Keep the raw body under `?name=`; `?kind=file` keeps an image as a file."""
        content = await request.read()
        name = request.query.get("name", "file")
        if not content:
            refuse("the body is empty")
        if not name or len(name) > LONGEST_NAME:
            refuse(f"name must have 1 to {LONGEST_NAME} characters")
        kind = _kind(request.query.get("kind"), content)
        key = self._files.add(content, name, kind)
        field = "image_key" if kind is FileKind.IMAGE else "file_key"
        return json_response({field: key, "name": name, "content_type": content_type(content)})

    async def serve(self, request: web.Request) -> web.Response:
        stored = self._files.get(request.match_info["key"])
        if stored is None:
            not_found("there is no such file")
        shown = stored.content_type.startswith(SHOWN)
        headers = {
            "Content-Type": stored.content_type,
            "Content-Disposition": "inline" if shown else "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600, immutable",
        }
        return web.Response(body=stored.content, headers=headers)


def _kind(asked: str | None, content: bytes) -> FileKind:
    if asked is None:
        is_image = content_type(content).startswith("image/")
        return FileKind.IMAGE if is_image else FileKind.FILE
    if asked not in list(FileKind):
        refuse(f"kind must be one of {', '.join(FileKind)}")
    return FileKind(asked)
