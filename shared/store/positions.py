"""Who waits in the queue for long, and how many are ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.errors import LeaseLost
from shared.model.ids import ConversationId
from shared.store.drafts import SECONDS, fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.draft import Draft
    from shared.model.ids import MessageId
    from shared.store.connection import Store
    from shared.store.keys import Keys

_LOOK_AT: Final = 1000
"""Conversations from the head of the queue; who is further back is told when they have moved up."""


@dataclass(frozen=True, slots=True)
class Position:
    """A conversation that waits, how many are ahead of it, and the mail it waits with."""

    conversation: ConversationId
    ahead: int
    entries: Sequence[bytes]


class Positions:
    """The positions of the chats that wait for a turn."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._queue = keys.queue("turns")

    async def overdue(self, seconds: float, *, mail: int) -> list[Position]:
        """Return who has waited for so many seconds, each once until its turn has begun.

        With `mail` so many entries at most.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        found = await self._store.run(
            "position",
            [
                self._queue.waking,
                self._queue.told,
                self._keys.mailboxes,
            ],
            [int(seconds * 1000), _LOOK_AT, mail],
        )
        return [
            Position(ConversationId(name.decode()), ahead, entries)
            for name, ahead, entries in found
        ]

    async def reserve(
        self, conversation: ConversationId, draft: Draft, *, question: MessageId
    ) -> None:
        """Keep a first draft of the reply to `question`, before its turn begins.

        Raises:
            LeaseLost: the turn has begun, and nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        reserved = await self._store.run(
            "reserve",
            [self._queue.waking, self._keys.draft(question)],
            [conversation, SECONDS, *fields(draft)],
        )
        if not reserved:
            raise LeaseLost
