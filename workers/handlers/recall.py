"""`im.message.recalled_v1`: somebody took a message back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.feishu.recalls import read_recall
from shared.model.outcome import Ignored

if TYPE_CHECKING:
    from shared.model.outcome import Outcome
    from shared.store.notices import Notices
    from workers.turn import Turn


class RecallHandler:
    """Has a message answered no more, whether its turn runs or is still to come."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    async def handle(self, turn: Turn) -> Outcome:
        """Stop the answer to the message.

        Raises:
            StoreUnavailable: it is to come again.
            MalformedEvent: it names no message.
        """
        stopped = await self._notices.recall(read_recall(turn.mails[0].payload))
        return Ignored("recall" if stopped else "recall_noted")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for anything."""
