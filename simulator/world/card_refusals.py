"""How the platform says no to a card.

The texts are those of the error tables of cardkit-v1 and of im-v1/message/create.
"""

from __future__ import annotations

from typing import Final

from simulator.openapi.errors import ApiError

TEXTS: Final = {
    10002: "Your request contains an invalid request parameter.",
    200000: "The message card has been recalled",
    200220: "Failed to generate card content",
    200320: "The open_ids of the exclusive card are invalid",
    200740: "The card entity does not exist",
    200750: "The card entity has expired",
    200770: "UUID conflict",
    200810: "The card is in an ongoing interaction and cannot be updated",
    200850: "Card streaming timeout",
    200860: "Card content exceeds limit.",
    230001: "Your request contains an invalid request parameter",
    230025: "The length of the message content reaches its limit.",
    300020: "The format of the card update token is invalid",
    300030: "The card update token has expired",
    300040: "The card update token has been used too often",
    300090: "An exclusive card needs open_ids",
    300120: "Server Internal Error",
    300121: "Failed to replace element",
    300122: "Failed to update card configuration",
    300301: "Duplicate element_id in card component.",
    300302: "update_multi property is false",
    300303: "Only schema 2.0 is supported",
    300305: "The number of card components exceeds 200",
    300307: "The card DSL is empty",
    300309: "Card streaming closed",
    300310: "Only update text",
    300311: "The current application does not have permission to update/use this card",
    300312: "Unable to update element tag",
    300313: "Failed to update element properties",
    300314: "Failed to delete element",
    300315: "Failed to add element",
    300317: "The sequence number for operating on the card did not increment consecutively",
}


def refused(code: int, why: str = "") -> ApiError:
    """Return a refusal by cardkit, with its documented text and perhaps the reason."""
    return ApiError(code, f"{TEXTS[code]}, ext={why}" if why else TEXTS[code])


def unfit(code: int, why: str, value: str = "") -> ApiError:
    """Return the messages' 230099, whose text holds the real code."""
    text = f"Failed to create card content, ext=ErrCode: {code}; ErrMsg: {why}; "
    return ApiError(230099, text + (f"ErrorValue: {value}; " if value else ""))
