"""Which calls and codes may be labels of a metric: those that Larkspur knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.errors import FeishuRateLimited, FeishuRejected
from shared.feishu import refusals
from shared.telemetry.metric import OTHER

if TYPE_CHECKING:
    from shared.errors import LarkspurError
    from shared.feishu.call import Call

ACCEPTED: Final = "0"

UNANSWERED: Final = "none"
"""Stands for a call that had no answer, or none that Feishu gave."""

_MESSAGE: Final = "/open-apis/im/v1/messages/:message_id"
_CARD: Final = "/open-apis/cardkit/v1/cards/:card_id"

_CALLS: Final = frozenset(
    {
        "GET /open-apis/bot/v3/info",
        "POST /open-apis/im/v1/messages",
        f"GET {_MESSAGE}",
        f"PATCH {_MESSAGE}",
        f"POST {_MESSAGE}/reply",
        f"GET {_MESSAGE}/resources/:file_key",
        f"POST {_MESSAGE}/reactions",
        f"DELETE {_MESSAGE}/reactions/:reaction_id",
        "POST /open-apis/im/v1/images",
        "POST /open-apis/im/v1/files",
        "POST /open-apis/cardkit/v1/cards",
        f"PUT {_CARD}",
        f"PATCH {_CARD}/settings",
        f"PUT {_CARD}/elements/:element_id/content",
        "GET /open-apis/contact/v3/users/:user_id",
    }
)

_CODES: Final = frozenset(
    {
        *refusals.RATE_LIMITED,
        *refusals.BAD_CREDENTIALS,
        *refusals.BAD_TOKEN,
        *refusals.GONE,
        *refusals.UNGRANTED,
        *refusals.UNSHOWABLE,
        *refusals.THREADLESS,
        *refusals.STREAMING_ENDED,
        *(refusals.SPENT, refusals.OUTPACED),
    }
)


def label_of(call: Call) -> str:
    """Return what names a call; those that only a team makes share one name."""
    name = str(call)
    return name if name in _CALLS else OTHER


def code_of(fault: LarkspurError) -> str:
    """Return the code that a call was refused with, as far as it is one of those known."""
    if not isinstance(fault, FeishuRejected | FeishuRateLimited):
        return UNANSWERED
    return str(fault.code) if fault.code in _CODES else OTHER
