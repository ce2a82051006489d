"""The drafts of replies under way. They end with the turn that settles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.errors import LeaseLost
from shared.model.draft import Draft
from shared.model.ids import CardId, MessageId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.lease import Lease


class Drafts:
    """The draft of every conversation that has one."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def keep(self, lease: Lease, draft: Draft, *, question: MessageId) -> None:
        """Keep a draft of the reply to `question`, as far as it has got.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        kept = await self._store.run(
            "keep",
            [
                self._keys.queue_of(lease.conversation).leases,
                self._keys.draft(lease.conversation),
            ],
            [lease.conversation, lease.fence, *fields(draft, question)],
        )
        if not kept:
            raise LeaseLost


def fields(draft: Draft, question: MessageId) -> list[str | bytes]:
    """Return what is kept of a draft: field, value, ..."""
    return [
        *("card", draft.card or ""),
        *("message", draft.message or ""),
        *("answer", draft.answer),
        *("question", question),
    ]


def decode(answer: Sequence[bytes]) -> Draft:
    """Read a draft out of Redis' answer: field, value, ..."""
    kept = dict(zip(answer[::2], answer[1::2], strict=True))
    card, message = (kept.get(name, b"").decode() for name in (b"card", b"message"))
    return Draft(
        card=CardId(card) if card else None,
        message=MessageId(message) if message else None,
        answer=kept.get(b"answer", b""),
        generation=int(kept.get(b"generation", 0)),
    )
