"""A frame: one binary WebSocket message, in our words and on the wire (facts 1.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from google.protobuf.message import DecodeError

from simulator.gateway.pbbp2 import frame_class

_WireFrame: Final = frame_class()


class FrameError(ValueError):
    """The bytes are not a pbbp2 frame."""


class Method(IntEnum):
    """What a frame is for: keeping the connection, or carrying an event or its ack."""

    CONTROL = 0
    DATA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The four numbers are required on the wire: official clients refuse a frame without."""

    seq_id: int = 0
    log_id: int = 0
    service: int = 0
    method: int
    headers: dict[str, str] = field(default_factory=dict)
    payload: bytes = b""


def encode(frame: Frame) -> bytes:
    wire = _WireFrame(
        SeqID=frame.seq_id,
        LogID=frame.log_id,
        service=frame.service,
        method=frame.method,
        payload=frame.payload,
    )
    add = wire.headers.add
    for key, value in frame.headers.items():
        add(key=key, value=value)
    encoded: bytes = wire.SerializeToString()
    return encoded


def decode(received: bytes) -> Frame:
    """Read a frame; a header that comes twice counts with its last value.

    Raises:
        FrameError: the bytes are no frame, or lack a required field.
    """
    wire = _WireFrame()
    try:
        wire.ParseFromString(received)
        headers = {header.key: header.value for header in wire.headers}
    except (DecodeError, UnicodeDecodeError) as error:
        raise FrameError(str(error)) from error
    if not wire.IsInitialized():
        raise FrameError("a required field is missing")
    return Frame(
        seq_id=wire.SeqID,
        log_id=wire.LogID,
        service=wire.service,
        method=wire.method,
        headers=headers,
        payload=wire.payload,
    )
