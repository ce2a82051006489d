"""What a message has the bot do instead of asking the model: a command, or the team's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from workers.handlers.message_turn import MessageTurn


@dataclass(frozen=True, slots=True)
class Done:
    """An errand is done. `says` is added to its reply; `afresh` forgets what was said so far."""

    says: str = ""
    afresh: bool = False


class Errand(Protocol):
    """Something to do about one message."""

    @property
    def name(self) -> str: ...

    async def run(self, turn: MessageTurn, /) -> Done:
        """Do it. What it replies meanwhile goes through the turn.

        Raises:
            TransientError: the same message is to come again.
            PermanentError: it is to become a dead letter.
        """
