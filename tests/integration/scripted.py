"""A Feishu of a few lines, for answers that a test wants to choose itself."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web

from shared.feishu.transport import connected
from shared.settings import Feishu

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from shared.feishu.transport import Transport

Answer = dict[str, Any] | web.Response


class Scripted:
    """Answers each path by a function of how often it was asked before; counts the calls."""

    def __init__(self, **answers: Callable[[int], Answer]) -> None:
        self._answers = answers
        self.calls: dict[str, int] = dict.fromkeys(answers, 0)
        self.seen: list[web.Request] = []
        self.bodies: list[dict[str, Any]] = []
        self.domain = ""
        self.transport: Transport

    @property
    def feishu(self) -> Feishu:
        return Feishu(app_id="cli_0123456789abcdef", app_secret="secret", domain=self.domain)  # type: ignore[arg-type]

    async def answer(self, request: web.Request) -> web.Response:
        name = next(name for name in self._answers if name in request.path)
        count = self.calls[name]
        self.calls[name] += 1
        self.seen.append(request)
        if request.can_read_body:
            self.bodies.append(await request.json())
        answer = self._answers[name](count)
        return answer if isinstance(answer, web.Response) else web.json_response(answer)


@asynccontextmanager
async def scripted(
    *, timeout: float = 10.0, **answers: Callable[[int], Answer]
) -> AsyncIterator[Scripted]:
    """Serve on loopback until the end of the block, with a transport that leads there."""
    script = Scripted(**answers)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", script.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    script.domain = f"http://{host}:{port}"
    try:
        async with connected(script.domain, timeout=timeout) as script.transport:
            yield script
    finally:
        await runner.cleanup()


def token(count: int) -> Answer:
    return {"code": 0, "tenant_access_token": f"t-{count}", "expire": 7200}
