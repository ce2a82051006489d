"""How the Open API says no: HTTP 400, a code, a message, a log id (facts 3)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from simulator.wire import json_response

if TYPE_CHECKING:
    from aiohttp import web

LOG_ID_HEADER: Final = "X-Tt-Logid"


class ApiError(Exception):
    """An answer that is not a success."""

    def __init__(self, code: int, msg: str, *, status: int = 400, field: str | None = None) -> None:
        super().__init__(msg)
        self.code = code
        self.msg = msg
        self.status = status
        self.field = field


def fresh_log_id() -> str:
    """Return 34 characters, the time first, as the platform's log ids have it."""
    return datetime.now(UTC).strftime("%Y%m%d%H%M%S") + secrets.token_hex(10).upper()


def error_response(error: ApiError, log_id: str) -> web.Response:
    details: dict[str, object] = {"log_id": log_id}
    if error.field is not None:
        violation = {"field": error.field, "value": "", "description": error.msg}
        details["field_violations"] = [violation]
    body = {"code": error.code, "msg": error.msg, "error": details}
    return json_response(body, status=error.status)


def bad_request() -> ApiError:
    """The body is not a JSON object."""
    return ApiError(9499, "Bad Request")


def no_token() -> ApiError:
    return ApiError(99991661, "Missing access token for authorization.")


def bad_token() -> ApiError:
    return ApiError(
        99991663,
        "Invalid access token for authorization. Please make a request with token attached.",
    )


def bad_field(field: str) -> ApiError:
    """A parameter is missing or of the wrong type."""
    return ApiError(99992402, "field validation failed", field=field)


def bad_parameter(why: str) -> ApiError:
    return ApiError(230001, f"Your request contains an invalid request parameter, ext={why}")


def not_in_chat() -> ApiError:
    return ApiError(230002, "Bot/User can NOT be out of the chat.")


def user_not_in_scope() -> ApiError:
    return ApiError(230013, "Bot has NO availability to this user.")


def too_long() -> ApiError:
    return ApiError(230025, "The length of the message content reaches its limit.")


def no_such_message() -> ApiError:
    """No message has this id, or it is so old that the simulator has dropped it.

    Of the documented codes 230001 says the least that could be untrue: 230110 would claim the
    message had been deleted, 230002 that its chat is closed to the bot.
    """
    return bad_parameter("invalid message_id")
