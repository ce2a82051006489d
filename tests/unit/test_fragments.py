from __future__ import annotations

import itertools

import pytest

from ingress.sources import frames
from ingress.sources.fragments import WAIT, Fragments
from ingress.sources.frames import DATA, Frame
from shared.errors import MalformedEvent


def part(payload: bytes, *, seq: object, total: object, message_id: str = "m") -> Frame:
    headers = {"message_id": message_id, "sum": str(total), "seq": str(seq)}
    wire = frames._Frame(SeqID=1, LogID=1, service=1, method=DATA, headers=headers, payload=payload)
    return Frame(b"", wire)


def test_unsplit_event_passes_at_once() -> None:
    assert Fragments().add(part(b"whole", seq=0, total=1)) == b"whole"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_parts_are_put_together_in_any_order(order: tuple[int, ...]) -> None:
    fragments, parts = Fragments(), [b"a", b"", b"c"]

    results = [fragments.add(part(parts[seq], seq=seq, total=3)) for seq in order]

    assert results == [None, None, b"ac"]


def test_repeated_part_does_not_complete_an_event() -> None:
    fragments = Fragments()

    results = [fragments.add(part(b"a", seq=0, total=2)) for _ in range(3)]

    assert results == [None, None, None]


def test_parts_of_events_of_different_length_are_not_mixed() -> None:
    fragments = Fragments()
    fragments.add(part(b"x", seq=5, total=9))

    results = [fragments.add(part(b"ab", seq=seq, total=2)) for seq in range(2)]

    assert results == [None, b"abab"]


def test_parts_that_waited_too_long_are_forgotten() -> None:
    now = 0.0
    fragments = Fragments(clock=lambda: now)
    fragments.add(part(b"a", seq=0, total=2))

    now = WAIT + 1

    assert fragments.add(part(b"b", seq=1, total=2)) is None


def test_unfinished_events_are_bounded() -> None:
    fragments = Fragments()

    for number in range(1000):
        fragments.add(part(b"x", seq=0, total=2, message_id=str(number)))

    assert len(fragments._partial) <= 256


@pytest.mark.parametrize(
    ("seq", "total"), [(2, 2), (0, 10_000), ("x", 2), (0, "-1"), (0, "9" * 50), ("²", 3)]
)
def test_parts_that_make_no_sense_are_malformed(seq: object, total: object) -> None:
    with pytest.raises(MalformedEvent):
        Fragments().add(part(b"a", seq=seq, total=total))
