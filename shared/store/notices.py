"""What a running turn is to notice: that somebody asked it to stop, and that mail has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.store import dedup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import ConversationId, MessageId
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.lease import Lease


@dataclass(frozen=True, slots=True)
class Notice:
    """How a turn stands: whether it is to stop, and how many entries its mailbox holds."""

    stop: bool
    mail: int


class Notices:
    """The notices of the turns of chats. What runs for other events cannot be stopped."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def look(self, leases: Sequence[Lease]) -> list[Notice]:
        """Return a notice for each, in one step.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        arguments = [word for lease in leases for word in (lease.conversation, lease.fence)]
        found = await self._store.run(
            "notice", [self._keys.queue("turns").stops, self._keys.mailboxes], arguments
        )
        return [
            Notice(bool(stop), mail) for stop, mail in zip(found[::2], found[1::2], strict=True)
        ]

    async def mail(self, conversation: ConversationId, *, first: int, last: int) -> list[bytes]:
        """Return entries of a mailbox by their places, from 0.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        return await self._store.read_list(self._keys.mailbox(conversation), first, last)

    async def stop(self, conversation: ConversationId, question: MessageId) -> bool:
        """Ask the turn that answers `question` to stop; return whether there is one.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        queue = self._keys.queue_of(conversation)
        stopped = await self._store.run(
            "stop",
            [queue.leases, queue.stops, queue.answering],
            [conversation, question],
        )
        return bool(stopped)

    async def recall(self, message: MessageId) -> bool:
        """Remember for a day that a message was recalled; return whether a turn is to stop for it.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        queue = self._keys.queue("turns")
        stopped = await self._store.run(
            "recall",
            [queue.leases, queue.stops, queue.answering, f"{self._keys.recalled}{message}"],
            [message, dedup.SECONDS],
        )
        return bool(stopped)

    async def recalled(self, messages: Sequence[MessageId]) -> set[MessageId]:
        """Return which of these were recalled.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        found = await self._store.run("recalled", [self._keys.recalled], messages)
        return {
            message for message, is_recalled in zip(messages, found, strict=True) if is_recalled
        }
