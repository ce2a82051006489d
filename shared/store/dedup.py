"""What the dedup remembers of an id: a bucket and a number in it, 80 bits in 8 bytes of memory.

A set of whole numbers, as long as it has at most 512 of them, is kept by Redis as a sorted array
of 8 bytes each (`set-max-intset-entries`, 512 by default in all versions). So an id is hashed to
80 bits: 16 choose one of 65,536 small sets, 64 are the member. That two ids of a day with a
million events are taken for one another has a chance of one in 10^18 for each new event.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct
from typing import Final

SECONDS: Final = 24 * 3600
"""How long an event is remembered at least; the ladder of redeliveries lasts 7.1 h (facts 2.1)."""

_FINGERPRINT: Final = Struct(">Hq")


def fingerprint(kind: str, identity: str) -> tuple[int, int]:
    """Return bucket and member for an id of any length, whatever it holds."""
    digest = blake2b(identity.encode(), digest_size=10, person=kind.encode()).digest()
    bucket, member = _FINGERPRINT.unpack(digest)
    return bucket, member
