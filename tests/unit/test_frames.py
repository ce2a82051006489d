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

    assert (frame.method, frame.service, frame.payload) == (frames.DATA, 3, b"{}")
    assert frame.headers == {"type": "event", "message_id": "m"}


def test_ack_is_the_same_frame_with_another_payload_and_its_time() -> None:
    ack = frames.decode(frames.decode(EVENT).answered(b'{"code":200}', milliseconds=7))

    assert ack.headers == {"type": "event", "message_id": "m", "biz_rt": "7"}
    assert (ack.payload, ack.wire.SeqID, ack.wire.LogID) == (b'{"code":200}', 1, 2)


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
        EVENT.replace(b"event", b"\xff\xfe\xfd\xfc\xfb"),
    ],
    ids=["empty", "text", "noise", "cut_short", "no_SeqID", "not_UTF-8"],
)
def test_what_is_no_frame_is_malformed(message: bytes) -> None:
    with pytest.raises(MalformedEvent) as caught:
        frames.decode(message)

    assert caught.value.reason == "not_a_frame"
