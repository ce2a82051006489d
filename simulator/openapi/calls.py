"""The Open API's front door: a log id on every answer, and a record of every call."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import web

from simulator.openapi.errors import (
    LOG_ID_HEADER,
    ApiError,
    bad_request,
    error_response,
    fresh_log_id,
)
from simulator.wire import BodyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.typedefs import Handler

PREFIXES: Final = ("/open-apis/", "/callback/")
KEPT: Final = 1_000
APP_ID: Final = web.RequestKey("app_id", str)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. Never its body, and never its token. `at` is seconds since the epoch."""

    at: float
    method: str
    path: str
    api: str
    code: int | None
    http_status: int
    ms: float
    app_id: str | None


class Calls:
    """The last calls, and how often each path answered each code."""

    def __init__(self) -> None:
        self._kept: deque[Call] = deque(maxlen=KEPT)
        self._listeners: list[Callable[[Call], None]] = []
        self.counts: Counter[tuple[str, int | None]] = Counter()

    def listen(self, listener: Callable[[Call], None]) -> None:
        """Have `listener` called with every call that has been answered."""
        self._listeners.append(listener)

    def newest(self, limit: int) -> list[Call]:
        """Return up to `limit` calls, newest last."""
        return list(self._kept)[-limit:] if limit else []

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(PREFIXES):
            return await handler(request)
        started_at = time.perf_counter()
        log_id = fresh_log_id()
        response = await _answer(request, handler, log_id)
        response.headers[LOG_ID_HEADER] = log_id
        self._record(request, response, (time.perf_counter() - started_at) * 1000)
        return response

    def _record(self, request: web.Request, response: web.Response, ms: float) -> None:
        code = _code(response)
        if request.match_info.http_exception is None:  # paths nobody serves have no end
            self.counts[api_of(request), code] += 1
        call = Call(
            at=time.time(),
            method=request.method,
            path=request.path,
            api=api_of(request),
            code=code,
            http_status=response.status,
            ms=round(ms, 3),
            app_id=request.get(APP_ID),
        )
        self._kept.append(call)
        for listener in self._listeners:
            listener(call)


def api_of(request: web.Request) -> str:
    """Return what is limited and counted by itself: the method and the path's template."""
    resource = request.match_info.route.resource
    template = request.path if resource is None else resource.canonical
    return f"{request.method} {template}"


async def _answer(request: web.Request, handler: Handler, log_id: str) -> web.Response:
    try:
        response = await handler(request)
    except ApiError as error:
        return error_response(error, log_id)
    except BodyError:
        return error_response(bad_request(), log_id)
    except web.HTTPException as error:
        return web.Response(status=error.status, text=error.text)
    if not isinstance(response, web.Response):
        raise TypeError("the Open API does not stream")
    return response


def _code(response: web.Response) -> int | None:
    if response.content_type != "application/json" or not isinstance(response.body, bytes):
        return None
    answer = orjson.loads(response.body)
    code = answer.get("code") if isinstance(answer, dict) else None
    return code if isinstance(code, int) else None
