"""The port between the ways in and the acceptor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """One attempt of the platform to hand us an event.

    `received_at` is the Unix time in seconds. `answer` sends the ack, whose `code` is 200 for
    "stored for good" (or "no retry could cure it") and 500 for "bring it again".
    """

    payload: bytes
    trace_id: str
    received_at: float
    answer: Callable[[int], Awaitable[None]]


class Source(Protocol):
    """A way in."""

    async def run(self, take: Callable[[Delivery], None]) -> None:
        """Hand every delivery to `take`, for ever, whatever becomes of the connection.

        Raises:
            ConfigurationError: only a human can mend it.
        """
