"""What the dedup remembers of an event: a bucket, and in it a number for each of its ids.

A set of whole numbers, as long as it has at most 512 of them, is kept by Redis as a sorted array
of 8 bytes each (`set-max-intset-entries`, 512 by default in all versions). So ids are hashed: of
the one that a redelivery shares for sure, 14 bits choose one of 16,384 small sets; 64 of each are
its members. On a day with a million messages (two
ids each: 122 members a set) a new id is taken for a known one once in 10^17 times. From about four
million messages a day on, the sets grow out of this form, and an id costs about 45 bytes.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from shared.model.ids import EventId, MessageId

SECONDS: Final = 24 * 3600
"""How long an event is remembered at least; the ladder of redeliveries lasts 7.1 h (facts 2.1)."""

_FINGERPRINT: Final = Struct(">Hq")
_BUCKETS: Final = 16_384


class Fingerprint(NamedTuple):
    """What is remembered of an event; `message` is empty where there is none."""

    bucket: int
    event: int
    message: int | str


def fingerprint(event_id: EventId, message_id: MessageId | None) -> Fingerprint:
    """Return what to remember of ids of any length, whatever they hold.

    One message may come under several event ids, but no event with several messages (facts 2.1):
    so its bucket is its message's.
    """
    bucket, event = _hashed(b"event", event_id)
    if message_id is None:
        return Fingerprint(bucket, event, "")
    bucket, message = _hashed(b"message", message_id)
    return Fingerprint(bucket, event, message)


def _hashed(kind: bytes, identity: str) -> tuple[int, int]:
    digest = blake2b(identity.encode(), digest_size=10, person=kind).digest()
    bucket, member = _FINGERPRINT.unpack(digest)
    return bucket % _BUCKETS, member
