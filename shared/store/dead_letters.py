"""Mail that was given up on, kept with its reason."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from shared.store.lease import Begun

FORMAT: Final = 1


def encode(begun: Begun, reason: str) -> bytes:
    """Write a dead letter: a line of JSON about its end, then the mailbox entry as it was."""
    head = orjson.dumps(
        {
            "v": FORMAT,
            "conversation": begun.lease.conversation,
            "reason": reason,
            "attempts": begun.attempt,
            "buried_at": time.time(),
        }
    )
    return head + b"\n" + begun.entry
