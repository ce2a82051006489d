"""How the Open API says no: HTTP 400, a code, a message, a log id (facts 3)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from simulator.wire import json_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

LOG_ID_HEADER: Final = "X-Tt-Logid"


class ApiError(Exception):
    """An answer that is not a success."""

    def __init__(
        self,
        code: int,
        msg: str,
        *,
        status: int = 400,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(msg)
        self.code = code
        self.msg = msg
        self.status = status
        self.field = field
        self.headers = headers


def fresh_log_id() -> str:
    """Return 34 characters, the time first, as the platform's log ids have it."""
    return datetime.now(UTC).strftime("%Y%m%d%H%M%S") + secrets.token_hex(10).upper()


def error_response(error: ApiError, log_id: str) -> web.Response:
    details: dict[str, object] = {"log_id": log_id}
    if error.field is not None:
        violation = {"field": error.field, "value": "", "description": error.msg}
        details["field_violations"] = [violation]
    msg = error.msg.encode("utf-8", "replace").decode()  # it may quote half a surrogate pair
    body = {"code": error.code, "msg": msg, "error": details}
    return json_response(body, status=error.status, headers=error.headers)


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


def bad_user_token() -> ApiError:
    return ApiError(99991668, "Invalid access token for authorization.")


def token_of_no_kind() -> ApiError:
    return ApiError(
        99991671, "Invalid access token for authorization. It must start with t- or u-."
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


def not_owner() -> ApiError:
    """Only what the bot itself has uploaded can it send."""
    return ApiError(230017, "Bot is NOT the owner of the resource.")


def wrong_file_type() -> ApiError:
    return ApiError(
        230055, "The type of file upload does not match the type of message being sent."
    )


def recalled() -> ApiError:
    return ApiError(230011, "The message is recalled.")


def being_sent() -> ApiError:
    """Another call with the same uuid is under way."""
    return ApiError(230049, "The message is being sent.")


def not_sender() -> ApiError:
    return ApiError(230012, "Bot is NOT the sender of the message.")


def not_sender_of_edited() -> ApiError:
    """The same in an edit, whose codes are its own (facts 3)."""
    return ApiError(230071, "The operator is not the sender of the message.")


def edited_too_often() -> ApiError:
    return ApiError(230072, "The message has reached the number of times it can be edited.")


def too_late_to_patch() -> ApiError:
    return ApiError(230031, "Message can only be modified within 14 days after sending.")


def too_late_to_recall() -> ApiError:
    return ApiError(230009, "Message can only be recalled within one days.")


def cannot_recall() -> ApiError:
    return ApiError(230026, "No permission to recall this message.")


def unsupported_type() -> ApiError:
    return ApiError(230054, "This operation is not supported for this message type.")


def too_fast(limit: int, reset: int) -> ApiError:
    """The gateway's own limit; `reset` is the whole seconds to wait."""
    return ApiError(
        99991400,
        "request trigger frequency limit",
        status=429,
        headers={"x-ogw-ratelimit-limit": str(limit), "x-ogw-ratelimit-reset": str(reset)},
    )


def chat_too_fast(ext: str) -> ApiError:
    """A user, a group or a message has had its calls; the platform does not say until when."""
    return ApiError(230020, f"This operation triggers the frequency limit, ext={ext}")


def quota_spent() -> ApiError:
    return ApiError(99991403, "This month's API call quota has been exceeded", status=429)


def no_such_message() -> ApiError:
    """No message has this id, or it is so old that the simulator has dropped it.

    Of the documented codes 230001 says the least that could be untrue: 230110 would claim the
    message had been deleted, 230002 that its chat is closed to the bot.
    """
    return bad_parameter("invalid message_id")
