"""How a turn ended.

A turn is about the mail it took, all of it, unless its outcome says that it is `done` with fewer
entries: then the others come again at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import HistoryId, MessageId


@dataclass(frozen=True, slots=True)
class Replied:
    """The user has the answer. `exchanges` are what the history grows by.

    That is the conversation's own history unless another one is named; `afresh` forgets what was
    there before.
    """

    message_id: MessageId
    exchanges: tuple[bytes, ...] = ()
    done: int | None = None
    history: HistoryId | None = None
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nobody was waiting for an answer, or nobody is any more."""

    reason: str
    done: int | None = None


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: the same mail again in `seconds`; an attempt, unless nothing was tried."""

    seconds: float
    reason: str
    tried: bool = True


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Given up: the mail becomes a dead letter."""

    reason: str
    done: int | None = None


Outcome = Replied | Ignored | Deferred | Abandoned
