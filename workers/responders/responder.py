"""The port between a turn and whoever writes its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets, and what the history grows by (in the responder's own format)."""

    text: str
    exchange: bytes


class Responder(Protocol):
    """A mind."""

    async def answer(self, prompt: str, history: Sequence[bytes]) -> Answer:
        """Answer a prompt; `history` holds the exchanges this responder wrote, oldest first.

        Raises:
            ModelUnavailable: later, perhaps.
            ModelRefused: never.
        """
