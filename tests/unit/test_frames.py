from __future__ import annotations

import pytest

from ingress.sources import frames
from shared.errors import MalformedEvent

# Written by hand from the wire format, not by our encoder: SeqID 1, LogID 2, service 3, method 1,
# headers type=event and message_id=m, payload {}.
EVENT = (
    b"\x08\x01\x10\x02\x18\x03\x20\x01"
    b"\x2a\x0d\x0a\x04type\x12\x05event"
    b"\x2a\x0f\x0a\x0amessage_id\x12\x01m"
    b"\x42\x02{}"
)


def test_frame_is_read_field_by_field() -> None:
    frame = frames.decode(EVENT)

    assert (frame.method, frame.payload) == (frames.DATA, b"{}")
    assert (frame.type, frame.header("message_id"), frame.header("sum")) == ("event", "m", "")


def test_ack_is_the_same_frame_with_another_payload_and_its_time() -> None:
    ack = frames.decode(EVENT).answered(b'{"code":200}', milliseconds=7)

    headers = EVENT.removesuffix(b"\x42\x02{}")
    assert ack == headers + b"\x2a\x0b\x0a\x06biz_rt\x12\x017" + b'\x42\x0c{"code":200}'


@pytest.mark.parametrize("size", [0, 1, 127, 128, 1_000, 200_000])
def test_ack_keeps_what_follows_the_payload_and_loses_the_payload(size: int) -> None:
    payload = b"p" * size
    wire = frames._Frame(SeqID=1, LogID=2, service=3, method=1, payload=payload, LogIDNew="id")

    ack = frames.decode(wire.SerializeToString()).answered(b"done", milliseconds=0)

    read = frames._Frame.FromString(ack)
    assert (read.payload, read.LogIDNew, read.headers["biz_rt"]) == (b"done", "id", "0")
    assert len(ack) < 50


def test_ping_is_the_smallest_frame_a_server_takes() -> None:
    assert frames.ping(5) == b"\x08\x00\x10\x00\x18\x05\x20\x00\x2a\x0c\x0a\x04type\x12\x04ping"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"hello",
        b"\xff" * 50,
        EVENT[:20],
        EVENT[2:],
    ],
    ids=["empty", "text", "noise", "cut_short", "no_SeqID"],
)
def test_what_is_no_frame_is_malformed(message: bytes) -> None:
    with pytest.raises(MalformedEvent) as caught:
        frames.decode(message)

    assert caught.value.reason == "not_a_frame"


def test_header_that_is_no_text_counts_as_missing_and_is_echoed_all_the_same() -> None:
    odd = EVENT.replace(b"event", b"\xff\xfe\xfd\xfc\xfb")

    frame = frames.decode(odd)

    assert (frame.type, frame.header("message_id")) == ("", "m")
    assert b"\xff\xfe\xfd\xfc\xfb" in frame.answered(b"{}", milliseconds=1)
