"""From an event to its frames, and back from an ack to the frames it answers."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import orjson

from simulator.events.event import Order
from simulator.gateway.frames import Frame, Method, encode
from simulator.ids import FrameId

if TYPE_CHECKING:
    from simulator.events.event import Event

SERVICE_ID: Final = 33554678
INSTANCE_ID: Final = secrets.token_urlsafe(24)
"""Stands for the encrypted address of the gateway machine (facts 1.3); clients echo it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """In how many frames an event goes out, in which order, and of which type."""

    parts: int = 1
    order: Order = Order.IN_ORDER
    frame_type: str = "event"


WHOLE: Final = Cut()


def frames_of(event: Event, frame_id: FrameId, sequence: int, cut: Cut = WHOLE) -> list[bytes]:
    """Encode an event, in as many frames as it is to be split into (facts 1.4)."""
    slices = _split(event.payload, cut.parts)
    frames = [
        _frame(cut.frame_type, frame_id, sequence, part, len(slices), seq)
        for seq, part in enumerate(slices)
    ]
    return frames if cut.order is Order.IN_ORDER else frames[::-1]


def answered_frame(ack: Frame) -> FrameId:
    """Return which frames an ack answers; an ack that names none answers nothing."""
    return FrameId(ack.headers.get("message_id", ""))


def ack_code(ack: Frame) -> int | None:
    """Return the code of an ack, or None if its payload is not of the documented shape."""
    try:
        body = orjson.loads(ack.payload)
    except orjson.JSONDecodeError:
        return None
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, int) else None


def _frame(
    frame_type: str, frame_id: FrameId, sequence: int, payload: bytes, parts: int, seq: int
) -> bytes:
    headers = {
        "type": frame_type,
        "message_id": frame_id,
        "sum": str(parts),
        "seq": str(seq),
        "trace_id": secrets.token_hex(16),
        "timestamp": str(int(time.time() * 1000)),
        "instance_id": INSTANCE_ID,
    }
    return encode(
        Frame(
            seq_id=sequence,
            log_id=time.time_ns(),
            service=SERVICE_ID,
            method=Method.DATA,
            headers=headers,
            payload=payload,
        )
    )


def _split(payload: bytes, parts: int) -> list[bytes]:
    if parts == 1:
        return [payload]
    # No part may be empty: clients take an empty one for one that has not arrived yet.
    parts = max(1, min(parts, len(payload)))
    bounds = [len(payload) * part // parts for part in range(parts + 1)]
    return [payload[start:end] for start, end in pairwise(bounds)]
