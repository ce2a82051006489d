"""The model's bad days, which are faults (`/_sim/faults`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.faults.api_faults import ModelCut, ModelError, ModelGarbage, ModelHang
from simulator.openapi.calls import api_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.faults.faults import Faults
    from simulator.model.pace import Line, Pace

GARBAGE: Final = b"data: <html>502 Bad Gateway</html>\n\ndata: {\x00not json\n\n"
STREAM: Final = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP status, and in how many seconds to come back."""

    status: int
    retry_after: float

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": f"{self.retry_after:g}"} if self.retry_after else {}


class BadDays:
    """Asked by both APIs before and while they answer; faults are aimed by path."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def before(self, request: web.Request) -> Refusal | web.StreamResponse | None:
        """Return a refusal or the garbage that takes the answer's place; or never return."""
        if self._faults.take(ModelHang, api=api_of(request)):
            await asyncio.Event().wait()
        if error := self._faults.take(ModelError, api=api_of(request)):
            return Refusal(error.status, error.retry_after)
        if self._faults.take(ModelGarbage, api=api_of(request)):
            return web.Response(body=GARBAGE, headers=STREAM)
        return None

    async def stream(
        self, request: web.Request, lines: Iterable[Line], pace: Pace
    ) -> web.StreamResponse:
        """Send the lines as they are due; cut off after so many tokens on a bad day."""
        response = web.StreamResponse(headers=STREAM)
        await response.prepare(request)
        left = self._tokens_until_cut(request)
        async for line in pace.spoken(lines):
            if line.is_token and left == 0:
                _cut(request)
                break
            await response.write(line.text)
            left -= line.is_token
        return response

    async def silence(self, request: web.Request, tokens: int, pace: Pace) -> None:
        """Wait until an answer in one piece is said; on a bad day it never will be."""
        await pace.silence(tokens)
        if self._tokens_until_cut(request) >= 0:
            _cut(request)

    def _tokens_until_cut(self, request: web.Request) -> int:
        """Return -1 on a good day."""
        cut = self._faults.take(ModelCut, api=api_of(request))
        return max(0, cut.after) if cut else -1


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
