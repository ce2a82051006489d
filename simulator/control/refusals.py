"""How the control API says no: a status and `{"error": why}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

import orjson
from aiohttp import web

from simulator.wire import BodyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler

PREFIX: Final = "/_sim/"
MOST_DIGITS: Final = 6


def refuse(why: str) -> NoReturn:
    """Raise a 400."""
    raise web.HTTPBadRequest(text=_text(why), content_type="application/json")


def not_found(why: str) -> NoReturn:
    """Raise a 404."""
    raise web.HTTPNotFound(text=_text(why), content_type="application/json")


def whole_number(query: Mapping[str, str], name: str, default: int) -> int:
    """Return a number from the query, of up to six digits; anything else is a 400."""
    given = query.get(name, str(default))
    if not given.isdecimal() or len(given) > MOST_DIGITS:
        refuse(f"{name} must be a whole number of at most {MOST_DIGITS} digits")
    return int(given)


def text_field(asked: Mapping[str, object], name: str, default: str | None = None) -> str:
    """Return a string from a body; a missing one without a default is a 400."""
    found = asked.get(name, default)
    if not isinstance(found, str):
        refuse(f"{name} must be a string")
    return found


def optional_text_field(asked: Mapping[str, object], name: str) -> str | None:
    """Return a string from a body, or None if it is missing or null."""
    return None if asked.get(name) is None else text_field(asked, name)


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a malformed body of any control call with a 400."""
    try:
        return await handler(request)
    except BodyError as error:
        if request.path.startswith(PREFIX):
            refuse(str(error))
        raise


def _text(why: str) -> str:
    return orjson.dumps({"error": why}).decode()
