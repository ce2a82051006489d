"""One attempt to hand the app an event, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from simulator.events.event import Event
    from simulator.gateway.deliveries import Delivery


class Failure(StrEnum):
    """Why an attempt failed, as far as the user of a callback is told apart."""

    NO_ROUTE = "nobody to tell"
    UNREACHABLE = "unreachable"
    TOO_LATE = "too late"
    REFUSED = "refused"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Accepted if there is no `error`; `answer` is what a callback was answered with."""

    error: str | None = None
    failure: Failure | None = None
    answer: dict[str, Any] | None = None


ACCEPTED = Outcome()


@dataclass(slots=True, eq=False)
class Flight:
    """Whoever carries it calls `settle` exactly once."""

    event: Event
    delivery: Delivery
    settle: Callable[[Flight, Outcome], None]
    heard: asyncio.Future[Outcome] | None = None
    deadline: float = 0.0

    def fail(self, failure: Failure, error: str) -> None:
        self.settle(self, Outcome(error, failure))


class Route(Protocol):
    """A way to the app."""

    @property
    def name(self) -> str: ...

    @property
    def open(self) -> bool:
        """Whether anybody is there to be told."""

    def carry(self, flight: Flight) -> None:
        """Hand the event over; never waits, and never raises for what the app does."""
