"""How a turn ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import MessageId


@dataclass(frozen=True, slots=True)
class Replied:
    """The user has the answer. `exchange` is what the history grows by, empty for nothing."""

    message_id: MessageId
    exchange: bytes


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nobody was waiting for an answer."""

    reason: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: the same mail again in `seconds`."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Given up: the mail becomes a dead letter."""

    reason: str


Outcome = Replied | Ignored | Deferred | Abandoned
