"""Bodies that inflate without end, or go on after it."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import NotFetched
from shared.feishu.decoding import Decoder

MIB = 1024 * 1024


def test_decoder_never_holds_more_than_one_byte_too_many() -> None:
    bomb = gzip.compress(bytes(64 * MIB), 9)
    decoder = Decoder("gzip", at_most=1000)

    with pytest.raises(NotFetched):
        decoder.take(bomb)

    assert len(decoder._content) == 1001


def test_bytes_after_the_end_of_what_was_deflated_count_too() -> None:
    decoder = Decoder("gzip", at_most=1000)
    decoder.take(gzip.compress(b"words"))

    decoder.take(bytes(500))

    with pytest.raises(NotFetched) as refused:
        decoder.take(bytes(500))

    assert refused.value.reason == "large"


@given(st.binary(), st.integers(1, 50), st.sampled_from(["", "identity", "gzip"]))
def test_body_is_the_same_in_pieces_of_any_size(body: bytes, size: int, encoding: str) -> None:
    sent = gzip.compress(body) if encoding == "gzip" else body
    decoder = Decoder(encoding, at_most=MIB)

    for place in range(0, len(sent), size):
        decoder.take(sent[place : place + size])

    assert decoder.content() == body
