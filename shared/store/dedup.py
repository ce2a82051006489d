"""What the dedup remembers of an id: a bucket and a number in it, 78 bits in 8 bytes of memory.

A set of whole numbers, as long as it has at most 512 of them, is kept by Redis as a sorted array
of 8 bytes each (`set-max-intset-entries`, 512 by default in all versions). So an id is hashed:
14 bits choose one of 16,384 small sets, 64 are the member. On a day with a million messages (two
ids each: 122 members a set) a new id is taken for a known one once in 10^17 times. From about four
million messages a day on, the sets grow out of this form, and an id costs about 45 bytes.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct
from typing import Final

SECONDS: Final = 24 * 3600
"""How long an event is remembered at least; the ladder of redeliveries lasts 7.1 h (facts 2.1)."""

_FINGERPRINT: Final = Struct(">Hq")
_BUCKETS: Final = 16_384


def fingerprint(kind: str, identity: str) -> tuple[int, int]:
    """Return bucket and member for an id of any length, whatever it holds."""
    digest = blake2b(identity.encode(), digest_size=10, person=kind.encode()).digest()
    bucket, member = _FINGERPRINT.unpack(digest)
    return bucket % _BUCKETS, member
