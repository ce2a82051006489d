"""The port between a turn and what is done about a kind of event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.model.outcome import Outcome
    from workers.turn import Turn


class Handler(Protocol):
    """Code for one kind of event."""

    async def handle(self, turn: Turn, /) -> Outcome:
        """Do what the turn's mail asks for, or say why not.

        Raises:
            TransientError: the same mail is to come again.
            PermanentError: it is to become a dead letter.
        """

    async def apologise(self, turn: Turn, /) -> None:
        """Tell whoever waits that the mail was given up, if that can be had.

        Raises:
            LeaseLost, StoreUnavailable: and nothing else.
        """
