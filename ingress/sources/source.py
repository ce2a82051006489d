"""The port between the ways in and the acceptor."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Ack:
    """Our answer to a delivery. `data` is the JSON a callback is answered with; empty for none."""

    code: HTTPStatus
    data: bytes = b""


STORED: Final = Ack(HTTPStatus.OK)
"""Stored for good, or no retry could cure it."""

AGAIN: Final = Ack(HTTPStatus.INTERNAL_SERVER_ERROR)
"""Not stored: the platform is to bring it again."""


class Delivery(NamedTuple):
    """One attempt of the platform to hand us an event.

    `received_at` is the Unix time in seconds at which the whole event was here. `answer` is
    called exactly once, on the event loop; it neither waits nor raises.
    """

    payload: bytes
    trace_id: str
    received_at: float
    answer: Callable[[Ack], None]


class Source(Protocol):
    """A way in."""

    async def run(self, take: Callable[[Delivery], None]) -> None:
        """Hand every delivery to `take`, whatever becomes of the connection.

        Returns after `leave`, once all that was taken is answered and the way is closed.

        Raises:
            ConfigurationError: only a human can mend it.
        """

    def leave(self) -> None:
        """Have `run` take nothing new, and return."""
