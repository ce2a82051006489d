"""The chat page at `/`: three hand-written files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web

HERE: Final = Path(__file__).parent
FILES: Final = {"/": "index.html", "/page.css": "page.css", "/page.js": "page.js"}
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:"
)
"""The browser itself refuses what is not ours, and any script that came in with a message."""


class Page:
    """Serves them, with a policy that lets nothing else run."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get(path, partial(_serve, HERE / name)) for path, name in FILES.items()]


async def _serve(path: Path, _: web.Request) -> web.FileResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return web.FileResponse(path, headers=headers)
