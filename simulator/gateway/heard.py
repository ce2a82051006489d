"""What a callback was answered with over the long connection (facts 1.4)."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

import orjson

from simulator.gateway.flight import Failure, Outcome

if TYPE_CHECKING:
    from typing import Any


def callback_outcome(payload: bytes) -> Outcome:
    """Read an ack whose code is a success; without `data` nothing is shown to the user."""
    told = orjson.loads(payload).get("data")
    if told is None or told == "":
        return Outcome(answer={})
    try:
        answer: Any = orjson.loads(base64.b64decode(told, validate=True))
    except (ValueError, TypeError, binascii.Error):
        answer = None
    if not isinstance(answer, dict):
        return Outcome("data is not the base64 of a JSON object", Failure.MALFORMED)
    return Outcome(answer=answer)
