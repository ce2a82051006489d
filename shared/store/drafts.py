"""The drafts of replies under way, by the question. They end with the turn that settles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.errors import LeaseLost
from shared.model.draft import Draft
from shared.model.ids import CardId, MessageId
from shared.store import dedup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.lease import Lease

SECONDS: Final = 2 * dedup.SECONDS
"""How long a draft is kept; a dead letter that is replayed within that goes on with it."""


class Drafts:
    """The draft of every reply that has one."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def adopt(self, lease: Lease, question: MessageId) -> Draft:
        """Say that this turn answers `question`; return what earlier turns have of the answer.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        queue = self._keys.queue_of(lease.conversation)
        kept = await self._store.run(
            "adopt",
            [queue.leases, queue.answering, self._keys.draft(question)],
            [lease.conversation, lease.fence, question],
        )
        if kept is None:
            raise LeaseLost
        return _decoded(kept)

    async def keep(self, lease: Lease, draft: Draft, *, question: MessageId) -> None:
        """Keep a draft of the reply to `question`, as far as it has got.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        kept = await self._store.run(
            "keep",
            [self._keys.queue_of(lease.conversation).leases, self._keys.draft(question)],
            [lease.conversation, lease.fence, SECONDS, *fields(draft)],
        )
        if not kept:
            raise LeaseLost


def fields(draft: Draft) -> list[str | bytes]:
    """Return what is kept of a draft: field, value, ..."""
    return [
        *("card", ",".join(draft.cards)),
        *("message", ",".join(draft.messages)),
        *("answer", draft.answer),
    ]


def _decoded(answer: Sequence[bytes]) -> Draft:
    """Read a draft out of Redis' answer: field, value, ..."""
    kept = dict(zip(answer[::2], answer[1::2], strict=True))
    cards, messages = (kept.get(name, b"").decode() for name in (b"card", b"message"))
    return Draft(
        cards=tuple(CardId(card) for card in cards.split(",") if card),
        messages=tuple(MessageId(message) for message in messages.split(",") if message),
        answer=kept.get(b"answer", b""),
        generation=int(kept.get(b"generation", 0)),
    )
