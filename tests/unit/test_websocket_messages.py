from __future__ import annotations

import pytest
from picows import WSFrame, WSMsgType
from picows.picows import _make_test_ws_frame

from ingress.sources.messages import MESSAGE_AT_MOST, Messages
from shared.errors import MalformedEvent

BINARY, TEXT, CONTINUATION = WSMsgType.BINARY, WSMsgType.TEXT, WSMsgType.CONTINUATION


def frame(payload: bytes, kind: WSMsgType = BINARY, *, fin: bool = True) -> WSFrame:
    return _make_test_ws_frame(kind, payload, fin, False)


def test_message_in_one_frame_is_whole() -> None:
    assert Messages().add(frame(b"whole")) == b"whole"


def test_message_in_parts_is_put_together_around_control_frames() -> None:
    messages = Messages()

    heard = [
        messages.add(frame(b"a", fin=False)),
        messages.add(frame(b"still there", WSMsgType.PONG)),
        messages.add(frame(b"", CONTINUATION, fin=False)),
        messages.add(frame(b"b", CONTINUATION)),
        messages.add(frame(b"next")),
    ]

    assert heard == [None, None, None, b"ab", b"next"]


@pytest.mark.parametrize("fin", [True, False])
def test_text_is_refused_with_all_its_parts(fin: bool) -> None:
    messages = Messages()

    for part in (frame(b"t", TEXT, fin=fin), frame(b"t", CONTINUATION)):
        with pytest.raises(MalformedEvent) as refused:
            messages.add(part)
        assert refused.value.reason == "not_binary"

    assert messages.add(frame(b"next")) == b"next"


def test_message_that_was_not_finished_is_forgotten_for_the_next() -> None:
    messages = Messages()
    messages.add(frame(b"unfinished", fin=False))

    assert messages.add(frame(b"next", fin=False)) is None
    assert messages.add(frame(b"!", CONTINUATION)) == b"next!"


@pytest.mark.parametrize("part", [b"x" * (MESSAGE_AT_MOST // 8), b""])
def test_message_in_parts_without_end_is_given_up(part: bytes) -> None:
    messages = Messages()
    messages.add(frame(part, fin=False))

    def swallow() -> None:
        for _ in range(MESSAGE_AT_MOST):
            messages.add(frame(part, CONTINUATION, fin=False))

    with pytest.raises(MalformedEvent) as refused:
        swallow()

    assert refused.value.reason == "too_large"
    assert messages.add(frame(b"next")) == b"next"
