from __future__ import annotations

import random

import pytest

from simulator.gateway.frames import Frame, FrameError, Method, decode, encode

PING = bytes.fromhex("0800 1000 1801 2000 2a0c 0a0474797065 120470696e67")
"""A ping as official clients write it, by hand: four varints and the header type=ping."""


def test_frame_survives_the_wire() -> None:
    frame = Frame(
        seq_id=2**63,
        log_id=7,
        service=33554678,
        method=Method.DATA,
        headers={"type": "event", "message_id": "ünïcode", "sum": "1", "seq": "0"},
        payload=b'{"text":"\xe4\xbd\xa0\xe5\xa5\xbd"}\x00\xff',
    )

    assert decode(encode(frame)) == frame


def test_ping_of_an_official_client_is_read() -> None:
    assert decode(PING) == Frame(service=1, method=Method.CONTROL, headers={"type": "ping"})


def test_zero_numbers_are_written_because_clients_require_them() -> None:
    written = encode(Frame(service=1, method=Method.CONTROL, headers={"type": "ping"}))

    assert written.startswith(PING[:8])


@pytest.mark.parametrize(
    "received",
    [
        b"",
        b"\xff",
        b"hello",
        PING[:-1],
        PING[2:],
        bytes.fromhex("0800 1000 1801 2000 2a03 0a0178"),
    ],
    ids=["empty", "noise", "text", "cut", "no SeqID", "header without value"],
)
def test_bytes_that_are_no_frame_are_refused(received: bytes) -> None:
    with pytest.raises(FrameError):
        decode(received)


def test_noise_never_raises_anything_else() -> None:
    noise = random.Random(5)

    for _ in range(5_000):
        damaged = bytearray(PING)
        for _ in range(noise.randint(1, 4)):
            damaged[noise.randrange(len(damaged))] = noise.randrange(256)
        try:
            decode(bytes(damaged))
        except FrameError:
            continue
