"""The chat page at `/`: hand-written files, served as they are."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web

HERE: Final = Path(__file__).parent
SERVED: Final = ("scripts/*.js", "styles/*.css")
FOUND: Final = sorted(path for pattern in SERVED for path in HERE.glob(pattern))
FILES: Final = {
    "/": HERE / "index.html",
    **{f"/{path.relative_to(HERE).as_posix()}": path for path in FOUND},
}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types sanitised"
)
"""The browser itself refuses what is not ours, any script that came in with a message, and
HTML that did not come through the one door of `scripts/html.js`."""
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Page:
    """Serves the files that were there when the simulator started, and no others."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get(address, partial(_serve, path)) for address, path in FILES.items()]


async def _serve(path: Path, _: web.Request) -> web.FileResponse:
    return web.FileResponse(path, headers=HEADERS)
