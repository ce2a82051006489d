"""JSON over HTTP, the one way every room reads and answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class BodyError(ValueError):
    """The request body is not a JSON object."""


def json_response(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        body=orjson.dumps(body),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


async def json_object(
    request: web.Request, loads: Callable[[bytes], Any] = orjson.loads
) -> dict[str, Any]:
    """Read the body as a JSON object.

    Raises:
        BodyError: it is something else, or not JSON.
    """
    try:
        body = loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise BodyError(f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise BodyError("the body is not a JSON object")
    return body
