"""What people decided about what a model asked for leave to do."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

from shared.store.wake import TEMPLATE

if TYPE_CHECKING:
    from shared.model.ids import ConversationId, MessageId, OpenId
    from shared.store.connection import Store
    from shared.store.keys import Keys


class Fate(StrEnum):
    """What became of a decision."""

    DECIDED = "decided"
    LATE = "late"
    """There is no such ask any more, or it was decided before."""

    STRANGER = "stranger"
    """It is not theirs to decide."""


class Decisions:
    """The decisions of every question that waits for some. The first one about an ask counts."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def expect(self, question: MessageId, asker: OpenId, *, seconds: float) -> None:
        """Take decisions about the asks of a question from now on, for so many seconds.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        key = self._keys.decisions(question)
        await self._store.run("expect", [key], [asker, math.ceil(seconds)])

    async def of(self, question: MessageId) -> dict[str, bool]:
        """Return which asks of a question are allowed, and which are not.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        found = await self._store.read_hash(self._keys.decisions(question))
        return {
            ask.decode(): decision == b"allow" for ask, decision in found.items() if ask != b"asker"
        }

    async def decide(
        self,
        question: MessageId,
        conversation: ConversationId,
        ask: str,
        *,
        allow: bool,
        by: OpenId,
        for_others: bool,
    ) -> Fate:
        """Enter a decision; the conversation goes on at once.

        Only who asked the question may decide, unless `for_others`.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        queue = self._keys.queue_of(conversation)
        fate: bytes = await self._store.run(
            "decide",
            [
                self._keys.decisions(question),
                queue.deferred,
                queue.wakes,
                queue.waking,
                self._keys.woken,
            ],
            [
                conversation,
                TEMPLATE,
                queue.name,
                ask,
                "allow" if allow else "deny",
                by,
                int(for_others),
            ],
        )
        return Fate(fate.decode())
