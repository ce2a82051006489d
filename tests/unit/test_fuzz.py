"""Whatever bytes come in: a value, or MalformedEvent, and nothing else."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingress.sources import frames
from ingress.sources.fragments import Fragments
from shared.errors import MalformedEvent
from shared.feishu.endpoint import ClientConfig
from shared.feishu.events import Identify
from shared.feishu.messages import read_message
from shared.store.mailbox import decode
from tests.factories import MENTION_OF_BOT, message

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
EVENT = message("@_user_1 hi", thread="omt_1", mentions=[MENTION_OF_BOT])
FRAME = frames.ping(7)
identify = Identify(at_most=10**6, keep=["*"])

many = settings(max_examples=300, deadline=None)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    if isinstance(value, dict | list):
        for key, inner in items:
            found += places(inner, (*path, key)) if isinstance(inner, dict | list) else []
            found.append((*path, key))
    return found


@many
@given(place=st.sampled_from(places(EVENT)), instead=ANYTHING, gone=st.booleans())
def test_event_with_anything_anywhere_is_read_or_malformed(
    place: tuple[str | int, ...], instead: Any, gone: bool
) -> None:
    event = json.loads(json.dumps(EVENT))
    *way, last = place
    holder = event
    for step in way:
        holder = holder[step]
    if gone:
        del holder[last]
    else:
        holder[last] = instead

    payload = json.dumps(event).encode()

    for read in (lambda: identify(payload), lambda: read_message(payload)):
        with contextlib.suppress(MalformedEvent):
            read()


@many
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_malformed(noise: bytes) -> None:
    for read in (
        lambda: identify(noise),
        lambda: read_message(noise),
        lambda: frames.decode(noise),
        lambda: decode(noise),
    ):
        with contextlib.suppress(MalformedEvent):
            read()


@many
@given(at=st.integers(0, len(FRAME) - 1), byte=st.integers(0, 255), cut=st.integers(0, 40))
def test_damaged_frame_is_read_or_malformed(at: int, byte: int, cut: int) -> None:
    damaged = bytearray(FRAME)
    damaged[at] = byte

    with contextlib.suppress(MalformedEvent):
        frame = frames.decode(bytes(damaged)[: len(FRAME) - cut])
        Fragments().add(frame)
        frame.answered(b'{"code":200}', milliseconds=1)


@many
@given(
    st.dictionaries(
        st.sampled_from(["PingInterval", "ReconnectInterval", "ReconnectNonce"]),
        st.floats() | st.integers() | ANYTHING,
    )
)
def test_any_config_leaves_a_config(pushed: Any) -> None:
    config = ClientConfig().updated(pushed)

    assert 1.0 <= config.ping_interval <= 600.0
    assert 0.0 <= config.reconnect_jitter <= 120.0
